// The table on the screen: Tabulator draws the rows that are in view; the cursor is ours, one cell
// that has the focus, and with it all that keyboards and screen readers need.
import { signal } from "@preact/signals";
import { FormatModule, FrozenColumnsModule, ResizeColumnsModule, ResizeTableModule, Tabulator } from "tabulator-tables";
import type { Column } from "./columns";
import { cellsOf, type CellState, drawCell, drawRow, heading, isFigure, markRow, marksIn, type RowState } from "./drawing";
import { askedBy } from "./keyboard";
import { isSameList } from "./lists";
import { nearest, type Range, rangeOf, type Spot } from "./spots";

Tabulator.registerModule([FormatModule, FrozenColumnsModule, ResizeColumnsModule, ResizeTableModule]);

const ROW = 33; // px

export interface Shown {
  readonly columns: readonly Column[];
  /** How many columns at the left stay when the others scroll. */
  readonly frozen: number;
  /** Keys of the rows, in order. */
  readonly keys: readonly string[];
  cell(row: string, column: Column): CellState;
  row(row: string): RowState;
  /** All that the drawing of a row rests on: while it is the same, the row is drawn already. */
  of(row: string): readonly unknown[];
}

/** What the keyboard and the pointer ask for. */
export interface Wishes {
  edit(spot: Spot, typed: string | null): void;
  empty(range: Range): void;
  undo(): void;
  redo(): void;
  form(): void;
}

export class Grid {
  readonly cursor = signal<Spot>({ row: 0, column: 0 });
  readonly ready: Promise<void>;
  #anchor: Spot = { row: 0, column: 0 };
  #shown: Shown = { columns: [], frozen: 0, keys: [], cell: () => EMPTY, row: () => ({ mark: null, denies: false }), of: () => [] };
  #places = new Map<string, number>();
  #drawn = new WeakMap<Element, Drawn>();
  #hadFocus = false;
  #isHeld = false;
  readonly #table: Tabulator;
  readonly #watch: MutationObserver;

