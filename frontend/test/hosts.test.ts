import assert from "node:assert/strict";
import { test } from "node:test";
import { readChatwoot } from "../panel/hosts/chatwoot";
import { readContext } from "../panel/hosts/generic";
import { attributes, channel, id, time } from "../panel/hosts/hostile";
import { readZendesk } from "../panel/hosts/zendesk";

const OLD = {
  event: "appContext",
  data: {
    conversation: {
      id: 41,
      meta: { sender: { id: 7, name: "Ana R.", identifier: "c-9", custom_attributes: { plan: "plus" } }, channel: "Channel::WebWidget" },
      custom_attributes: { order_id: "o-3", transaction_fee: "15.00" },
      messages: [
        { id: 1, content: "Hi", message_type: 0, created_at: 1_767_000_000 },
        { id: 2, content: "internal", message_type: 1, private: true },
        { id: 3, content: "Welcome!", message_type: 1 },
        { id: 4, content: "assigned", message_type: 2 },
        { id: 5, content: "a fee <b>nobody</b> told me of", message_type: 0 },
      ],
    },
    contact: { id: 7, name: "Ana R.", identifier: "c-9", custom_attributes: { plan: "plus" } },
  },
};

test("both generations of Chatwoot's context are read", () => {
  const old = readChatwoot(JSON.stringify(OLD));
  const now = readChatwoot(
    JSON.stringify({
      ...OLD,
      data: {
        ...OLD.data,
        theme: "dark",
        customAttributes: [{ attribute_key: "plan", attribute_model: "contact_attribute", value: "premium" }],
      },
    }),
  );

  assert.equal(old?.conversation.id, "41");
  assert.equal(old?.conversation.channel, "webwidget");
  assert.deepEqual(old?.conversation.turns.map((turn) => [turn.from, turn.text]), [
    ["customer", "Hi"],
    ["agent", "Welcome!"],
    ["customer", "a fee <b>nobody</b> told me of"],
  ]);
  assert.equal(old?.conversation.turns[0]?.at, "2025-12-29T09:20:00.000Z");
  assert.deepEqual(old?.customer, { id: "c-9", name: "Ana R." });
  assert.equal(old?.order, "o-3");
  assert.deepEqual(old?.attributes, { "contact.plan": "plus", order_id: "o-3", transaction_fee: "15.00" });
  assert.equal(old?.theme, null);
  assert.equal(now?.theme, "dark");
  assert.equal(now?.attributes["contact.plan"], "premium");
});

test("nothing that is not a context of Chatwoot's becomes one", () => {
  const messages = [null, 1, {}, OLD, "", "{", "[]", "null", '"appContext"', JSON.stringify({ event: "other", data: OLD.data })];

  for (const message of messages) assert.equal(readChatwoot(message), null);
  // One that names no conversation must not take away the one that is shown.
  for (const data of [undefined, null, { conversation: [], contact: "x" }, { conversation: { messages: [] } }]) {
    assert.equal(readChatwoot(JSON.stringify({ event: "appContext", data })), null);
  }
});

test("of a very long transcript the newest turns are kept", () => {
  const messages = Array.from({ length: 500 }, (_, at) => ({ from: "customer", text: `turn ${at}` }));
  const turns = readContext({ conversation: { id: "k", messages } })?.conversation.turns ?? [];

  assert.equal(turns.length, 200);
  assert.equal(turns.at(-1)?.text, "turn 499");
});

test("a generic context needs a conversation, and passes over what it cannot read", () => {
  assert.equal(readContext({}), null);
  assert.equal(readContext({ conversation: { id: "" } }), null);
  const context = readContext({
    conversation: { id: 12, messages: [{ from: "boss", text: "no" }, { from: "customer" }, { from: "customer", text: "a\u0000b" }] },
    customer: { id: { toString: "x" }, name: "A\u202eB" },
    attributes: { "contact.plan": "plus", nested: { a: 1 }, "<script>": "x" },
  });

  assert.deepEqual(context?.conversation.turns, [{ from: "customer", text: "a b", at: null }]);
  assert.deepEqual(context?.customer, { id: null, name: "A B" });
  assert.deepEqual(context?.attributes, { "contact.plan": "plus" });
});

test("a Zendesk ticket is read, notes left out", () => {
  const context = readZendesk({
    "ticket.id": 7,
    "ticket.requester": { id: 3, externalId: "c-9", name: "Ana" },
    "ticket.conversation": [
      { author: { role: "end-user" }, message: { content: "a fee?", contentType: "text/plain" }, channel: { name: "email" } },
      { author: { role: "agent" }, message: { content: "a note", contentType: "text/plain" }, isPublic: false },
      { author: { role: "agent" }, message: { content: "Let me look", contentType: "text/plain" } },
    ],
  });

  assert.equal(context.conversation.id, "7");
  assert.equal(context.conversation.channel, "email");
  assert.deepEqual(context.conversation.turns.map((turn) => turn.from), ["customer", "agent"]);
});

test("ids, times and channels that the API would refuse are none", () => {
  assert.equal(id(" 4711 "), "4711");
  for (const bad of ["", "a\nb", "a\u200bb", "x".repeat(201), "\ud800", 1.5, NaN, {}, null]) assert.equal(id(bad), null);
  assert.equal(id("with space"), "with space");
  for (const bad of ["soon", -5, NaN, {}, null, true]) assert.equal(time(bad), null);
  assert.equal(channel("Channel::Web Widget"), "web_widget");
  assert.equal(channel("123"), null);
  assert.deepEqual(attributes([1], "x"), {});
});
