// The rows of a table as texts, and what changes them: pure.

/** Texts of a row by column, as in the sheet; empty cells are left out. */
export type Cells = Readonly<Record<string, string>>;
/** All rows by key, in order. */
export type Rows = ReadonlyMap<string, Cells>;

/** A row before and after; null where there is none. */
export interface Change {
  readonly row: string;
  readonly before: Cells | null;
  readonly after: Cells | null;
}

/** A cell that two people changed, each in another way; a column of null is the whole row. */
export interface Clash {
  readonly row: string;
  readonly column: string | null;
  readonly mine: string;
  readonly theirs: string;
}

/** The rows after some changes: rows keep their places, new ones follow at the end. */
export function changed(rows: Rows, changes: readonly Change[]): Rows {
  const found = new Map(rows);
  for (const { row, before, after } of changes) {
    const now = found.get(row);
    if (after === null) found.delete(row);
    // Only the cells that the change is about: others may have been changed since.
    else found.set(row, before === null || now === undefined ? after : patched(now, before, after));
  }
  return found;
}

/** The changes that make `after` of `before`, none of them idle. */
export function changesBetween(before: Rows, after: Rows): Change[] {
  const found: Change[] = [];
  for (const [row, cells] of after) {
    const old = before.get(row);
    if (old === undefined) found.push({ row, before: null, after: cells });
    else if (!isSame(old, cells)) found.push({ row, before: old, after: cells });
  }
  for (const [row, cells] of before) {
    if (!after.has(row)) found.push({ row, before: cells, after: null });
  }
  return found;
}

/** The same rows, where those that another table holds alike are its own: two such tables are compared in no time. */
export function sharing(rows: Rows, other: Rows): Rows {
  const found = new Map(rows);
  for (const [row, cells] of rows) {
    const there = other.get(row);
    if (there !== undefined && isSame(there, cells)) found.set(row, there);
  }
  return found;
}

/** What takes changes back, the last one first. */
export function inverse(changes: readonly Change[]): Change[] {
  return changes.map(({ row, before, after }) => ({ row, before: after, after: before })).reverse();
}

/** A row with another text in some cells; an empty text empties a cell. */
export function withCells(cells: Cells, texts: Cells): Cells {
  const found: Record<string, string> = { ...cells };
  for (const [column, text] of Object.entries(texts)) {
    if (text === "") delete found[column];
    else found[column] = text;
  }
  return found;
}

/** The columns in which two rows differ. */
export function differing(before: Cells | null, after: Cells | null): string[] {
  const columns = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...columns].filter((column) => (before?.[column] ?? "") !== (after?.[column] ?? ""));
}

export function isSame(before: Cells, after: Cells): boolean {
  return before === after || (isIn(before, after) && isIn(after, before));
}

/**
 * My edits brought onto newer rows. Cells that only one of us changed are that one's; where both
 * did, each in another way, mine stands and the clash is told.
 */
export function rebased(base: Rows, mine: Rows, theirs: Rows): { rows: Rows; clashes: Clash[] } {
  const clashes: Clash[] = [];
  const mineSince = changesBetween(base, mine);
  for (const { row, before, after } of mineSince) {
    const there = theirs.get(row) ?? null;
    if (before !== null && there === null && after !== null) {
      clashes.push({ row, column: null, mine: "changed", theirs: "removed" });
    } else if (after === null && there !== null && before !== null && !isSame(there, before)) {
      clashes.push({ row, column: null, mine: "removed", theirs: "changed" });
    } else if (after !== null && there !== null) {
      for (const column of differing(before, after)) {
        const texts = [before?.[column] ?? "", after[column] ?? "", there[column] ?? ""] as const;
        const [was, mineNow, theirsNow] = texts;
        if (theirsNow !== was && theirsNow !== mineNow) {
          clashes.push({ row, column, mine: mineNow, theirs: theirsNow });
        }
      }
    }
  }
  return { rows: changed(theirs, mineSince), clashes };
}

/** The rows where every clash is settled as the others have it. */
export function givenWay(rows: Rows, theirs: Rows, clashes: readonly Clash[]): Rows {
  const found = new Map(rows);
  for (const { row, column } of clashes) {
    const there = theirs.get(row);
    const here = found.get(row);
    if (column === null || here === undefined) {
      if (there === undefined) found.delete(row);
      else found.set(row, there);
    } else found.set(row, withCells(here, { [column]: there?.[column] ?? "" }));
  }
  return found;
}

/** A key that none of some has: their letters, and the number after the highest. */
export function freshKey(keys: Iterable<string>, prefix: string): string {
  let most = 0;
  let digits = 3;
  for (const key of keys) {
    const [, letters, number = ""] = /^([A-Za-z]+)(\d{1,9})$/.exec(key) ?? [];
    if (letters !== prefix) continue;
    most = Math.max(most, Number(number));
    digits = Math.max(digits, number.length);
  }
  return `${prefix}${String(most + 1).padStart(digits, "0")}`;
}

const isIn = (some: Cells, other: Cells) => Object.keys(some).every((column) => some[column] === (other[column] ?? ""));

function patched(now: Cells, before: Cells, after: Cells): Cells {
  const texts = differing(before, after).map((column) => [column, after[column] ?? ""]);
  return withCells(now, Object.fromEntries(texts) as Cells);
}
