import assert from "node:assert/strict";
import { test } from "node:test";
import type { Api } from "../api/api";
import { NoAnswer, Refused } from "../api/problems";
import { Kept } from "../keep";
import { Intents } from "../panel/state/intents";
import { Latest } from "../panel/state/latest";

class FakeApi {
  readonly sent: { path: string; body: unknown; key: string | undefined }[] = [];
  answers: (unknown | Error)[] = [];
  person = "r-1";

  post(path: string, body: unknown, more: { key?: string } = {}): Promise<unknown> {
    this.sent.push({ path, body, key: more.key });
    const answer = this.answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

function desk(keep = new Kept(null, "")) {
  const api = new FakeApi();
  const told: [string, unknown, Refused | null][] = [];
  const intents = new Intents(api as unknown as Api, keep, (one, answer, fault) => void told.push([one.about, answer, fault]), [1, 1]);
  return { api, told, intents, keep };
}

test("a double click is one intent", async () => {
  const { api, intents } = desk();
  api.answers = ["given"];

  await Promise.all([intents.mean("give:a", "/v1/grants", 1), intents.mean("give:a", "/v1/grants", 1)]);

  assert.equal(api.sent.length, 1);
});

test("a retry has the same key, and a second intent another", async () => {
  const { api, intents } = desk();
  api.answers = [new NoAnswer("slow"), "given", "given"];

  await intents.mean("give:a", "/v1/grants", 1);
  await intents.mean("give:a", "/v1/grants", 1);

  const keys = api.sent.map((one) => one.key);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
});

test("what nobody knows the outcome of is asked again with its key after a reload", async () => {
  const before = desk();
  before.api.answers = [new NoAnswer("offline"), new NoAnswer("offline"), new NoAnswer("offline")];
  await before.intents.mean("give:a", "/v1/grants", { amount: 1 });
  assert.deepEqual(before.told, [["give:a", null, null]]);

  const after = desk(before.keep);
  after.api.answers = ["given"];
  await after.intents.resume();

  assert.equal(after.api.sent[0]?.key, before.api.sent[0]?.key);
  assert.deepEqual(after.api.sent[0]?.body, { amount: 1 });
  assert.deepEqual(after.told, [["give:a", "given", null]]);
  assert.deepEqual(after.intents.waiting.value, []);
});

test("while an outcome is unknown the same thing is not begun anew with another amount", async () => {
  const { api, intents } = desk();
  api.answers = [new NoAnswer("slow"), new NoAnswer("slow"), new NoAnswer("slow"), "given"];

  await intents.mean("give:a", "/v1/grants", { amount: 1 });
  await intents.mean("give:a", "/v1/grants", { amount: 2 });

  assert.deepEqual(api.sent.at(-1)?.body, { amount: 1 });
  assert.equal(new Set(api.sent.map((one) => one.key)).size, 1);
});

test("what one person meant is never sent as another, and goes on when they are back", async () => {
  const { api, told, intents } = desk();
  api.answers = [new NoAnswer("slow"), new NoAnswer("slow"), new NoAnswer("slow"), "given", "given"];
  await intents.mean("give:a", "/v1/grants", { amount: 1 });

  api.person = "r-2";
  await intents.resume();
  assert.deepEqual([api.sent.length, told.length], [3, 1]);
  await intents.mean("give:a", "/v1/grants", { amount: 2 });
  assert.deepEqual(api.sent.at(-1)?.body, { amount: 2 });
  assert.notEqual(api.sent.at(-1)?.key, api.sent[0]?.key);

  api.person = "r-1";
  await intents.resume();
  assert.equal(api.sent.at(-1)?.key, api.sent[0]?.key);
  assert.deepEqual(intents.waiting.value, []);
});

test("somebody who signs in between two tries does not send it", async () => {
  const { api, told, intents } = desk();
  api.answers = [new NoAnswer("slow"), "given"];

  const meant = intents.mean("give:a", "/v1/grants", 1);
  api.person = "r-2";
  await meant;

  assert.equal(api.sent.length, 1);
  assert.deepEqual(told, [["give:a", null, null]]);
});

test("what is too old is not sent any more, and is told to have been given up", async () => {
  const keep = new Kept(null, "");
  const old = { about: "give:a", path: "/v1/grants", body: 1, key: "k", at: Date.now() - 11 * 60_000, before: [] };
  keep.write("intents", [{ ...old, by: "r-1" }, { ...old, about: "give:b", by: "r-2" }, "no intent"]);
  const { api, intents } = desk(keep);
  const dropped: string[] = [];
  intents.dropped = (one) => void dropped.push(one.about);

  await intents.resume();

  assert.deepEqual(dropped, ["give:a", "give:b"]);
  assert.deepEqual(api.sent, []);
  assert.deepEqual(keep.read("intents"), []);
});

test("a refusal ends an intent", async () => {
  const { api, told, intents } = desk();
  api.answers = [new Refused(409, { type: "urn:agent-assist:problem:over_headroom" })];

  await intents.mean("give:a", "/v1/grants", 1);

  assert.equal(told[0]?.[2]?.code, "over_headroom");
  assert.deepEqual(intents.waiting.value, []);
});

test("an old answer never lands on a newer question", async () => {
  const latest = new Latest();
  const landed: string[] = [];
  let release: (text: string) => void = () => {};
  const slow = latest.run(() => new Promise<string>((resolve) => (release = resolve)), (text) => void landed.push(text));
  await latest.run(() => Promise.resolve("new"), (text) => void landed.push(text));
  release("old");
  await slow;

  assert.deepEqual(landed, ["new"]);
});
