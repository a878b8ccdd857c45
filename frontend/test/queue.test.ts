import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Api } from "../api/api";
import { NoAnswer, Refused } from "../api/problems";
import type { Event as Happening, RulingAnswers, RulingsRequest, WaitingRequest as Waiting } from "../api/schema";
import { Deciding } from "../console/approvals/deciding";
import { Queue } from "../console/approvals/queue";
import { Workbench } from "../console/approvals/workbench";
import { precedentInWords, since, total } from "../console/approvals/words";

const EUR = (amount: string) => ({ amount, currency: "EUR" });

function waiting(id: string, more: { may?: boolean; covers?: boolean; amount?: string } = {}): Waiting {
  const { may = true, covers = true, amount = "14.00" } = more;
  return {
    approval: { id, hash: id, amount: EUR(amount), issue: "fee", remedy: "waiver", rep: "r-1" },
    asker: "Rita",
    mine: { may, covers, refusal: may ? null : "it is your own", up_to: EUR("20.00"), binding: null },
  } as unknown as Waiting;
}

function bench(first: readonly Waiting[], answer: (body: RulingsRequest) => Promise<RulingAnswers>) {
  const items = signal<readonly Waiting[] | null>(first);
  const told: string[] = [];
  const sent: RulingsRequest[] = [];
  const api = {
    person: "s-1",
    get: () => Promise.resolve({ approval: { state: "refused", end: { by: "s-2", at: "2026-01-01T00:00:00Z", reason_code: "not_justified" } } }),
    post: (_path: string, body: RulingsRequest) => (sent.push(body), answer(body)),
  } as unknown as Api;
  const deciding = new Deciding(api, (text) => told.push(text), () => undefined);
  const queue = { items } as unknown as Queue;
  return { items, told, sent, deciding, at: new Workbench(api, queue, deciding, (text) => told.push(text)) };
}

const all = (body: RulingsRequest) =>
  Promise.resolve({
    items: body.decisions.map((one) => ({
      id: one.approval, status: 200, replayed: false, problem: null, conflict: null,
      approval: { end: { amount: EUR("14.00") } },
    })),
  } as unknown as RulingAnswers);

test("the next request is there as soon as one is decided", async () => {
  const { at, sent } = bench([waiting("a"), waiting("b"), waiting("c")], all);
  at.move(1);
  assert.equal(at.current.value, "b");
  at.begin("approve");
  at.decide({ ruling: "approve", reason: "justified", less: null });
  assert.equal(at.current.value, "c");
  assert.equal(at.act.value, null);
  await Promise.resolve();
  assert.deepEqual(sent[0]?.decisions.map((one) => one.approval), ["b"]);
});

test("what ended elsewhere while it was shown stays in sight, with how it ended and what was written", async () => {
  const { at, items } = bench([waiting("a"), waiting("b")], all);
  at.begin("refuse");
  at.comment.value = "ask for the receipt";
  items.value = [waiting("b")];
  assert.equal(at.gone.value?.one.approval.id, "a");
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(at.gone.value?.approval?.state, "refused");
  assert.equal(at.comment.value, "ask for the receipt");
  at.next();
  assert.equal(at.current.value, "b");
});

test("only what is like it and may be decided on is picked together", () => {
  const others = [waiting("own", { may: false }), waiting("big", { covers: false }), waiting("b"), waiting("a")];
  const { at } = bench(others, all);
  at.pickLike();
  assert.deepEqual([...at.picked.value], ["b", "a"]);
  at.pick("own");
  assert.equal(at.picked.value.has("own"), false);
});

test("one's own request is not begun to be decided on, and it is said why", () => {
  const { at, told } = bench([waiting("own", { may: false })], all);
  at.begin("approve");
  assert.equal(at.act.value, null);
  assert.match(told[0] ?? "", /your own/);
});

test("what nobody answered is asked again with the same key", async () => {
  let fails = 3;
  const { at, deciding, sent } = bench([waiting("a")], (body) =>
    fails-- > 0 ? Promise.reject(new NoAnswer("offline")) : all(body),
  );
  at.decide({ ruling: "approve", reason: "justified", less: null });
  while (deciding.open.value.size > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(deciding.troubles.value.length, 1);
  await deciding.resume();
  assert.equal(deciding.troubles.value.length, 0);
  assert.equal(new Set(sent.flatMap((one) => one.decisions.map((each) => each.key))).size, 1);
});

test("sums and sentences are exact", () => {
  assert.equal(total([EUR("0.10"), EUR("0.20")]), "€0.30");
  assert.equal(total([EUR("0.10"), { percent: "5" }]), null);
  assert.equal(since(65 * 60_000), "1 h 5 min");
  const like = { approved: 7, lowered: 1, refused: 1, median: EUR("30.00"), days: 90, least: EUR("1.00"), most: EUR("4.00") };
  assert.equal(precedentInWords(like), "8 of 9 like this were approved, median €30.00.");
});

test("what happens while the queue is being read is read at once, not when it is next due", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const reads: string[] = [];
  let answer = () => undefined as void;
  const page = () => ({ at: "2026-01-01T00:00:00Z", items: [], next_cursor: null });
  const get = (path: string) => {
    if (!path.startsWith("/v1/queue")) return Promise.resolve({ deciders: [] });
    reads.push(path);
    return new Promise((resolve) => (answer = () => resolve(page())));
  };
  const queue = new Queue({ get } as unknown as Api);
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  queue.start();
  queue.happened({ type: "approval.withdrawn" } as Happening);
  answer();
  await turn();
  context.mock.timers.tick(150);
  assert.equal(reads.length, 2);
  queue.stop();
});

test("who may not see the queue is asked for it once, and again when they are somebody else", async () => {
  const asked: string[] = [];
  const get = (path: string) => (asked.push(path), Promise.reject(new Refused(403, { type: "urn:x:level_too_low" })));
  const queue = new Queue({ get } as unknown as Api);
  try {
    queue.start();
    await new Promise((resolve) => setTimeout(resolve));
    const once = asked.length;
    queue.happened({ type: "approval.requested" } as Happening);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(asked.length, once);
    queue.again();
    assert.ok(asked.length > once);
  } finally {
    queue.stop();
  }
});
