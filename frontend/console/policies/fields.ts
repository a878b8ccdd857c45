// The fields of a policy, as drafts hold them: what each is called, and how it is written.
import { words } from "../../text/format";

export type Cells = Readonly<Record<string, string>>;

export interface FieldOf {
  readonly column: string;
  readonly name: string;
  readonly hint?: string;
  readonly rows?: number;
  readonly kind: "line" | "text" | "date" | "type" | "issues";
}

/** What a customer may hear comes first: it is what most edits are about. */
export const WORDS: readonly FieldOf[] = [
  { column: "say", name: "Say", kind: "text", rows: 5, hint: "20 to 60 words a representative can say aloud. No amounts: limits decide those." },
  { column: "why", name: "Why", kind: "text", rows: 6, hint: "The reason, as a customer would believe it." },
  { column: "alternative_say", name: "Alternative say", kind: "text", rows: 5, hint: "A second wording that some contacts are told instead, to see which of them ends more problems." },
  { column: "alternative_why", name: "Alternative why", kind: "text", rows: 6, hint: "Its reason; left empty, the one above." },
  { column: "steps", name: "Steps", kind: "text", rows: 4, hint: "A list, one step a line." },
  { column: "exceptions", name: "Exceptions", kind: "text", rows: 3 },
  { column: "internal", name: "Internal", kind: "text", rows: 3, hint: "Never shown to a customer." },
];

export const ABOUT: readonly FieldOf[] = [
  { column: "issues", name: "Issues", kind: "issues" },
  { column: "explanation_type", name: "How it argues", kind: "type" },
  { column: "alternative_share", name: "Share of the alternative", kind: "line", hint: "Percent of contacts that are told it; left empty, 50." },
  { column: "owner", name: "Owner", kind: "line" },
  { column: "review_by", name: "Review by", kind: "date" },
  { column: "effective_from", name: "In effect from", kind: "date" },
  { column: "effective_to", name: "In effect until", kind: "date" },
  { column: "sources", name: "Sources", kind: "text", rows: 2, hint: "One a line." },
  { column: "tags", name: "Tags", kind: "text", rows: 2, hint: "One a line." },
];

export const TITLE: FieldOf = { column: "title", name: "Title", kind: "line" };
export const TYPES = ["justification", "excuse", "apology", "comparison", "instruction"] as const;

/** What a new policy begins with: a review in half a year. */
export function blank(today: Date): Cells {
  const due = new Date(today);
  due.setMonth(due.getMonth() + 6);
  return { explanation_type: "justification", review_by: due.toISOString().slice(0, 10) };
}

/** The id of a row's policy: `fees/cash` of `fees/cash.de`. */
export function policyOf(row: string): string {
  return row.split(".")[0] ?? row;
}

/** The language of a row that is a translation; null of one in the library's own. */
export function languageOf(row: string): string | null {
  const at = row.indexOf(".");
  return at < 0 ? null : row.slice(at + 1);
}

/** What a row is called: the policy, and the language of a translation. */
export function rowInWords(row: string): string {
  const language = languageOf(row);
  return language === null ? row : `${policyOf(row)} (${language})`;
}

/** The keys in a cell with commas between them. */
export function keysIn(cell: string | undefined): string[] {
  return (cell ?? "").split(",").map((one) => one.trim()).filter(Boolean);
}

/** The cells without those that hold nothing. */
export function filled(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, text]) => text.trim() !== ""));
}

/** True if two policies hold the same words. */
export function isSame(one: Cells, other: Cells): boolean {
  const [a, b] = [filled(one), filled(other)];
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([column, text]) => b[column] === text);
}

/** What a column is called on the screen. */
export function nameOf(column: string, issue: (key: string) => string): string {
  if (column.startsWith("examples.")) return `What customers say: ${issue(column.slice("examples.".length))}`;
  if (column === "examples") return "What customers say";
  const known = [TITLE, ...WORDS, ...ABOUT].find((one) => one.column === column);
  const name = known?.name ?? words(column);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
