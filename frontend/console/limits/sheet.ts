// A table while it is looked at and edited: its rows, what may be seen of them, what is done to them.
import { computed, signal } from "@preact/signals";
import { written } from "./cells";
import { type Column, columnsOf, type Table } from "./columns";
import type { Fact } from "../../api/schema";
import type { Desk } from "../desk";
import type { CellState, RowState } from "./drawing";
import { EVERYTHING, type Filters, Texts, wantedBy } from "./filtering";
import { isSameList } from "./lists";
import { readCells, TooMuch, writeCells } from "./paste";
import { type Cells, type Change, changed, changesBetween, freshKey, isSame, type Rows, withCells } from "./rows";
import { Steps } from "./steps";
import { usedBy, Uses } from "./uses";
import type { FaultsByRow } from "./checking";

const KEY = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export class Sheet {
  readonly rows = signal<Rows>(new Map());
  /** The rows of the version that the draft is based on; null while they are not known. */
  readonly base = signal<Rows | null>(null);
  readonly faults = signal<FaultsByRow>(new Map());
  /** Rows of findings that keep the draft from being submitted, or that ask for judgement. */
  readonly conflicts = signal<ReadonlySet<string>>(new Set());
  /** What a screen reader is told of what was just done. */
  readonly said = signal("");
  readonly filters = signal<Filters>(EVERYTHING);
  /** Facts whose columns were asked for, beside those that rows use. */
  readonly added = signal<readonly string[]>([]);
  /** True for a draft that nobody may edit any more. */
  readonly isOver = signal(false);
  readonly steps = signal({ canUndo: false, canRedo: false });
  readonly #steps = new Steps();
  readonly #uses = new Uses();
  readonly #baseUses = new Uses();
  // The same lists while they hold the same, for columns are made of the one and the other is drawn.
  #columned: readonly Fact[] = [];
  #keys: readonly string[] = [];
  readonly #texts = new Texts();

  constructor(
    readonly table: Table,
    private readonly desk: Desk,
    /** Hears of every edit, after it was made; null where nothing may be edited. */
    private readonly edited: ((changes: readonly Change[]) => void) | null,
  ) {}

  /** The columns that any row uses, or used. */
  readonly #used = computed(() => [this.#uses.of(this.rows.value), this.#baseUses.of(this.base.value ?? NONE)]);

  /** The facts that any row tests, or tested, in the library's order. */
  readonly facts = computed(() => this.#factsIn(this.#used.value));

  /** Of these, those that have a column: the rows that are shown test them. */
  readonly columned = computed(() => {
    const filters = this.filters.value;
    const [rows, base] = [this.rows.value, this.base.value ?? NONE];
    const keys = this.keys.value;
    const used = filters === EVERYTHING ? this.#used.value : [usedBy(rows, keys), usedBy(base, keys)];
    const found = this.#factsIn([...used, new Set([...this.added.value, filters.fact])]);
    return isSameList(found, this.#columned) ? this.#columned : (this.#columned = found);
  });

  readonly columns = computed<readonly Column[]>(() => {
    const vocabulary = this.desk.vocabulary.value;
    return vocabulary === null ? [] : columnsOf(this.table.kind, vocabulary, this.columned.value);
  });

  readonly changes = computed(() => {
    const base = this.base.value;
    return base === null ? [] : changesBetween(base, this.rows.value);
  });

  /** Keys of the rows that fit the filters, in order. */
  readonly keys = computed<readonly string[]>(() => {
    const found = this.#fitting(this.filters.value);
    return isSameList(found, this.#keys) ? this.#keys : (this.#keys = found);
  });

  get mayEdit(): boolean {
    return this.edited !== null && !this.isOver.value;
  }

  cell(row: string, column: Column): CellState {
    const text = this.#text(this.rows.peek(), row, column) ?? "";
    const base = this.base.peek();
    const was = base === null || !base.has(row) ? text : (this.#text(base, row, column) ?? "");
    return { text, was: was === text ? null : was, fault: this.faults.peek().get(row)?.get(column.key) ?? null };
  }

  row(row: string): RowState {
    const [cells, before] = [this.rows.peek().get(row), this.base.peek()?.get(row)];
    const isNew = this.base.peek() !== null && before === undefined;
    const mark = isNew ? "new" : this.conflicts.peek().has(row) ? "conflict" : before !== undefined && before !== cells && this.#differs(row) ? "changed" : null;
    return { mark, denies: cells?.["effect"] === "deny" };
  }

  /** All that `row` and `cell` say of a row follows from these. */
  of(row: string): readonly unknown[] {
    const base = this.base.peek();
    return [base === null, base?.get(row), this.rows.peek().get(row), this.faults.peek().get(row), this.conflicts.peek().has(row)];
  }

  /** Make some changes as one step. */
  edit(changes: readonly Change[]): void {
    if (!this.mayEdit || changes.length === 0) return;
    this.#steps.add(changes);
    this.#make(changes);
  }

  /** Remember changes that were made elsewhere as a step that can be undone. */
  remember(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#steps.add(changes);
    this.#show();
  }

  undo(): boolean {
    return this.#again(this.#steps.undo());
  }

  redo(): boolean {
    return this.#again(this.#steps.redo());
  }

  /** Write something into a cell; true if that changes it. */
  write(row: string, column: Column, typed: string): boolean {
    const changes = this.#writing([{ row, column, typed }]);
    this.edit(changes);
    return changes.length > 0;
  }

  /** Empty some cells; keys stay. */
  empty(rows: readonly string[], columns: readonly Column[]): number {
    const wanted = columns.filter((column) => column.form !== "key");
    const changes = this.#writing(rows.flatMap((row) => wanted.map((column) => ({ row, column, typed: "" }))));
    this.edit(changes);
    return changes.length;
  }

  /** Put rows in the place of others, or at the end. */
  put(rows: readonly { readonly row: string; readonly cells: Cells }[]): void {
    const now = this.rows.peek();
    this.edit(rows.map(({ row, cells }) => ({ row, before: now.get(row) ?? null, after: cells })));
  }

  remove(rows: readonly string[]): void {
    const now = this.rows.peek();
    this.edit(rows.map((row) => ({ row, before: now.get(row) ?? null, after: null })));
  }

  /** Keys for new rows, that no row has or had. */
  fresh(count: number): readonly string[] {
    const taken = new Set([...this.rows.peek().keys(), ...(this.base.peek()?.keys() ?? [])]);
    const found: string[] = [];
    let next = freshKey(taken, this.table.prefix);
    for (let at = 0; at < count; at += 1) {
      found.push(next);
      next = next.replace(/\d+$/, (digits) => String(Number(digits) + 1).padStart(digits.length, "0"));
    }
    return found;
  }

  /** Some cells as a spreadsheet takes them. */
  copied(rows: readonly string[], columns: readonly Column[]): string {
    const now = this.rows.peek();
    return writeCells(rows.map((row) => columns.map((column) => this.#text(now, row, column) ?? "")));
  }

  /**
   * Paste what a spreadsheet copied, from a cell on; what goes past the last row adds rows. A first line of
   * column names says which columns follow, and rows with a column of keys go to the rows of these keys.
   *
   * Throws TooMuch; nothing was pasted then.
   */
  paste(text: string, keys: readonly string[], at: { readonly row: number; readonly column: number }): { cells: number; rows: number } {
    const lines = readCells(text);
    const columns = this.columns.peek();
    const headed = this.#headed(lines[0] ?? [], columns);
    const target = headed ?? columns.slice(at.column);
    const body = headed ? lines.slice(1) : lines;
    const keyAt = target.findIndex((column) => column?.form === "key");
    if (!headed && body.some((line) => line.length > target.length)) {
      throw new TooMuch("That has more columns than there are to the right of this cell, so nothing was pasted.");
    }
    if (keyAt !== -1 && headed && body.some((line) => !KEY.test(line[keyAt] ?? "") && line[keyAt] !== "")) {
      throw new TooMuch("Keys are letters, digits, _ and -, such as R041, so nothing was pasted.");
    }
    const places = headed ? [] : keys.slice(at.row, at.row + body.length);
    const fresh = this.fresh(body.length - places.length);
    const writes = body.flatMap((line, place) => {
      const named = keyAt === -1 ? "" : (line[keyAt] ?? "");
      const row = named !== "" && headed ? named : (places[place] ?? fresh[place - places.length] ?? "");
      return line.flatMap((typed, cell) => {
        const column = target[cell];
        return column === undefined || column.form === "key" ? [] : [{ row, column, typed }];
      });
    });
    const changes = this.#writing(writes);
    this.edit(changes);
    return { cells: writes.length, rows: changes.filter((one) => one.before === null).length };
  }

  #factsIn(used: readonly ReadonlySet<string>[]) {
    const facts = this.desk.vocabulary.value?.facts ?? [];
    return facts.filter((fact) => used.some((one) => one.has(fact.key)));
  }

  #headed(line: readonly string[], columns: readonly Column[]): (Column | undefined)[] | null {
    const known = line.map((text) => columns.find((column) => column.key === text || column.name === text));
    return line.length > 1 && known.filter(Boolean).length >= Math.max(2, line.length / 2) ? known : null;
  }

  /** The changes that write some texts: one for each row. */
  #writing(writes: readonly { readonly row: string; readonly column: Column; readonly typed: string }[]): Change[] {
    const now = this.rows.peek();
    const texts = new Map<string, Record<string, string>>();
    for (const { row, column, typed } of writes) {
      const mine = texts.get(row) ?? {};
      mine[column.key] = written(column, typed);
      texts.set(row, mine);
    }
    return [...texts].flatMap(([row, cells]) => {
      const before = now.get(row) ?? null;
      const after = withCells(before ?? {}, cells);
      const idle = before === null ? Object.keys(after).length === 0 : isSame(before, after);
      return idle ? [] : [{ row, before, after }];
    });
  }

  #again(changes: readonly Change[] | null): boolean {
    this.#show();
    if (changes === null || !this.mayEdit) return false;
    this.#make(changes);
    return true;
  }

  #make(changes: readonly Change[]): void {
    this.rows.value = changed(this.rows.peek(), changes);
    this.#show();
    this.edited?.(changes);
  }

  #show(): void {
    this.steps.value = { canUndo: this.#steps.canUndo, canRedo: this.#steps.canRedo };
  }

  #text(rows: Rows, row: string, column: Column): string | undefined {
    return column.form === "key" ? row : rows.get(row)?.[column.key];
  }

  #differs(row: string): boolean {
    return this.columns.peek().some((column) => this.cell(row, column).was !== null);
  }

  #fitting(filters: Filters): readonly string[] {
    const rows = this.rows.value;
    if (filters === EVERYTHING) return [...rows.keys()];
    const wanted = wantedBy(filters, this.table, this.#texts.in(this.table.kind, this.desk.vocabulary.value));
    const only = this.#only(filters.only);
    return [...rows].flatMap(([key, cells]) => (only(key) && wanted(key, cells) ? [key] : []));
  }

  /** Which rows are so at an edit: what the server finds meanwhile takes none from under the cursor. */
  #only(which: Filters["only"]): (key: string) => boolean {
    if (which === "all") return () => true;
    const some = which === "changed" ? this.changes.peek().map((one) => one.row) : [...this.faults.peek().keys(), ...this.conflicts.peek()];
    const found = new Set(some);
    return (key) => found.has(key);
  }
}

const NONE: Rows = new Map();
