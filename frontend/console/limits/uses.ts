// Which columns rows use, kept up with their edits: what an edit costs is that of the edited rows.
import type { Cells, Rows } from "./rows";

/** The columns that some rows of a table use. */
export function usedBy(rows: Rows, keys: Iterable<string>): ReadonlySet<string> {
  const used = new Set<string>();
  for (const key of keys) for (const column of Object.keys(rows.get(key) ?? {})) used.add(column);
  return used;
}

export class Uses {
  #rows: Rows = new Map();
  readonly #counts = new Map<string, number>();

  /** The columns that any row of a table uses. */
  of(rows: Rows): ReadonlySet<string> {
    for (const [key, cells] of rows) if (this.#rows.get(key) !== cells) this.#count(cells, 1);
    for (const [key, cells] of this.#rows) if (rows.get(key) !== cells) this.#count(cells, -1);
    this.#rows = rows;
    return new Set(this.#counts.keys());
  }

  #count(cells: Cells, by: 1 | -1): void {
    for (const column of Object.keys(cells)) {
      const count = (this.#counts.get(column) ?? 0) + by;
      if (count === 0) this.#counts.delete(column);
      else this.#counts.set(column, count);
    }
  }
}
