// The rows and cells that are in view, and no others: of 5,000 rows with 44 columns some 300 cells.
import type { Column } from "./columns";
import { type CellState, drawCell, drawRow, markRow, marksIn, newCell, newRow, type RowState } from "./drawing";
import { isSameList } from "./lists";
import type { Range, Spot } from "./spots";
import { edgesOf, scrolledTo, type Window, windowBetween, windowOf } from "./window";

const ROW = 33; // px
// What is drawn beyond the view, so that a scroll finds it drawn: px.
const BEYOND = 8 * ROW;
const BESIDE = 240;

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

export const NOTHING: Shown = {
  columns: [],
  frozen: 0,
  keys: [],
  cell: () => ({ text: "", was: null, fault: null }),
  row: () => ({ mark: null, denies: false }),
  of: () => [],
};

/** A row as it is drawn. */
interface Drawn {
  readonly element: HTMLElement;
  /** Its cells by the place of their column. */
  readonly cells: Map<number, HTMLElement>;
  /** What it was drawn of. */
  of: readonly unknown[];
  /** Which columns, beside those that stay, and what is marked in them. */
  columns: Window;
  marks: string;
}

export class Body {
  #shown: Shown = NOTHING;
  #edges: readonly number[] = [0];
  /** A cell of each column, to be copied. */
  #models: readonly HTMLElement[] = [];
  readonly #rows = new Map<number, Drawn>();

  constructor(
    /** What scrolls. */
    private readonly holder: HTMLElement,
    /** What holds the rows. */
    private readonly at: HTMLElement,
  ) {
    at.style.setProperty("--row-height", `${ROW}px`);
  }

  /** Take other rows or columns, whose widths are in px; nothing is drawn yet. */
  take(shown: Shown, widths: readonly number[]): void {
    const edges = edgesOf(widths);
    if (shown.columns !== this.#shown.columns || shown.frozen !== this.#shown.frozen || !isSameList(edges, this.#edges)) {
      this.#edges = edges;
      this.#models = shown.columns.map((column, place) => newCell(column, place, place < shown.frozen, edges[place] ?? 0, widths[place] ?? 0));
      this.#models[shown.frozen - 1]?.classList.add("tabulator-frozen-left"); // the edge under which the others go
      this.#clear();
    }
    this.#shown = shown;
    this.at.style.inlineSize = `${edges.at(-1) ?? 0}px`;
    this.at.style.blockSize = `${shown.keys.length * ROW}px`;
  }

  /** Draw what is in view and has changed since it was drawn, with the cursor and what is selected. */
  draw(cursor: Spot, range: Range): void {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.holder;
    const { keys, frozen } = this.#shown;
    const [first, last] = windowOf(keys.length, ROW, scrollTop - BEYOND, scrollTop + clientHeight + BEYOND);
    const kept = this.#edges[frozen] ?? 0;
    const columns = windowBetween(this.#edges, frozen, scrollLeft + kept - BESIDE, scrollLeft + clientWidth + BESIDE);
    for (const [place, { element }] of this.#rows) {
      if (place >= first && place <= last) continue;
      element.remove();
      this.#rows.delete(place);
    }
    let after: Element | null = this.at.firstElementChild;
    for (let place = first; place <= last; place += 1) {
      const drawn = this.#rows.get(place) ?? this.#begun(place, after);
      this.#drawRow(drawn, place, columns, cursor, range);
      after = drawn.element.nextElementSibling;
    }
  }

  /** The element of a cell, if it is drawn. */
  element({ row, column }: Spot): HTMLElement | null {
    return this.#rows.get(row)?.cells.get(column) ?? null;
  }

  /** Scroll so that a cell is in view: a near one to the edge, a far row to the middle. */
  reveal({ row, column }: Spot): void {
    const { holder } = this;
    const room = holder.clientHeight;
    const top = scrolledTo(row * ROW, (row + 1) * ROW, holder.scrollTop, room);
    const isFar = Math.abs(top - holder.scrollTop) > room;
    holder.scrollTop = isFar ? row * ROW - (room - ROW) / 2 : top;
    const { frozen } = this.#shown;
    if (column < frozen) return;
    const kept = this.#edges[frozen] ?? 0;
    const [left = 0, right = 0] = this.#edges.slice(column, column + 2);
    holder.scrollLeft = scrolledTo(left - kept, right - kept, holder.scrollLeft, holder.clientWidth - kept);
  }

  #begun(place: number, before: Element | null): Drawn {
    const drawn: Drawn = { element: newRow(place, place * ROW), cells: new Map(), of: [], columns: [0, -1], marks: "" };
    this.at.insertBefore(drawn.element, before);
    this.#rows.set(place, drawn);
    return drawn;
  }

  /** Draw a row that changed; of one that did not, only the cells that came into view. */
  #drawRow(drawn: Drawn, place: number, columns: Window, cursor: Spot, range: Range): void {
    const key = this.#shown.keys[place] ?? "";
    const of = [key, ...this.#shown.of(key)];
    const marks = marksIn(place, cursor, range);
    const fresh = isSameList(drawn.columns, columns) ? NO_CELLS : this.#lay(drawn, columns);
    const isOther = !isSameList(drawn.of, of);
    const stale = isOther ? drawn.cells : fresh;
    if (stale.size > 0) {
      const state = this.#shown.row(key);
      if (isOther) drawRow(drawn.element, key, state);
      for (const [at, cell] of stale) {
        const column = this.#shown.columns[at];
        if (column !== undefined) drawCell(cell, column, this.#shown.cell(key, column), state);
      }
    }
    markRow(drawn.marks === marks ? fresh : drawn.cells, place, cursor, range);
    Object.assign(drawn, { of, columns, marks });
  }

  /** Put the cells of these columns into a row, and of those that stay; gives those that were not there. */
  #lay({ element, cells }: Drawn, [first, last]: Window): ReadonlyMap<number, HTMLElement> {
    const { frozen } = this.#shown;
    for (const [at, cell] of cells) {
      if (at < frozen || (at >= first && at <= last)) continue;
      cell.remove();
      cells.delete(at);
    }
    const fresh = new Map<number, HTMLElement>();
    let after = element.firstElementChild;
    for (const at of [...Array(frozen).keys(), ...between(first, last)]) {
      let cell = cells.get(at);
      if (cell === undefined) {
        cell = this.#models[at]?.cloneNode() as HTMLElement;
        element.insertBefore(cell, after);
        cells.set(at, cell);
        fresh.set(at, cell);
      }
      after = cell.nextElementSibling;
    }
    return fresh;
  }

  #clear(): void {
    this.at.replaceChildren();
    this.#rows.clear();
  }
}

const NO_CELLS: ReadonlyMap<number, HTMLElement> = new Map();

function* between(first: number, last: number): Iterable<number> {
  for (let at = first; at <= last; at += 1) yield at;
}
