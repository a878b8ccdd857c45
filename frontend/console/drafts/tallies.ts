// Tallies of a replay that came in parts, added up exactly.
import type { Replay, Tally } from "../../api/schema";
import { plus, scaled } from "../../text/amounts";

const MONEY = ["raised", "lowered", "granted", "uncovered"] as const;

type Counted = Readonly<Record<string, number>>;

/** Two parts of one history as the replay of both; `next` is the older one. */
export function together(sofar: Replay | null, next: Replay): Replay {
  if (sofar === null) return next;
  return {
    ...next,
    until: sofar.until,
    entries: sofar.entries + next.entries,
    total: added(sofar.total, next.total),
    by_responsible: joined(sofar.by_responsible, next.by_responsible),
    by_level: joined(sofar.by_level, next.by_level),
    by_issue: joined(sofar.by_issue, next.by_issue),
    by_remedy: joined(sofar.by_remedy, next.by_remedy),
    unknown: counted(sofar.unknown, next.unknown),
    unreckoned: counted(sofar.unreckoned, next.unreckoned),
    left_out: counted(sofar.left_out, next.left_out),
  };
}

/** The share that was replayed, from 0 to 1. */
export function progressOf(found: Replay): number {
  const all = found.entries + found.left;
  return all === 0 ? 1 : found.entries / all;
}

/** Those that would have been otherwise, by how much money hangs on them, then by how many cases. */
export function weightiest<T extends Tally>(tallies: readonly T[]): readonly T[] {
  const moved = (one: T) => scaled(one.raised) + scaled(one.lowered);
  const cases = (one: T) => one.more + one.less + one.approvals_saved + one.approvals_added;
  return tallies
    .filter((one) => cases(one) > 0)
    .toSorted((a, b) => (moved(a) === moved(b) ? cases(b) - cases(a) : moved(b) > moved(a) ? 1 : -1));
}

function added<T extends Tally>(a: T, b: T): T {
  const counts = Object.entries(b).filter(([, value]) => typeof value === "number");
  const sums = counts.map(([name, value]) => [name, (a[name as keyof T] as number) + (value as number)]);
  const money = MONEY.map((name) => [name, plus(a[name], b[name])]);
  return { ...a, ...Object.fromEntries([...sums, ...money]) };
}

function joined<T extends Tally>(a: readonly T[], b: readonly T[]): readonly T[] {
  const found = new Map(a.map((one) => [keyOf(one), one]));
  for (const one of b) {
    const known = found.get(keyOf(one));
    found.set(keyOf(one), known ? added(known, one) : one);
  }
  return [...found.values()];
}

/** What tells the tallies of one list apart. */
function keyOf(tally: object): string {
  const { responsible, level, issue, remedy } = tally as Partial<Record<string, unknown>>;
  return JSON.stringify([responsible, level, issue, remedy]);
}

function counted(a: Counted, b: Counted): Counted {
  const sum: Record<string, number> = { ...a };
  for (const [name, number] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + number;
  return sum;
}
