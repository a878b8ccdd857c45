// Which rows of a table are wanted.
import type { Vocabulary } from "../desk";
import { isEmpty } from "./cells";
import { columnsOf, type Table, type TableKind } from "./columns";
import type { Cells } from "./rows";

/** Which rows are wanted; empty texts want all. */
export interface Filters {
  readonly issue: string;
  readonly remedy: string;
  readonly fact: string;
  readonly text: string;
  readonly only: "all" | "changed" | "faulty";
}

export const EVERYTHING: Filters = { issue: "", remedy: "", fact: "", text: "", only: "all" };

/** Whether a row holds what some filters ask for. */
export function wantedBy(
  { issue, remedy, fact, text }: Filters,
  table: Table,
  textOf: (cells: Cells) => string,
): (key: string, cells: Cells) => boolean {
  const has = (cell: string | undefined, key: string) => key === "" || isEmpty(cell ?? "") || listed(cell).includes(key);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (key, cells) => {
    if (table.issue !== null && !has(cells[table.issue], issue)) return false;
    if (!has(cells[table.remedy], remedy)) return false;
    if (fact !== "" && isEmpty(cells[fact] ?? "")) return false;
    if (words.length === 0) return true;
    const said = `${key.toLowerCase()} ${textOf(cells)}`;
    return words.every((word) => said.includes(word));
  };
}

/** The texts in which words are looked for: made once for each row, not for each letter of the words. */
export class Texts {
  #vocabulary: Vocabulary | null = null;
  #known = new WeakMap<Cells, string>();

  /** Gives all that a row says, in small letters: its cells, and the names of what they mean. */
  in(kind: TableKind, vocabulary: Vocabulary | null): (cells: Cells) => string {
    if (vocabulary !== this.#vocabulary) [this.#vocabulary, this.#known] = [vocabulary, new WeakMap()];
    const columns = vocabulary === null ? [] : columnsOf(kind, vocabulary, vocabulary.facts);
    const named = columns.filter((column) => column.choices.length > 0);
    const known = this.#known;
    return (cells) => {
      const found = known.get(cells);
      if (found !== undefined) return found;
      const names = named.flatMap((column) => {
        const keys = listed(cells[column.key]);
        return keys.length === 0 ? [] : column.choices.flatMap((one) => (keys.includes(one.key) ? [one.name] : []));
      });
      const said = [...Object.values(cells), ...names].join(" ").toLowerCase();
      known.set(cells, said);
      return said;
    };
  }
}

const listed = (cell: string | undefined) => (cell === undefined ? [] : cell.split(",").map((one) => one.trim()));
