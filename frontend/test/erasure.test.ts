import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "../console/systems/words";

test("what is held is told kind by kind, one in the singular and none not at all", () => {
  assert.deepEqual(counted({ contacts: 1, grants: 3, approvals: 0, people: 1 }), [
    "1 contact", "3 grants", "1 person who works here",
  ]);
  assert.deepEqual(counted({}), []);
});
