// How a row and its cells are drawn into the elements that Tabulator made.
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

/** The cells of a row, in the order of the columns. */
export function cellsOf(row: Element): HTMLElement[] {
  return [...row.children].filter((one): one is HTMLElement => one instanceof HTMLElement && one.classList.contains("tabulator-cell"));
}

export function drawRow(row: HTMLElement, key: string, place: number, state: RowState): void {
  row.setAttribute("aria-rowindex", String(place + 2));
  setData(row, "row", key);
  setData(row, "mark", state.mark);
  setData(row, "denies", state.denies ? "true" : null);
}

export function drawCell(cell: HTMLElement, at: number, column: Column, state: CellState, row: RowState): void {
  const isEmpty = state.text === "";
  cell.setAttribute("aria-colindex", String(at + 1));
  cell.textContent = shown(column, state.text);
  cell.title = column.form === "text" || column.form === "several" ? cell.textContent : "";
  cell.classList.toggle("is-figure", isFigure(column));
  setData(cell, "empty", isEmpty ? "true" : null);
  setData(cell, "form", column.form);
  setData(cell, "changed", state.was === null || row.mark === "new" ? null : "true");
  setData(cell, "fault", state.fault === null ? null : "true");
  if (state.fault === null) cell.removeAttribute("aria-invalid");
  else cell.setAttribute("aria-invalid", "true");
  const said = [state.fault, state.was === null ? null : `was ${shown(column, state.was) || "empty"}`].filter(Boolean);
  if (column.form === "key" && row.mark !== null) said.push(MARKS[row.mark]);
  if (said.length > 0) cell.setAttribute("aria-description", said.join("; "));
  else cell.removeAttribute("aria-description");
}

/** Say of each cell of a row whether the cursor is there, and whether it is selected. */
export function markRow(element: Element, row: number, cursor: Spot, range: Range): void {
  const many = isMany(range);
  for (const [column, cell] of cellsOf(element).entries()) {
    const isCursor = row === cursor.row && column === cursor.column;
    cell.tabIndex = isCursor ? 0 : -1;
    cell.toggleAttribute("data-cursor", isCursor);
    if (many && isWithin(range, { row, column })) cell.setAttribute("aria-selected", "true");
    else cell.removeAttribute("aria-selected");
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
  if (value === null) delete element.dataset[name];
  else element.dataset[name] = value;
}
