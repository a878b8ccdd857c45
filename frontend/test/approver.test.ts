// What nobody may approve is said before it is asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Quantity } from "../api/names";
import { NoAnswer } from "../api/problems";
import type { Option } from "../api/schema";
import { Approver, standingOf } from "../panel/state/approver";

const euro = (amount: string): Quantity => ({ amount, currency: "EUR" });
const option = (approval: Option["approval"]) => ({ up_to: euro("10.00"), approval }) as Option;
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

test("an option tells who approves up to the most of the first level above", () => {
  const asked = option({ level: "senior", up_to: euro("30.00") });

  assert.deepEqual(standingOf(asked, euro("10.00")), { kind: "open" });
  assert.deepEqual(standingOf(asked, euro("30.00")), { kind: "level", level: "senior" });
  assert.deepEqual(standingOf(asked, euro("30.01")), { kind: "unknown" });
  assert.deepEqual(standingOf(option(null), euro("10.01")), { kind: "nobody" });
});

test("above that, the server says which level may, or that none may, and an old answer never lands", async () => {
  const levels = new Map([["50.00", "supervisor"], ["99.00", null]]);
  const asked: string[] = [];
  const approver = new Approver((amount) => {
    const text = (amount as { amount: string }).amount;
    asked.push(text);
    return text === "1.00" ? Promise.reject(new NoAnswer("slow")) : Promise.resolve(levels.get(text) ?? null);
  }, 1);
  const settled = (amount: string) => approver.settle({ kind: "unknown" }, euro(amount));

  approver.ask(euro("99.00"));
  approver.ask(euro("50.00"));
  await pause();
  assert.deepEqual(asked, ["50.00"]);
  assert.deepEqual(settled("50.00"), { kind: "level", level: "supervisor" });
  assert.deepEqual(settled("99.00"), { kind: "unknown" });

  approver.ask(euro("99.00"));
  await pause();
  assert.deepEqual(settled("99.00"), { kind: "nobody" });
  approver.ask(euro("1.00"));
  await pause();
  assert.deepEqual(settled("1.00"), { kind: "unknown" });
});
