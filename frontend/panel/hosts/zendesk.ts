// Zendesk's sidebar, by the messages of its app framework (ZAF v2): JSON texts both ways.
import { type Context, type HostAdapter, listen, type Surroundings, type Turn } from "./adapter";
import { attributes, type Bag, bag, channel, id, label, list, locale, readJson, said, textOfHtml, time, turns } from "./hostile";

const PATHS = ["ticket.id", "ticket.conversation", "ticket.requester", "ticket.customField:order_id", "currentUser.locale"];
const CHANGED = "ticket.conversation.changed";
const TEXT_LIMIT = 65_000;

export class Zendesk implements HostAdapter {
  readonly insert = (text: string) => this.#request("invoke", { "comment.appendText": [text.slice(0, TEXT_LIMIT)] });
  #end = () => {};
  #changed: (context: Context) => void = () => {};
  #next = 1;
  #asked = 0;
  #last = "";
  #isRegistered = false;
  readonly #origin: string | null;
  readonly #guid: string;

  constructor(private readonly around: Surroundings) {
    const query = new URLSearchParams(around.window.location.search);
    const origin = query.get("origin") ?? "";
    this.#origin = around.origins.includes(origin) ? origin : null;
    this.#guid = (query.get("app_guid") ?? "").slice(0, 200);
  }

  start(changed: (context: Context) => void): void {
    this.#changed = changed;
    this.#end = listen(this.around, (data, origin) => {
      if (origin === this.#origin) this.#hear(readJson(data) ?? {});
    });
    this.#tell({ key: "iframe.handshake", message: { version: "2.0.11" } });
  }

  resize(height: number): void {
    if (this.#isRegistered) this.#request("invoke", { resize: [{ width: "100%", height: `${height}px` }] });
  }

  close(): void {
    this.#end();
  }

  #hear(message: Bag): void {
    if (message["key"] === "zaf.app.registered" && !this.#isRegistered) {
      this.#isRegistered = true;
      this.#tell({ key: `iframe.on:${CHANGED}`, message: { subscriberCount: 1 } });
      this.#ask();
    } else if (message["key"] === `zaf.${CHANGED}`) {
      this.#ask();
    } else if (message["id"] === this.#asked && this.#asked > 0) {
      this.#take(bag(message["result"]));
    }
  }

  #ask(): void {
    this.#asked = this.#next;
    this.#request("get", PATHS);
  }

  #take(result: Bag): void {
    const context = readZendesk(result);
    const now = JSON.stringify(context);
    if (now === this.#last) return;
    this.#last = now;
    this.#changed(context);
  }

  #request(request: string, params: unknown): void {
    this.#tell({ id: this.#next, request, params });
    this.#next += 1;
  }

  #tell(message: Bag): void {
    if (this.#origin === null) return;
    const guids = { appGuid: this.#guid, instanceGuid: this.#guid };
    this.around.parent.postMessage(JSON.stringify({ ...message, ...guids }), this.#origin);
  }
}

/** What `get` answered, as a context. */
export function readZendesk(result: Bag): Context {
  const requester = bag(result["ticket.requester"]);
  const entries = list(result["ticket.conversation"]).map(bag);
  return {
    conversation: {
      id: id(result["ticket.id"]),
      channel: channel(bag(entries[0]?.["channel"])["name"]),
      locale: locale(requester["locale"] ?? result["currentUser.locale"]),
      turns: turns(entries.flatMap(turnOf)),
    },
    customer: { id: id(requester["externalId"]) ?? id(requester["id"]), name: label(requester["name"]) },
    order: id(result["ticket.customField:order_id"]),
    attributes: attributes(requester["userFields"], "contact"),
    theme: null,
  };
}

function turnOf(entry: Bag): Turn[] {
  if (entry["isPublic"] === false) return [];
  const message = bag(entry["message"]);
  const raw = said(message["content"] ?? entry["content"]);
  const isHtml = (message["contentType"] ?? entry["contentType"]) === "text/html" || /^\s*<\w/.test(raw);
  const role = bag(entry["author"])["role"];
  const isCustomer = role === "end-user" || role === undefined;
  return [
    {
      from: isCustomer ? "customer" : role === "system" ? "system" : "agent",
      text: isHtml ? textOfHtml(raw) : raw,
      at: time(entry["timestamp"] ?? message["timestamp"]),
    },
  ];
}
