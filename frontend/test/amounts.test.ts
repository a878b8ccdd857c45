import assert from "node:assert/strict";
import { test } from "node:test";
import { isWithin, less, readAmount, scaled, share } from "../text/amounts";

test("an amount is read as its reader's locale writes it", () => {
  const read = (typed: string, locale = "en") => readAmount(typed, 2, locale);

  assert.equal(read("12"), "12.00");
  assert.equal(read("12.5"), "12.50");
  assert.equal(read("12,50", "de"), "12.50");
  assert.equal(read("12.50", "de"), "12.50");
  assert.equal(read("1,234", "en"), "1234.00");
  assert.equal(read("1.234", "de"), "1234.00");
  assert.equal(read("1.234,56", "de"), "1234.56");
  assert.equal(read("1,234.56"), "1234.56");
  assert.equal(read("€ 12.00"), "12.00");
  assert.equal(read("012.00"), "12.00");
});

test("what is no amount is none", () => {
  const read = (typed: string) => readAmount(typed, 2, "en");

  for (const typed of ["", "-5", "12.345", "1.2.3", "1,2,3.4.5", "a", "12a4", ".", "1e3", "١٢"]) {
    assert.equal(read(typed), null, typed);
  }
  assert.equal(readAmount("12.5", 0, "en"), null);
});

test("amounts are compared and taken off exactly", () => {
  assert.ok(isWithin("0.30", { amount: "0.30", currency: "EUR" }));
  assert.ok(!isWithin("0.31", { amount: "0.30", currency: "EUR" }));
  assert.ok(isWithin("999999999999.99", { unlimited: true }));
  assert.ok(!isWithin("900719925474099.93", { amount: "900719925474099.92", currency: "EUR" }));
  assert.equal(less("15.00", "12.10"), "2.90");
  assert.equal(less("5.00", "12.10"), "0.00");
  assert.equal(less("3", "1"), "2");
  assert.equal(share("5.00", "20.00"), 25);
  assert.equal(share("5.00", "0.00"), 0);
  assert.equal(scaled("nonsense"), 0n);
});
