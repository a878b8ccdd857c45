// The table on the screen: the cursor, one cell that has the focus, and with it all that keyboards and
// screen readers need.
import { signal } from "@preact/signals";
import { Body, NOTHING, type Shown } from "./body";
import { Headings } from "./headings";
import { askedBy } from "./keyboard";
import { isSameList } from "./lists";
import { nearest, type Range, rangeOf, type Spot } from "./spots";

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
  #shown: Shown = NOTHING;
  #isHeld = false;
  #body: Body | null = null;
  readonly #headings: Headings;
  readonly #size = new ResizeObserver(() => this.#draw());

  constructor(
    private readonly at: HTMLElement,
    name: string,
    private readonly wishes: Wishes,
  ) {
    this.#headings = new Headings(at, () => this.#lay());
    this.ready = this.#headings.ready.then(() => {
      const { holder, body } = this.#headings;
      this.#body = new Body(holder, body);
      holder.addEventListener("scroll", () => this.#draw(), { passive: true });
      this.#size.observe(holder);
    });
    at.setAttribute("aria-label", name);
    at.setAttribute("aria-multiselectable", "true");
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
    const spot = this.cursor.peek();
    const key = before.keys[spot.row];
    const hadCell = this.element(spot) !== null && this.element(spot) === document.activeElement;
    this.#shown = next;
    this.at.setAttribute("aria-rowcount", String(next.keys.length + 1));
    this.at.setAttribute("aria-colcount", String(next.columns.length));
    if (!isHeadedAlike(before, next)) this.#headings.show(next.columns, next.frozen);
    // Most often the row stands where it stood.
    const place = key === undefined || next.keys[spot.row] === key ? spot.row : next.keys.indexOf(key);
    this.#put(this.#within(place === -1 ? spot : { ...spot, row: place }));
    this.#lay();
    if (hadCell && this.element(this.cursor.peek()) !== document.activeElement) await this.focus();
  }

  /** Draw again what is in view and has changed. */
  refresh(): void {
    this.#draw();
  }

  /** The cells that are selected: at least the one with the cursor. */
  get range(): Range {
    return rangeOf(this.cursor.peek(), this.#anchor);
  }

  /** Bring the cursor somewhere, into view, with the focus. */
  async go(spot: Spot, extend = false): Promise<void> {
    this.#put(this.#within(spot), extend);
    await this.focus();
  }

  /** Give the focus to the cell with the cursor. */
  async focus(): Promise<void> {
    await this.ready;
    if (this.#shown.keys.length === 0) return this.at.focus();
    this.#body?.reveal(this.cursor.peek());
    this.#draw();
    this.element(this.cursor.peek())?.focus({ preventScroll: true });
  }

  /** The element of a cell, if it is drawn. */
  element(spot: Spot): HTMLElement | null {
    return this.#body?.element(spot) ?? null;
  }

  end(): void {
    this.#size.disconnect();
    this.#headings.end();
  }

  /** The columns are as wide as their headings. */
  #lay(): void {
    const hadFocus = this.#hasFocus;
    this.#body?.take(this.#shown, this.#headings.widths);
    this.#draw(hadFocus);
  }

  #draw(hadFocus = this.#hasFocus): void {
    const cursor = this.cursor.peek();
    this.#body?.draw(cursor, this.range);
    const cell = this.element(cursor);
    // Where the cursor's cell is not drawn, the focus has another way in.
    this.at.tabIndex = cell === null ? 0 : -1;
    if (!hadFocus || this.#hasFocus) return;
    if (cell === null) this.#hold();
    else cell.focus({ preventScroll: true });
  }

  get #hasFocus(): boolean {
    return this.at.contains(document.activeElement);
  }

  /** Keep the focus while the cursor's cell is out of view; the next key brings it back. */
  #hold(): void {
    this.#isHeld = true;
    this.at.focus({ preventScroll: true });
    this.#isHeld = false;
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
}

function isHeadedAlike(before: Shown, next: Shown): boolean {
  return before.frozen === next.frozen && isSameList(before.columns.map((one) => one.key), next.columns.map((one) => one.key));
}
