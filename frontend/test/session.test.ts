// Whose session it is: what was wanted before somebody else signed in is not done as them.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { effect } from "@preact/signals";
import { Api } from "../api/api";
import { Refused, SignedOut } from "../api/problems";
import { Session } from "../api/session";
import { Kept } from "../keep";

const genuine = globalThis.fetch;
const begun: Session[] = [];
afterEach(async () => {
  for (const one of begun.splice(0)) await one.end(); // or its next renewal keeps the tests running
  globalThis.fetch = genuine;
});

function begin(): Session {
  begun.push(new Session(new Kept(null, "")));
  return begun.at(-1) as Session;
}

const opened = (person: string) => ({
  token: `aas_${person}`,
  renewal: `aar_${person}`,
  expires_at: new Date(Date.now() + 900_000).toISOString(),
  person: { id: person, name: person, level: "rep", team: "t-1" },
  scopes: [],
});

/** A server that opens sessions for the person in a code; `others` answers everything else. */
function serve(others: (token: string) => Promise<Response>): void {
  globalThis.fetch = async (path, init) => {
    const body = JSON.parse(String(init?.body ?? "{}")) as { code?: string; renewal?: string };
    const who = body.code ?? body.renewal?.slice("aar_".length);
    if (String(path).startsWith("/v1/sessions") && who) return Response.json(opened(who));
    return others(new Headers(init?.headers).get("Authorization") ?? "");
  };
}

test("what was refused for an old token is not sent again as somebody else", async () => {
  const session = begin();
  const api = new Api(session);
  const sent: string[] = [];
  let refuse: () => void = () => {};
  serve((token) => {
    sent.push(token);
    if (sent.length > 1) return Promise.resolve(Response.json({}));
    return new Promise((answer) => (refuse = () => answer(Response.json({}, { status: 401 }))));
  });
  await session.signIn("first");

  const wanted = api.post("/v1/grants", {});
  await session.signIn("second");
  refuse();

  await assert.rejects(wanted, SignedOut);
  assert.deepEqual(sent, ["Bearer aas_first"]);
});

const stepUp = () =>
  Response.json({ type: "urn:agent-assist:problem:step_up_required", how: ["password", "code"] }, { status: 403 });

test("what wants proof is sent again once it was given, with the same key", async () => {
  const session = begin();
  const api = new Api(session);
  const keys: (string | null)[] = [];
  serve(() => Promise.resolve(keys.length === 1 ? stepUp() : Response.json({ done: true })));
  const served = globalThis.fetch;
  globalThis.fetch = (path, init) => {
    if (String(path) === "/v1/keys") keys.push(new Headers(init?.headers).get("Idempotency-Key"));
    return served(path, init);
  };
  const asked: unknown[] = [];
  api.prove = (how) => (asked.push(how), Promise.resolve(true));
  await session.signIn("first");

  assert.deepEqual(await api.post("/v1/keys", {}, { key: "k" }), { done: true });

  assert.deepEqual(asked, [["password", "code"]]);
  assert.deepEqual(keys, ["k", "k"]);
});

test("who shows nothing, or has become somebody else meanwhile, is refused", async () => {
  const session = begin();
  const api = new Api(session);
  let sent = 0;
  serve(() => ((sent += 1), Promise.resolve(stepUp())));
  await session.signIn("first");

  await assert.rejects(api.post("/v1/keys", {}), Refused);
  api.prove = () => session.signIn("second");
  await assert.rejects(api.post("/v1/keys", {}), Refused);

  assert.equal(sent, 2);
});

test("a renewal is of the same person, and changes nobody", async () => {
  const session = begin();
  serve(() => Promise.resolve(Response.json({})));
  const seen: unknown[] = [];
  await session.signIn("first");
  effect(() => void seen.push(session.person.value?.id));

  await session.renew();
  await session.signIn("second");

  assert.deepEqual(seen, ["first", "second"]);
});

test("it is told who arrives before anything can be done as them", async () => {
  const session = begin();
  serve(() => Promise.resolve(Response.json({})));
  const told: unknown[] = [];
  session.arrives = (who) => told.push([who.id, session.isOpen.value, session.person.value?.id]);

  await session.signIn("first");

  assert.deepEqual(told, [["first", false, undefined]]);
});
