import assert from "node:assert/strict";
import { test } from "node:test";
import type { BudgetUseAnswer } from "../api/schema";
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
