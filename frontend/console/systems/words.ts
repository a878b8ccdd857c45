// What the pages about systems say, in words.
import type { RowCounts } from "../../api/schema";
import { clock, day } from "../../text/format";

/** Day and time of an instant, as the reader's clock has them. */
export function instant(at: string): string {
  return `${day(at)}, ${clock(at)}`;
}

/** What a key may be used for, in the order of the form. */
export const SCOPES: Readonly<Record<string, string>> = {
  suggest: "ask for suggestions",
  decide: "ask for decisions",
  read: "read policies and words",
  grant: "give remedies for representatives",
  record: "describe contacts and their outcomes",
  events: "follow what happens",
  insights: "read how days went",
  "limits:read": "read limits and budgets",
  audit: "read the audit",
};

/** What is kept only so long. */
export const KEPT: Readonly<Record<string, string>> = {
  answers: "Answers to retries",
  suggestions: "Suggestions that no grant or request names",
  decisions: "Decisions",
  deliveries: "Deliveries of webhooks",
  texts: "Masked pieces of what customers said",
};

const ROWS: readonly (readonly [keyof RowCounts, string, string])[] = [
  ["contacts", "contact", "contacts"],
  ["grants", "grant", "grants"],
  ["approvals", "approval request", "approval requests"],
  ["suggestions", "suggestion", "suggestions"],
  ["decisions", "decision", "decisions"],
  ["people", "person who works here", "people who work here"],
  ["answers", "answer kept for retries", "answers kept for retries"],
];

/** How many rows of each kind there are, in words; of none nothing. */
export function counted(rows: RowCounts): string[] {
  return ROWS.flatMap(([kind, one, many]) => {
    const count = rows[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
}

/** What a webhook may be told of: the first words of events, in the order of the form. */
export const KINDS: Readonly<Record<string, string>> = {
  approval: "what is asked for and decided",
  grant: "what is given, made final and taken back",
  budget: "budgets that warn or freeze",
  brake: "the brake",
  version: "what is published",
  model: "models that take over",
};

const FAULTS: Readonly<Record<string, string>> = {
  name: "its name is not known",
  address: "its address is not allowed",
  connection: "there is no connection",
  tls: "its certificate is not good",
  timeout: "it does not answer in time",
  answer: "what it answers is no HTTP",
};

/** What became of a message that was not taken: `it answers 500`, `there is no connection`. */
export function refusal(told: { readonly status: number | null; readonly fault: string | null }): string {
  if (told.status !== null) return `it answers ${told.status}`;
  return FAULTS[told.fault ?? ""] ?? "it does not answer";
}

/** Why a webhook is switched off, as a sentence. */
export function offInWords(because: string): string {
  if (because === "gone") return "It answered 410, which means that nobody is there any more.";
  if (because === "failing") return "It has taken nothing for five days.";
  return "Somebody has switched it off.";
}

/** What stands in the lines of a text, without empty ones. */
export function lines(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** The day so many days from today, in UTC, as forms write it. */
export function sinceNow(days: number, now: number = Date.now()): string {
  return new Date(now + days * 86_400_000).toISOString().slice(0, 10);
}
