// How a contact ended: recorded as it was meant last.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Api } from "../api/api";
import { SignedOut } from "../api/problems";
import { Kept } from "../keep";
import type { Asking } from "../panel/state/asking";
import { ContactState } from "../panel/state/contact";
import { Ending } from "../panel/state/ending";
import type { Giving } from "../panel/state/giving";

function desk() {
  const sent: { resolved: boolean; said: unknown; key: string }[] = [];
  const api = {
    person: "r-1",
    answers: true,
    get: () => Promise.resolve({ is_described: true, items: [] }),
    post: (_path: string, body: { resolved: boolean; said: unknown }, more: { key: string }) => {
      sent.push({ ...body, key: more.key });
      return api.answers ? Promise.resolve({ number: 1, ...body }) : Promise.reject(new SignedOut());
    },
  };
  const contact = new ContactState(new Kept(null, ""));
  const asking = { suggestion: signal(null), shown: signal(null) } as unknown as Asking;
  const giving = { standing: signal([]), grants: signal([]) } as unknown as Giving;
  const ending = new Ending(api as unknown as Api, new Kept(null, ""), contact, asking, giving, () => null);
  return { api, contact, ending, sent };
}

test("an outcome that was changed after a lost answer is recorded as it was changed", async () => {
  const { api, ending, sent } = desk();
  api.answers = false;

  assert.equal(await ending.record(true, null, ""), false);
  assert.equal(await ending.record(true, null, ""), false);
  api.answers = true;
  assert.equal(await ending.record(false, null, ""), true);

  const [first, again, changed] = sent;
  assert.equal(first?.key, again?.key); // the same is the same request
  assert.notEqual(changed?.key, first?.key);
  assert.equal(changed?.resolved, false);
  assert.equal(ending.outcome.value?.resolved, false);
});

test("what was said to the customer is told with the outcome, and is the contact's own", async () => {
  const { contact, ending, sent } = desk();
  contact.say("fees/cash", 4, null);
  contact.say("cards/lost", 2, "alternative");

  await ending.record(true, null, "");
  contact.begin();
  await ending.record(true, null, "");

  assert.deepEqual(sent.map((one) => one.said), [
    [
      { policy: "fees/cash", version: 4 },
      { policy: "cards/lost", version: 2, wording: "alternative" },
    ],
    [],
  ]);
});
