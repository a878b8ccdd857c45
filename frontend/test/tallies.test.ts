import assert from "node:assert/strict";
import { test } from "node:test";
import type { Replay, Tally } from "../api/schema";
import { plus } from "../text/amounts";
import { progressOf, together, weightiest } from "../console/drafts/tallies";

const NOTHING: Tally = {
  cases: 0, more: 0, less: 0, same: 0, approvals_saved: 0, approvals_added: 0, allowed: 0, refused: 0, opened: 0,
  raised: "0.00", lowered: "0.00", unbounded: 0, grants: 0, granted: "0.00", uncovered_grants: 0, uncovered: "0.00",
};

function part(entries: number, left: number, rows: Readonly<Record<string, Partial<Tally>>>): Replay {
  const by_responsible = Object.entries(rows).map(([key, one]) => ({
    ...NOTHING, ...one, responsible: { kind: "row" as const, key },
  }));
  const total = by_responsible[0] ? { ...NOTHING, ...rows[by_responsible[0].responsible.key] } : NOTHING;
  return {
    currency: "EUR", total, by_responsible, by_level: [], by_issue: [], by_remedy: [], unknown: { "fee.amount": 1 },
    unreckoned: {}, left_out: {}, etag: '"e1"', since: `s${left}`, until: `u${left}`, entries, complete: left === 0, left,
  };
}

test("amounts are added up exactly, however large", () => {
  assert.equal(plus("0.10", "0.20"), "0.30");
  assert.equal(plus("90071992547409.93", "0.07"), "90071992547410.00");
  assert.equal(plus("5", "7"), "12");
});

test("parts of a replay add up row by row, and the whole reaches from the oldest to the newest", () => {
  const newer = part(2, 3, { R1: { cases: 2, more: 1, raised: "0.10" } });
  const older = part(3, 0, { R1: { cases: 1, more: 1, raised: "0.20" }, R2: { cases: 2, less: 1, lowered: "4.00" } });

  const whole = together(together(null, newer), older);

  assert.deepEqual(
    whole.by_responsible.map((one) => [one.responsible.key, one.cases, one.raised, one.lowered]),
    [["R1", 3, "0.30", "0.00"], ["R2", 2, "0.00", "4.00"]],
  );
  assert.deepEqual([whole.entries, whole.left, whole.since, whole.until], [5, 0, "s0", "u3"]);
  assert.deepEqual(whole.unknown, { "fee.amount": 2 });
  assert.equal(whole.total.raised, "0.30");
});

test("progress is the share of entries that were replayed", () => {
  assert.equal(progressOf(part(1, 3, {})), 0.25);
  assert.equal(progressOf(part(0, 0, {})), 1);
});

test("what moves most money comes first, and what would be as it was is left out", () => {
  const rows = part(1, 0, {
    R1: { cases: 9 }, R2: { more: 1, raised: "2.00" }, R3: { less: 1, lowered: "10.00" }, R4: { approvals_saved: 5 },
  }).by_responsible;

  assert.deepEqual(weightiest(rows).map((one) => one.responsible.key), ["R3", "R2", "R4"]);
});
