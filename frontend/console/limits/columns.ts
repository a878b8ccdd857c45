// The columns of the two tables: what each holds, what it is called, what may stand in it.
import type { Fact, FactType, Unit } from "../../api/schema";
import type { Vocabulary } from "../desk";

export type TableKind = "limits" | "budgets";

/** Something that may be typed in a cell, and what it is called. */
export interface Choice {
  readonly key: string;
  readonly name: string;
}

export interface Column {
  /** As in the sheet. */
  readonly key: string;
  readonly name: string;
  readonly form: "key" | "one" | "several" | "condition" | "amount" | "number" | "date" | "text";
  /** For choices: what may stand in it. */
  readonly choices: readonly Choice[];
  /** What an empty cell means, in a word. */
  readonly empty: string;
  /** An example of what may be typed. */
  readonly hint: string;
  readonly width: number;
  /** Columns of one group share a heading. */
  readonly group?: "condition" | "ceiling" | "amount" | "count";
}

export interface Table {
  readonly kind: TableKind;
  readonly name: string;
  /** The column of keys. */
  readonly key: string;
  /** What a row is called, and the letter of the keys that new ones get. */
  readonly row: string;
  readonly prefix: string;
  /** The column of issues and that of remedies, by which rows are found. */
  readonly issue: string | null;
  readonly remedy: string;
}

export const TABLES: Readonly<Record<TableKind, Table>> = {
  limits: { kind: "limits", name: "Limits", key: "row", row: "row", prefix: "R", issue: "issue", remedy: "remedy" },
  budgets: { kind: "budgets", name: "Budgets", key: "budget", row: "budget", prefix: "B", issue: null, remedy: "remedies" },
};

const HINTS: Readonly<Record<FactType, string>> = {
  choice: "",
  integer: "0..30 · >= 3 · < 18",
  money: "<= 30.00 · 10.00..50.00",
  boolean: "",
  date: ">= 2026-01-31",
};
const CEILING_HINT: Readonly<Record<Unit, string>> = {
  money: "15.00 · 20% of order.value max 40.00 · unlimited",
  percent: "10% · unlimited",
  count: "2 · unlimited",
  days: "14 · unlimited",
};
const YES_NO: readonly Choice[] = [
  { key: "yes", name: "Yes" },
  { key: "no", name: "No" },
];
const WINDOWS: readonly Choice[] = [
  { key: "contact", name: "One contact" },
  { key: "day", name: "A day" },
  { key: "7d", name: "7 days" },
  { key: "30d", name: "30 days" },
  { key: "90d", name: "90 days" },
  { key: "365d", name: "365 days" },
  { key: "month", name: "A month" },
  { key: "lifetime", name: "Ever" },
];
const SCOPES: readonly Choice[] = ["contact", "order", "customer", "rep", "team", "organisation"].map((key) => ({
  key,
  name: key.charAt(0).toUpperCase() + key.slice(1),
}));
const EFFECTS: readonly Choice[] = [
  { key: "allow", name: "Allow" },
  { key: "deny", name: "Deny" },
];
const OFFERS: readonly Choice[] = [
  { key: "offer", name: "Offer" },
  { key: "if_asked", name: "If asked" },
  { key: "never", name: "Never" },
];

/** All columns of a table, in the order in which they are shown. */
export function columnsOf(kind: TableKind, vocabulary: Vocabulary, facts: readonly Fact[]): readonly Column[] {
  const conditions = facts.map(condition);
  return kind === "limits" ? limitColumns(vocabulary, conditions) : budgetColumns(vocabulary, conditions);
}

function limitColumns(vocabulary: Vocabulary, conditions: readonly Column[]): readonly Column[] {
  const { library, issues, remedies } = vocabulary;
  const ceilings = library.levels.map((level) => ({
    ...column(`ceiling.${level.key}`, level.label, "amount", 132, "–"),
    hint: CEILING_HINT.money,
    group: "ceiling" as const,
  }));
  return [
    column("row", "Row", "key", 76, ""),
    { ...column("issue", "Issue", "several", 208, "any"), choices: issues.map((one) => ({ key: one.key, name: one.name })) },
    { ...column("remedy", "Remedy", "one", 160, ""), choices: named(remedies) },
    { ...column("effect", "Effect", "one", 84, ""), choices: EFFECTS },
    ...ceilings,
    ...conditions,
    { ...column("offer", "Offer", "one", 92, "offer"), choices: OFFERS },
    { ...column("priority", "Priority", "number", 80, "0"), hint: "-1000 to 1000" },
    column("say", "Say", "text", 280, "–"),
    column("reason", "Reason", "text", 280, "–"),
    column("effective_from", "From", "date", 112, "–"),
    column("effective_to", "Until", "date", 112, "–"),
  ];
}

function budgetColumns(vocabulary: Vocabulary, conditions: readonly Column[]): readonly Column[] {
  const { library, remedies } = vocabulary;
  const caps = (group: "amount" | "count", of: string, hint: string) =>
    library.levels.map((level) => ({
      ...column(`${group}.${level.key}`, `${level.label}, ${of}`, "amount", 132, "–"),
      hint,
      group,
    }));
  return [
    column("budget", "Budget", "key", 200, ""),
    { ...column("scope", "Scope", "one", 120, ""), choices: SCOPES },
    { ...column("window", "Window", "one", 112, ""), choices: WINDOWS },
    { ...column("remedies", "Remedies", "several", 208, "all"), choices: named(remedies) },
    ...caps("amount", "amount", "100.00"),
    ...caps("count", "grants", "3"),
    ...conditions,
    { ...column("warn_at", "Warns at", "number", 92, "–"), hint: "80%" },
  ];
}

function condition(fact: Fact): Column {
  const choices = fact.type === "boolean" ? YES_NO : fact.choices.map((key) => ({ key, name: spaced(key) }));
  return {
    ...column(fact.key, fact.label, "condition", fact.type === "choice" ? 132 : 108, "any"),
    choices,
    hint: fact.type === "choice" ? fact.choices.join(", ") : HINTS[fact.type],
    group: "condition",
  };
}

function column(key: string, name: string, form: Column["form"], width: number, empty: string): Column {
  return { key, name, form, choices: [], empty, hint: form === "date" ? "2026-01-31" : "", width };
}

const named = (remedies: Vocabulary["remedies"]) => remedies.map((one) => ({ key: one.key, name: one.label }));
const spaced = (key: string) => key.replaceAll("_", " ");
