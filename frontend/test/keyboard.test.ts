import assert from "node:assert/strict";
import { test } from "node:test";
import { askedBy, type Key } from "../console/limits/keyboard";
import { isMany, isWithin, nearest, rangeOf } from "../console/limits/spots";

const AT = { row: 5, column: 2 };
const LAST = { row: 99, column: 7 };
const press = (key: string, held: Partial<Key> = {}) =>
  askedBy({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held }, AT, LAST);

test("arrows go by a cell, with control to the edge, and paging by rows", () => {
  const went = (key: string, held?: Partial<Key>) => {
    const asked = press(key, held);
    return asked?.kind === "go" ? [asked.to.row, asked.to.column] : null;
  };
  assert.deepEqual(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => went(key)), [[4, 2], [6, 2], [5, 1], [5, 3]]);
  assert.deepEqual([went("ArrowDown", { ctrlKey: true }), went("ArrowLeft", { metaKey: true })], [[99, 2], [5, 0]]);
  assert.deepEqual([went("Home"), went("End"), went("Home", { ctrlKey: true }), went("End", { ctrlKey: true })], [[5, 0], [5, 7], [0, 0], [99, 7]]);
  assert.deepEqual([went("PageUp"), went("PageDown")], [[-10, 2], [20, 2]]);
  assert.deepEqual(nearest({ row: -10, column: 9 }, 100, 8), { row: 0, column: 7 });
  assert.deepEqual(nearest({ row: 3, column: 3 }, 0, 0), { row: 0, column: 0 });
});

test("typing begins an edit, and what is the browser's is left to it", () => {
  assert.deepEqual([press("7"), press("F2"), press("Enter")].map((one) => one?.kind === "edit" && one.typed), ["7", null, null]);
  assert.equal(press("Enter", { shiftKey: true })?.kind, "form");
  assert.deepEqual([press("Delete")?.kind, press("Backspace")?.kind], ["empty", "empty"]);
  assert.deepEqual([press("z", { ctrlKey: true }), press("Z", { metaKey: true, shiftKey: true }), press("y", { ctrlKey: true })].map((one) => one?.kind), ["undo", "redo", "redo"]);
  assert.equal(press("a", { ctrlKey: true })?.kind, "all");
  for (const [key, held] of [["c", { ctrlKey: true }], ["v", { metaKey: true }], ["x", { altKey: true }], ["Tab", {}], ["Process", {}], ["Escape", {}]] as const) {
    assert.equal(press(key, held), null);
  }
});

test("a range is the same from either corner", () => {
  const range = rangeOf({ row: 7, column: 1 }, { row: 2, column: 4 });
  assert.deepEqual(range, { rows: [2, 7], columns: [1, 4] });
  assert.deepEqual(range, rangeOf({ row: 2, column: 4 }, { row: 7, column: 1 }));
  assert.deepEqual([isWithin(range, { row: 2, column: 1 }), isWithin(range, { row: 7, column: 4 }), isWithin(range, { row: 8, column: 4 })], [true, true, false]);
  assert.deepEqual([isMany(range), isMany(rangeOf(AT, AT))], [true, false]);
});
