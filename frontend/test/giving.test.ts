// What became of what was given, told of the contact and remedy that it belongs to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Api } from "../api/api";
import { NoAnswer, Refused } from "../api/problems";
import type { Context } from "../panel/hosts/adapter";
import { Kept } from "../keep";
import type { Asking } from "../panel/state/asking";
import { ContactState } from "../panel/state/contact";
import { Giving } from "../panel/state/giving";

const SIX = { amount: "6.00", currency: "EUR" };
const GIVEN = { id: "g-1", remedy: "fee", amount: SIX, reason_code: "our_error", rep: "r-1", contact: "a", state: "reserved" };
const REFUSAL = new Refused(409, { type: "urn:agent-assist:problem:over_headroom" });

function context(id: string): Context {
  const conversation = { id, channel: null, locale: null, turns: [] };
  return { conversation, customer: { id: null, name: null }, order: null, attributes: {}, theme: null };
}

function desk() {
  const api = {
    person: "r-1",
    grants: [] as object[],
    answer: (): Promise<unknown> => Promise.reject(new NoAnswer("slow")),
    get: (path: string) => Promise.resolve({ items: path.startsWith("/v1/grants") ? api.grants : [] }),
    post: () => api.answer(),
  };
  const contact = new ContactState(new Kept(null, ""));
  contact.show(context("a"));
  const asking = { again() {}, suggestion: signal(null) } as unknown as Asking;
  const giving = new Giving(api as unknown as Api, new Kept(null, ""), contact, asking, () => null, [1]);
  const announced: unknown[] = [];
  giving.announce = (what) => void announced.push(what);
  const give = () => giving.send({ remedy: "fee", amount: SIX, reason: "our_error", comment: "" }, "issue", false);
  return { api, contact, giving, announced, give };
}

test("a refusal is told in the contact that it belongs to, whichever is shown when it arrives", async () => {
  const { api, contact, giving, announced, give } = desk();
  let refuse: (fault: Refused) => void = () => {};
  api.answer = () => new Promise((_, reject) => (refuse = reject));

  const sent = give();
  contact.show(context("b"));
  refuse(REFUSAL);
  await sent;

  assert.equal(giving.trouble(giving.about("give", "fee")), null);
  assert.deepEqual([giving.remediesInNews(), announced], [[], []]);
  contact.show(context("a"));
  assert.equal(giving.trouble(giving.about("give", "fee"))?.fault, REFUSAL);
  assert.deepEqual(giving.remediesInNews(), ["fee"]);
  api.person = "r-2";
  assert.deepEqual(giving.remediesInNews(), []);
});

test("what nobody knows is in doubt with its amount until what stands shows that it was done", async () => {
  const { api, giving, announced, give } = desk();
  await give();
  const about = giving.about("give", "fee");
  assert.deepEqual((giving.intents.doubt(about)?.body as { amount: unknown }).amount, SIX);

  api.grants = [{ ...GIVEN, amount: { amount: "5.00", currency: "EUR" } }, { ...GIVEN, rep: "r-2" }];
  await giving.refresh();
  assert.notEqual(giving.intents.doubt(about), null);

  api.grants = [GIVEN];
  await giving.refresh();
  assert.equal(giving.intents.doubt(about), null);
  assert.deepEqual(announced, ["unknown", "given"]);
});

test("what stood before is not taken for what was meant", async () => {
  const { api, giving, give } = desk();
  api.grants = [GIVEN];
  await giving.refresh();

  await give();
  await giving.refresh();

  assert.notEqual(giving.intents.doubt(giving.about("give", "fee")), null);
});

test("a doubt ends with the refusal of what is sent again", async () => {
  const { api, giving, give } = desk();
  await give();

  api.answer = () => Promise.reject(REFUSAL);
  await giving.intents.resume();

  const about = giving.about("give", "fee");
  assert.deepEqual([giving.intents.doubt(about), giving.trouble(about)?.fault], [null, REFUSAL]);
});
