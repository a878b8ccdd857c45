import assert from "node:assert/strict";
import { test } from "node:test";
import type { BudgetUseAnswer } from "../api/schema";
import { changeInWords } from "../console/overview/words";
import { fullestFirst } from "../console/overview/spending";

function budget(name: string, cap: string, used: Readonly<Record<string, string>>): BudgetUseAnswer {
  const money = (amount: string) => ({ amount, currency: "EUR" });
  return {
    budget: name,
    levels: [{ level: "rep", amount: money(cap), grants: null }],
    holders: Object.entries(used).map(([holder, amount]) => ({
      holder, used: { amount: money(amount), grants: amount === "0.00" ? 0 : 1 }, runs_out: [],
    })),
  } as unknown as BudgetUseAnswer;
}

test("who is nearest to an end of a budget is named first, and who used nothing not at all", () => {
  const found = fullestFirst([budget("all", "100.00", { "": "40.00" }), budget("team", "20.00", { a: "2.00", b: "15.00", c: "0.00" })]);

  assert.deepEqual(found.map((one) => `${one.budget.budget} ${one.holder.holder}`), ["team b", "all ", "team a"]);
});

test("a version is named by its table and number, wherever it came from, and anything else by what it is", () => {
  const change = (type: string, subject: string) => ({ type, subject, at: "2026-03-14T09:00:00Z", by: "person:v-1" });

  assert.equal(changeInWords(change("version.published", "limits:2")), "Version 2 of the limits was published");
  assert.equal(changeInWords(change("version.cancelled", "policies:3")), "Version 3 of the policies was cancelled before it took effect");
  assert.equal(changeInWords(change("budget.warning", "team_month")), "A budget is nearly used up: team_month");
});
