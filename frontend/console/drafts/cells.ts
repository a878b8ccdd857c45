// What changed in a row, in the names that people know it by: pure.
import type { RowChange } from "../../api/schema";
import { shown } from "../limits/cells";
import type { Column } from "../limits/columns";

/** A cell that differs, as it is read; a text is empty where there was nothing, or is nothing now. */
export interface Differing {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const LONG = 60; // characters; what is longer is read side by side

/** The cells that differ, in the order of the table; one that the library does not know is called by its key. */
export function differingIn({ before, after }: RowChange, columns: readonly Column[]): readonly Differing[] {
  const known = new Map(columns.map((column) => [column.key, column]));
  const keys = [...known.keys(), ...Object.keys(before ?? {}), ...Object.keys(after ?? {})];
  return [...new Set(keys)].flatMap((key) => {
    const [was, is] = [before?.[key] ?? "", after?.[key] ?? ""];
    if (was === is) return [];
    const column = known.get(key);
    const read = (text: string) => (column === undefined || text === "" ? text : shown(column, text));
    return [{ name: column === undefined ? key : nameOf(column), before: read(was), after: read(is) }];
  });
}

/** `Ceiling, Representative: from 15.00 to 20.00`. */
export function inWords({ name, before, after }: Differing): string {
  if (before === "") return `${name}: now ${short(after)}`;
  if (after === "") return `${name}: no longer ${short(before)}`;
  return Math.max(before.length, after.length) > LONG ? `${name}: reworded` : `${name}: from ${before} to ${after}`;
}

/** All that a row says which is new, or gone. */
export function wholeInWords(cells: readonly Differing[]): string {
  return cells.map((one) => `${one.name}: ${short(one.after || one.before)}`).join(" · ");
}

/** What a column is called where it stands alone. */
export const nameOf = ({ name, group }: Column) => (group === "ceiling" ? `Ceiling, ${name}` : name);
const short = (text: string) => (text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text);
