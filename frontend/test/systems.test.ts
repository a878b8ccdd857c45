// What the pages about systems say in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lines, offInWords, refusal } from "../console/systems/words";

test("what was not taken is said by its status, or by why there is none", () => {
  assert.equal(refusal({ status: 503, fault: null }), "it answers 503");
  assert.equal(refusal({ status: null, fault: "address" }), "its address is not allowed");
  assert.equal(refusal({ status: null, fault: "of tomorrow" }), "it does not answer");
});

test("a webhook that is off says who switched it off", () => {
  assert.match(offInWords("gone"), /410/);
  assert.match(offInWords("failing"), /five days/);
  assert.match(offInWords("person"), /^Somebody/);
});

test("lines are parted by commas as well, and empty ones are none", () => {
  assert.deepEqual(lines(" 192.0.2.1,\n\n 192.0.2.0/24 "), ["192.0.2.1", "192.0.2.0/24"]);
});
