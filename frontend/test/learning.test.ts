// What the panel learns of the library: in an order that means the same, and once more with each version.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Api } from "../api/api";
import { NoAnswer } from "../api/problems";
import { Learning } from "../panel/state/learning";

type Answer = (found: object) => void;

function school() {
  const asked: { path: string; answer: Answer; fail: (fault: Error) => void }[] = [];
  const api = {
    get: (path: string) => new Promise((answer, fail) => asked.push({ path, answer: answer as Answer, fail })),
  };
  const learned: string[] = [];
  const note = (what: string) => (found: readonly unknown[]) => void learned.push(`${what}: ${found.join()}`);
  const learner = { facts: note("facts"), remedies: note("remedies"), issues: note("issues") };
  const learning = new Learning(api as unknown as Api, learner, 20, [1]);
  const newest = (path: string) => asked.findLast((one) => one.path === path)!;
  const answer = (path: string, ...items: string[]) => newest(path).answer({ items });
  return { asked, learned, learning, newest, answer };
}

const moment = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

test("facts are read when it is known in which currency, whichever answer comes first", async () => {
  const { learned, learning, answer } = school();
  learning.begin();

  answer("/v1/facts", "fee");
  await moment();
  assert.deepEqual([learned, learning.isEnough.value], [[], false]);
  answer("/v1/remedies", "refund");
  await moment();

  assert.deepEqual([learned, learning.isEnough.value], [["remedies: refund", "facts: fee"], true]);
  learning.stop();
});

test("what gets no answer is asked for until there is one, and nobody waits for it for ever", async () => {
  const { asked, learned, learning, newest, answer } = school();
  learning.begin();
  answer("/v1/remedies", "refund");

  newest("/v1/facts").fail(new NoAnswer("failing"));
  await moment(40);
  assert.equal(learning.isEnough.value, true);
  answer("/v1/facts", "fee");
  await moment();

  assert.deepEqual(learned, ["remedies: refund", "facts: fee"]);
  assert.equal(asked.filter((one) => one.path === "/v1/facts").length, 2);
  learning.stop();
});

test("a newer version is learned anew, and the answers about the older never land", async () => {
  const { learned, learning, newest, answer } = school();
  learning.begin();
  const older = newest("/v1/issues");
  learning.begin();

  answer("/v1/issues", "new");
  older.answer({ items: ["old"] });
  await moment();

  assert.deepEqual(learned, ["issues: new"]);
  learning.stop();
});
