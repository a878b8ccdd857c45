// Chatwoot's dashboard app. Older builds send the context when asked; newer ones (2026-09 on)
// also by themselves, with attributes and a theme. Neither has a way to insert a text.
import { type Context, type HostAdapter, listen, parentOrigin, type Surroundings, type Turn } from "./adapter";
import { attributes, type Bag, bag, channel, id, label, list, locale, readJson, said, textOfHtml, theme, time, turns } from "./hostile";

const ASK = "chatwoot-dashboard-app:fetch-info"; // exactly this text; in JSON it is ignored
const FIRST_ASKS = [0, 400, 1_500];
const EVERY = 5_000;
const INCOMING = 0;
const OUTGOING = [1, 3]; // an agent's, and a template's

export class Chatwoot implements HostAdapter {
  readonly insert = null;
  #ends: (() => void)[] = [];
  #last = "";

  constructor(private readonly around: Surroundings) {}

  start(changed: (context: Context) => void): void {
    const { window } = this.around;
    const ask = () => window.document.visibilityState === "visible" && this.#ask();
    this.#ends.push(listen(this.around, (data) => this.#read(data, changed)));
    for (const after of FIRST_ASKS) {
      const timer = setTimeout(() => this.#last === "" && this.#ask(), after);
      this.#ends.push(() => clearTimeout(timer));
    }
    // Before 2026-09 nothing is sent when a new message arrives.
    const timer = setInterval(ask, EVERY);
    window.addEventListener("focus", ask);
    window.document.addEventListener("visibilitychange", ask);
    this.#ends.push(
      () => clearInterval(timer),
      () => window.removeEventListener("focus", ask),
      () => window.document.removeEventListener("visibilitychange", ask),
    );
  }

  resize(): void {}

  close(): void {
    for (const end of this.#ends) end();
  }

  #ask(): void {
    const origin = parentOrigin(this.around);
    if (origin) this.around.parent.postMessage(ASK, origin);
  }

  #read(data: unknown, changed: (context: Context) => void): void {
    const context = readChatwoot(data);
    if (context === null) return;
    const now = JSON.stringify(context);
    if (now === this.#last) return;
    this.#last = now;
    changed(context);
  }
}

/** A message of Chatwoot's as a context; null if it is anything else. */
export function readChatwoot(message: unknown): Context | null {
  const outer = readJson(message);
  if (outer?.["event"] !== "appContext") return null;
  const data = bag(outer["data"]);
  const conversation = bag(data["conversation"]);
  // What names no conversation says nothing of the one that is shown.
  if (id(conversation["id"]) === null) return null;
  const sender = bag(bag(conversation["meta"])["sender"]);
  const contact = { ...sender, ...bag(data["contact"]) };
  const more = bag(conversation["additional_attributes"]);
  const own = bag(conversation["custom_attributes"]);
  return {
    conversation: {
      id: id(conversation["id"]),
      channel: channel(bag(conversation["meta"])["channel"] ?? conversation["channel"]),
      locale: locale(more["browser_language"] ?? bag(more["browser"])["browser_language"]),
      turns: turns(list(conversation["messages"]).flatMap((one) => turnOf(bag(one)))),
    },
    customer: {
      id: id(contact["identifier"]) ?? id(contact["id"]),
      name: label(contact["name"]),
    },
    order: id(own["order_id"]) ?? id(own["account_id"]),
    attributes: {
      ...attributes(bag(contact["additional_attributes"]), "contact"),
      ...attributes(bag(contact["custom_attributes"]), "contact"),
      ...attributes(own, ""),
      ...listed(data["customAttributes"]),
    },
    theme: theme(data["theme"]),
  };
}

function turnOf(message: Bag): Turn[] {
  const type = message["message_type"];
  const isAgent = OUTGOING.includes(type as number) || type === "outgoing" || type === "template";
  const isCustomer = type === INCOMING || type === "incoming";
  if (message["private"] === true || !(isAgent || isCustomer)) return [];
  const raw = said(message["content"]);
  const text = bag(message["content_attributes"])["email"] ? textOfHtml(raw) : raw;
  return [{ from: isAgent ? "agent" : "customer", text, at: time(message["created_at"]) }];
}

/** The newer builds' list of definitions, where one that has a value tells it. */
function listed(value: unknown): Record<string, string | number | boolean> {
  return Object.assign(
    {},
    ...list(value).map((one) => {
      const { attribute_key: key, value: found, attribute_model: model } = bag(one);
      return typeof key === "string" ? attributes({ [key]: found }, model === "contact_attribute" ? "contact" : "") : {};
    }),
  ) as Record<string, string | number | boolean>;
}
