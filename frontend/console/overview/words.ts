// What the overview says, in words.
import type { SomethingChanged } from "../../api/schema";
import { clock, day, words } from "../../text/format";

/** A share of a whole as a percentage, or a dash where there is none. */
export function share(of: number | null): string {
  return of === null ? "–" : `${Math.round(of * 100)}\u202f%`;
}

/** Since when: the time alone for today, else the day too. */
export function since(at: string, now: Date = new Date()): string {
  return new Date(at).toDateString() === now.toDateString() ? clock(at) : `${day(at)}, ${clock(at)}`;
}

/** Another day, so many later: `step("2026-03-01", -1)` is `2026-02-28`. */
export function step(from: string, days: number): string {
  const at = new Date(`${from}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

const EVENTS: Readonly<Record<string, string>> = {
  "brake.pulled": "Goodwill was stopped",
  "brake.released": "Goodwill was set free",
  "budget.frozen": "A budget was frozen until its records are checked",
  "budget.released": "A frozen budget was released",
  "budget.warning": "A budget is nearly used up",
  "model.activated": "A model was made the active one",
};

/** The table and the number of a version that a change is about; null where it is about none. */
export function versionIn({ type, subject }: SomethingChanged): { readonly table: string; readonly number: string } | null {
  const [, table, number] = /^(\w+):(\d+)$/.exec(subject) ?? [];
  return type.startsWith("version.") && table && number ? { table, number } : null;
}

/** A change in the words of a supervisor: what happened, and to what. */
export function changeInWords(change: SomethingChanged): string {
  const version = versionIn(change);
  if (version !== null) {
    const done = change.type === "version.published" ? "published" : "cancelled before it took effect";
    return `Version ${version.number} of the ${version.table} was ${done}`;
  }
  const said = EVENTS[change.type] ?? words(change.type.replaceAll(".", " "));
  return change.subject === "" ? said : `${said}: ${change.subject}`;
}
