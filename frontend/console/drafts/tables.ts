// What is drafted, reviewed and published alike, and where its pages are.
import type { Draft, DraftState, Version } from "../../api/schema";
import { number } from "../../text/format";
import type { Format } from "../parts/export";
import { href } from "../place";
import { rowInWords } from "../policies/fields";

/** What is written in a grid. */
export type Grid = "limits" | "budgets";
export type Table = Grid | "policies";

export const NAMES: Readonly<Record<Table, string>> = { limits: "Limits", budgets: "Budgets", policies: "Policies" };

export const isTable = (text: string): text is Table => text in NAMES;

export const draftsOf = (table: Table) => href(table, "drafts");
export const historyOf = (table: Table) => href(table, "history");

/** Where a draft is written: in its grid, or policy by policy from its review on. */
export const writingOf = (table: Table, draft: string) => href(table, "drafts", draft);

export const reviewOf = (table: Table, draft: string) =>
  table === "policies" ? writingOf(table, draft) : href(table, "drafts", draft, "review");

/** A cell of a draft where it is written. */
export function cellOf(table: Table, draft: string, row: string, column?: string | null): string {
  if (table === "policies") return href(table, "drafts", draft, row);
  const at = new URLSearchParams({ row, ...(column && { column }) });
  return `${writingOf(table, draft)}?${at}`;
}

/** What a row is called: a policy by its id and language, any other by its key. */
export const rowOf = (table: Table, row: string) => (table === "policies" ? rowInWords(row) : row);

/** So many rows, in words; `kind` says which. */
export function rowsInWords(table: Table, count: number, kind = ""): string {
  const [one, many] = table === "policies" ? ["policy", "policies"] : ["row", "rows"];
  return plural(count, `${kind}${one}`, `${kind}${many}`);
}

export type Tone = "allowed" | "approval" | "refused" | "accent" | "quiet";

/** How a draft stands: a word and its tone. */
export function stateOf(state: DraftState): { readonly word: string; readonly tone: Tone } {
  switch (state) {
    case "open":
      return { word: "Being written", tone: "accent" };
    case "submitted":
      return { word: "Waits for approval", tone: "approval" };
    case "approved":
      return { word: "Approved", tone: "allowed" };
    case "published":
      return { word: "Published", tone: "quiet" };
    case "discarded":
      return { word: "Discarded", tone: "quiet" };
  }
}

/** True while something may still be done to it. */
export const isWorkedOn = (draft: Draft) => draft.state !== "published" && draft.state !== "discarded";

/** The newest version that was not cancelled: what a draft must be based on to be published. */
export function newestOf(versions: readonly Version[]): Version | undefined {
  return versions.find((one) => one.state !== "cancelled");
}

/** The version that has yet to take effect; while there is one, no other is published. */
export function waitingOf(versions: readonly Version[]): Version | undefined {
  return versions.find((one) => one.state === "scheduled");
}

export const publisherOf = (version: Version, nameOf: (id: string) => string) => doerOf(version.published_by, nameOf);

/** Who did something, by the audit's word: a person, the command line, or what sets a deployment up. */
export function doerOf(by: string, nameOf: (id: string) => string): string {
  if (by === "setup") return "Set-up";
  return by.startsWith("cli") ? "Command line" : nameOf(by.replace(/^person:/, ""));
}

export const plural = (count: number, one: string, many: string) => `${number(String(count))} ${count === 1 ? one : many}`;

/** What a table of limits or budgets can be had as. */
export const FORMATS: readonly Format[] = [
  ["xlsx", "Excel workbook", "To edit in a spreadsheet; import it again as it is."],
  ["csv", "CSV", "Plain text, one line for each row."],
  ["json", "JSON", "For programs."],
];