  constructor(
    private readonly at: HTMLElement,
    name: string,
    private readonly wishes: Wishes,
  ) {
    this.#table = new Tabulator(at, {
      index: "id",
      height: "100%",
      layout: "fitData",
      rowHeight: ROW,
      renderVerticalBuffer: 10 * ROW,
      columnDefaults: { resizable: "header", minWidth: 48 },
      columns: [],
      data: [],
      rowFormatter: (row) => void KEYS.set(row.getElement(), (row.getData() as { id: string }).id),
      placeholder: "No row fits these filters.",
    });
    this.#table.on("columnResized", () => this.#tellWidth());
    at.style.setProperty("--row-height", `${ROW}px`);
    at.setAttribute("aria-label", name);
    at.setAttribute("aria-multiselectable", "true");
    this.#watch = new MutationObserver(() => this.#redraw());
    this.ready = new Promise((resolve) =>
      this.#table.on("tableBuilt", () => {
        // Between a grid and its rows nothing may have the focus.
        this.#holder().removeAttribute("tabindex");
        this.#holder().setAttribute("role", "presentation");
        const body = at.querySelector(".tabulator-table");
        if (body) this.#watch.observe(body, { childList: true });
        resolve();
      }),
    );
    at.addEventListener("keydown", (event) => this.#pressed(event));
    at.addEventListener("pointerdown", (event) => this.#pointed(event));
    at.addEventListener("pointermove", (event) => event.buttons === 1 && this.#dragged(event));
    at.addEventListener("dblclick", (event) => this.#spotAt(event.target) && wishes.edit(this.cursor.peek(), null));
    at.addEventListener("focusin", (event) => event.target === at && !this.#isHeld && void this.focus());
  }

  /** Show other rows or columns; the cursor stays in its row, or as near as it can. */
  async show(next: Shown): Promise<void> {
    await this.ready;
    const before = this.#shown;
    const key = before.keys[this.cursor.peek().row];
    const held = this.at.contains(document.activeElement);
    this.#shown = next;
    this.#places = new Map(next.keys.map((one, place) => [one, place]));
    this.at.setAttribute("aria-rowcount", String(next.keys.length + 1));
    this.at.setAttribute("aria-colcount", String(next.columns.length));
    if (!sameColumns(before, next)) {
      this.#table.setColumns(next.columns.map((column, place) => this.#definition(column, place)));
      this.#tellWidth();
    }
    if (!isSameList(before.keys, next.keys)) {
      await this.#table.replaceData(next.keys.map((id) => ({ id })));
      const place = (key === undefined ? undefined : this.#places.get(key)) ?? this.cursor.peek().row;
      this.#put(this.#within({ ...this.cursor.peek(), row: place }));
    } else this.#put(this.#within(this.cursor.peek()));
    this.#head();
    this.#redraw();
    if (held && !this.at.contains(document.activeElement)) await this.focus();
  }

  /** Draw again what is in view and has changed. */
  refresh(): void {
    this.#redraw();
  }

  /** The cells that are selected: at least the one with the cursor. */
  get range(): Range {
    return rangeOf(this.cursor.peek(), this.#anchor);
  }

  /** Bring the cursor somewhere, into view, with the focus. */
  async go(spot: Spot, extend = false): Promise<void> {
    this.#put(this.#within(spot), extend);
    this.#redraw();
    await this.focus();
  }

  /** Give the focus to the cell with the cursor. */
  async focus(): Promise<void> {
    await this.ready;
    const key = this.#shown.keys[this.cursor.peek().row];
    if (key === undefined) return this.at.focus();
    this.#scrollAcross();
    if (!this.#isInView(this.cursor.peek().row)) {
      await this.#table.scrollToRow(key, "center", true).catch(() => undefined);
      this.#redraw();
    }
    this.element(this.cursor.peek())?.focus({ preventScroll: true });
  }

  /** The element of a cell, if it is drawn. */
  element({ row, column }: Spot): HTMLElement | null {
    const place = `[aria-rowindex="${row + 2}"] > [aria-colindex="${column + 1}"]`;
    return this.at.querySelector<HTMLElement>(`.tabulator-table > ${place}`);
  }

  end(): void {
    this.#watch.disconnect();
    this.#table.destroy();
  }

  #definition(column: Column, place: number) {
    return {
      field: column.key,
      title: "", // it would be read as markup
      width: column.width,
      frozen: place < this.#shown.frozen,
      titleFormatter: () => heading(column) as unknown as string,
      formatter: () => "",
    };
  }

  #tellWidth(): void {
    const width = this.#table.getColumns().reduce((sum, column) => sum + column.getWidth(), 0);
    this.at.style.setProperty("--sheet-width", `${width}px`);
  }

  /** What Tabulator leaves out of headings. */
  #head(): void {
    const row = this.at.querySelector(".tabulator-headers");
    row?.setAttribute("aria-rowindex", "1");
    this.at.querySelectorAll(".tabulator-headers > [role=columnheader]").forEach((one, place) => {
      one.setAttribute("aria-colindex", String(place + 1));
      one.removeAttribute("aria-sort");
      one.classList.toggle("is-figure", isFigure(this.#shown.columns[place]));
    });
    this.at.removeAttribute("aria-owns");
  }

  /** Draw every row in view that has changed since it was drawn, and mark the cursor's cell. */
  #redraw(): void {
    const { range } = this;
    const cursor = this.cursor.peek();
    for (const element of this.at.querySelectorAll<HTMLElement>(".tabulator-table > .tabulator-row")) {
      const key = KEYS.get(element);
      const row = key === undefined ? undefined : this.#places.get(key);
      if (key === undefined || row === undefined) continue;
      const of = [row, this.#shown.columns, ...this.#shown.of(key)];
      const marks = marksIn(row, cursor, range);
      const drawn = this.#drawn.get(element);
      const isNew = drawn === undefined || !isSameList(drawn.of, of);
      if (isNew) this.#drawRow(element, key, row);
      if (isNew || drawn.marks !== marks) markRow(element, row, cursor, range);
      this.#drawn.set(element, { of, marks });
    }
    // Where the cursor's row is not drawn, the focus has another way in.
    const isDrawn = this.element(cursor) !== null;
    this.at.tabIndex = isDrawn ? -1 : 0;
    if (!isDrawn && document.activeElement === document.body && this.#hadFocus) this.#hold();
    this.#hadFocus = this.at.contains(document.activeElement);
  }

  /** Keep the focus while the cursor's row is out of view; the next key brings it back. */
  #hold(): void {
    this.#isHeld = true;
    this.at.focus({ preventScroll: true });
    this.#isHeld = false;
  }

  #drawRow(element: HTMLElement, key: string, place: number): void {
    const state = this.#shown.row(key);
    drawRow(element, key, place, state);
    for (const [at, cell] of cellsOf(element).entries()) {
      const column = this.#shown.columns[at];
      if (column !== undefined) drawCell(cell, at, column, this.#shown.cell(key, column), state);
    }
  }

  #pressed(event: KeyboardEvent): void {
    const last = { row: this.#shown.keys.length - 1, column: this.#shown.columns.length - 1 };
    const asked = askedBy(event, this.cursor.peek(), last);
    if (asked === null) return;
    event.preventDefault();
    switch (asked.kind) {
      case "go":
        return void this.go(asked.to, event.shiftKey);
      case "edit":
        return this.wishes.edit(this.cursor.peek(), asked.typed);
      case "empty":
        return this.wishes.empty(this.range);
      case "all":
        this.#anchor = { row: 0, column: 0 };
        return void this.go(last, true);
      default:
        return this.wishes[asked.kind]();
    }
  }

  #pointed(event: PointerEvent): void {
    const spot = this.#spotAt(event.target);
    if (spot === null || event.button !== 0) return;
    event.preventDefault();
    void this.go(spot, event.shiftKey);
  }

  #dragged(event: PointerEvent): void {
    const spot = this.#spotAt(event.target);
    const { row, column } = this.cursor.peek();
    if (spot !== null && (spot.row !== row || spot.column !== column)) void this.go(spot, true);
  }

  #spotAt(target: EventTarget | null): Spot | null {
    const cell = target instanceof Element ? target.closest(".tabulator-table .tabulator-cell") : null;
    const row = Number(cell?.parentElement?.getAttribute("aria-rowindex") ?? 0) - 2;
    const column = Number(cell?.getAttribute("aria-colindex") ?? 0) - 1;
    return row >= 0 && column >= 0 ? { row, column } : null;
  }

  #put(spot: Spot, extend = false): void {
    if (!extend) this.#anchor = spot;
    this.cursor.value = spot;
  }

  #within(spot: Spot): Spot {
    return nearest(spot, this.#shown.keys.length, this.#shown.columns.length);
  }

  /** Bring a row near enough by scrolling, or say that it is too far for that. */
  #isInView(row: number): boolean {
    const holder = this.#holder();
    const top = row * ROW;
    const room = holder.clientHeight;
    if (top < holder.scrollTop) {
      if (holder.scrollTop - top > room) return false;
      holder.scrollTop = top;
    } else if (top + ROW > holder.scrollTop + room) {
      if (top - holder.scrollTop - room > room) return false;
      holder.scrollTop = top + ROW - room;
    }
    return this.element(this.cursor.peek()) !== null;
  }

  #scrollAcross(): void {
    const { column } = this.cursor.peek();
    const { columns, frozen } = this.#shown;
    if (column < frozen) return;
    const headers = [...this.at.querySelectorAll<HTMLElement>(".tabulator-headers > [role=columnheader]")];
    const width = (from: number, to: number) => headers.slice(from, to).reduce((sum, one) => sum + one.offsetWidth, 0);
    const [kept, left, own] = [width(0, frozen), width(0, column), width(column, column + 1)];
    if (columns.length === 0) return;
    const holder = this.#holder();
    if (left - kept < holder.scrollLeft) holder.scrollLeft = left - kept;
    else if (left + own > holder.scrollLeft + holder.clientWidth) holder.scrollLeft = left + own - holder.clientWidth;
  }

  #holder(): HTMLElement {
    return this.at.querySelector<HTMLElement>(".tabulator-tableholder") ?? this.at;
  }
}

const EMPTY: CellState = { text: "", was: null, fault: null };

/** What a row was drawn of, and what was marked in it. */
interface Drawn {
  readonly of: readonly unknown[];
  readonly marks: string;
}
// Whose an element is: Tabulator keeps it as long as the row.
const KEYS = new WeakMap<Element, string>();

function sameColumns(before: Shown, next: Shown): boolean {
  return before.frozen === next.frozen && isSameList(before.columns.map((one) => one.key), next.columns.map((one) => one.key));
}
