import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../keep";

test("what is cleared is gone from memory and from the tab, and nothing else is", () => {
  const stored = { "aa.work:1": "1", "aa.intents": "2", "other.work:1": "3" } as unknown as Storage;
  const storage = Object.create(
    {
      setItem: (name: string, value: string) => void (stored[name] = value),
      getItem: (name: string) => (stored[name] as string) ?? null,
      removeItem: (name: string) => void delete stored[name],
    },
    {},
  ) as Storage;
  const keys = new Proxy(storage, { ownKeys: () => Object.keys(stored), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });
  const keep = new Kept(keys, "aa.");
  keep.write("work:2", 4);

  keep.clear("work:");

  assert.deepEqual(Object.keys(stored), ["aa.intents", "other.work:1"]);
  assert.deepEqual([keep.read("work:1"), keep.read("work:2"), keep.read("intents")], [null, null, 2]);
});
