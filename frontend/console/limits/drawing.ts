// How a row and its cells are drawn.
import { shown } from "./cells";
import type { Column } from "./columns";
import { isMany, isWithin, type Range, type Spot } from "./spots";

/** How a cell is. */
export interface CellState {
  readonly text: string;
  /** What it was in the version that the draft is based on; null if it is as it was. */
  readonly was: string | null;
  readonly fault: string | null;
}

export interface RowState {
  readonly mark: "new" | "changed" | "conflict" | null;
  readonly denies: boolean;
}

const MARKS = { new: "new row", changed: "changed", conflict: "has a conflict" } as const;

/** A row of nothing yet: its place in order, and how far down it stands, in px. */
export function newRow(place: number, top: number): HTMLElement {
  const row = document.createElement("div");
  row.className = "tabulator-row";
  row.setAttribute("role", "row");
  row.setAttribute("aria-rowindex", String(place + 2));
  row.style.insetBlockStart = `${top}px`;
  return row;
}

/** A cell of a column, whatever its row: from where, in px, and how wide. */
export function newCell(column: Column, place: number, isFrozen: boolean, left: number, width: number): HTMLElement {
  const cell = document.createElement("div");
  cell.className = "tabulator-cell";
  cell.classList.toggle("tabulator-frozen", isFrozen);
  cell.classList.toggle("is-figure", isFigure(column));
  cell.setAttribute("role", "gridcell");
  cell.setAttribute("aria-colindex", String(place + 1));
  cell.tabIndex = -1;
  cell.dataset["form"] = column.form;
  cell.dataset["column"] = column.key;
  cell.style.insetInlineStart = `${left}px`;
  cell.style.inlineSize = `${width}px`;
  return cell;
}

export function drawRow(row: HTMLElement, key: string, state: RowState): void {
  setData(row, "row", key);
  setData(row, "mark", state.mark);
  setData(row, "denies", state.denies ? "true" : null);
}

export function drawCell(cell: HTMLElement, column: Column, state: CellState, row: RowState): void {
  const text = shown(column, state.text);
  if (cell.textContent !== text) cell.textContent = text;
  if (column.form === "text" || column.form === "several") cell.title = text;
  setData(cell, "empty", state.text === "" ? "true" : null);
  setData(cell, "changed", state.was === null || row.mark === "new" ? null : "true");
  setData(cell, "fault", state.fault === null ? null : "true");
  setAttribute(cell, "aria-invalid", state.fault === null ? null : "true");
  const said = [state.fault, state.was === null ? null : `was ${shown(column, state.was) || "empty"}`].filter(Boolean);
  if (column.form === "key" && row.mark !== null) said.push(MARKS[row.mark]);
  setAttribute(cell, "aria-description", said.length > 0 ? said.join("; ") : null);
}

/** Say of each cell of a row, by the place of its column, whether the cursor is there and whether it is selected. */
export function markRow(cells: ReadonlyMap<number, HTMLElement>, row: number, cursor: Spot, range: Range): void {
  const many = isMany(range);
  for (const [column, cell] of cells) {
    const isCursor = row === cursor.row && column === cursor.column;
    const tab = isCursor ? 0 : -1;
    if (cell.tabIndex !== tab) cell.tabIndex = tab;
    cell.toggleAttribute("data-cursor", isCursor);
    setAttribute(cell, "aria-selected", many && isWithin(range, { row, column }) ? "true" : null);
  }
}

/** Which cells of a row are marked: a text that is another whenever they are. */
export function marksIn(row: number, cursor: Spot, range: Range): string {
  const isSelected = row >= range.rows[0] && row <= range.rows[1] && isMany(range);
  return `${row === cursor.row ? cursor.column : ""} ${isSelected ? range.columns.join("-") : ""}`;
}

/** What stands above a column. */
export function heading(column: Column): HTMLElement {
  const name = document.createElement("span");
  name.textContent = column.name;
  name.title = column.key;
  name.className = "heading";
  if (column.group) name.dataset["group"] = column.group;
  return name;
}

export function isFigure(column: Column | undefined): boolean {
  return column?.form === "amount" || column?.form === "number";
}

function setData(element: HTMLElement, name: string, value: string | null): void {
  setAttribute(element, `data-${name}`, value);
}

function setAttribute(element: HTMLElement, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
