import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../console/policies/wording";

test("both texts are in their difference, word for word", () => {
  const [before, after] = ["We cannot waive  the fee.", "We may waive the whole fee."];
  const parts = difference(before, after);
  const text = (...kinds: string[]) => parts.filter((one) => kinds.includes(one.kind)).map((one) => one.text).join("");
  assert.equal(text("same", "out"), before);
  assert.equal(text("same", "in"), after);
});

test("a few words between two changes are told with them", () => {
  const kinds = difference("one two three four five six", "1 two 3 four five six").map((one) => one.kind);
  assert.deepEqual(kinds, ["out", "in", "same"]);
});

test("what stayed is told as such", () => {
  assert.deepEqual(difference("a b c", "a x c"), [
    { kind: "same", text: "a " },
    { kind: "out", text: "b" },
    { kind: "in", text: "x" },
    { kind: "same", text: " c" },
  ]);
  assert.deepEqual(difference("", "new"), [{ kind: "in", text: "new" }]);
});
