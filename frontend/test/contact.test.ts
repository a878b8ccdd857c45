// The contact on the screen, and the keys that act on it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context } from "../panel/hosts/adapter";
import { Kept } from "../keep";
import { Keys } from "../panel/keys";
import { ContactState } from "../panel/state/contact";

function context(id: string, texts: readonly string[]): Context {
  const turns = texts.map((text) => ({ from: "customer" as const, text, at: null }));
  const conversation = { id, channel: null, locale: null, turns };
  return { conversation, customer: { id: null, name: null }, order: null, attributes: {}, theme: null };
}

test("of a transcript that is too long to be sent, the newest turns are asked about", () => {
  const contact = new ContactState(new Kept(null, ""));
  contact.show(context("4711", Array.from({ length: 200 }, (_, at) => `${at} `.padEnd(20_000, "x"))));

  const { transcript } = contact.words.value as { transcript: { text: string }[] };

  assert.equal(transcript.length, 12);
  assert.match(transcript.at(-1)?.text ?? "", /^199 /);
  assert.ok(JSON.stringify(transcript).length < 300_000);
});

test("an outcome that is being filled in is kept by contact until it is recorded", () => {
  const contact = new ContactState(new Kept(null, ""));
  const ended = { resolved: false, cause: "process" as const, note: "asks again on Monday" };
  contact.show(context("a", ["hello"]));
  contact.end(ended);

  contact.show(context("b", ["hello"]));
  const ofOther = contact.work.value.ended;
  contact.show(context("a", ["hello"]));

  assert.equal(ofOther, null);
  assert.deepEqual(contact.work.value.ended, ended);
});

test("a key that is held down means its action once", () => {
  Object.assign(globalThis, { Element: class {} }); // browsers have one, node has not
  const keys = new Keys(new Kept(null, ""));
  const done: string[] = [];
  keys.run = (action) => done.push(action) > 0;
  const press = (repeat: boolean) => keys.pressed({ key: "u", repeat, preventDefault() {} } as unknown as KeyboardEvent);

  [false, true, true].forEach(press);

  assert.deepEqual(done, ["undo"]);
});

test("the amount and the comment that are being typed are kept by contact until they are sent", () => {
  const keep = new Kept(null, "");
  const contact = new ContactState(keep);
  const draft = { amount: "7.5", comment: "twice today" };
  contact.show(context("a", []));
  contact.draft("fee_refund", draft);
  contact.show(context("b", []));
  assert.deepEqual(contact.work.value.drafts, {});

  const reloaded = new ContactState(keep);
  reloaded.show(context("a", []));
  assert.deepEqual(reloaded.work.value.drafts, { fee_refund: draft });
  reloaded.draft("fee_refund", null);
  assert.deepEqual(reloaded.work.value.drafts, {});
});

test("whoever comes next finds nothing that was typed, in any contact", () => {
  const keep = new Kept(null, "");
  const contact = new ContactState(keep);
  contact.show(context("a", ["hello"]));
  contact.type("words of the first");
  contact.show(context("b", ["hello"]));
  contact.answer("fee.disclosed", false);

  contact.forgetAll();

  assert.deepEqual([contact.facts.value, contact.work.value.facts], [{}, {}]);
  contact.show(context("a", ["hello"]));
  assert.equal(contact.said.value, "hello");
  assert.equal(new ContactState(keep).work.value.typed, null);
});
