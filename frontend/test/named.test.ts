import assert from "node:assert/strict";
import { test } from "node:test";
import { named } from "../console/drafts/named";

const NAMES = new Map([
  ["rep", "Representative"],
  ["fee", "A fee"],
  ["fee.amount", "Fee"],
  ["customer.tier", "Plan"],
  ["chip_and_pin", "chip and pin"],
]);

test("keys in a sentence are called by their names, and the dot after one ends the sentence", () => {
  const said = "R1 counts for fee, customer.tier plus, fee.amount 3.00, by chip_and_pin: it allows rep 2.00 of fee.amount.";
  const read = "R1 counts for A fee, Plan plus, Fee 3.00, by chip and pin: it allows Representative 2.00 of Fee.";
  assert.equal(named(said, NAMES), read);
});

test("a key that is a part of another word stays", () => {
  assert.equal(named("budget rep-month, fee.amount.rest, fees", NAMES), "budget rep-month, fee.amount.rest, fees");
});
