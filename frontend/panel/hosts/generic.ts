// The protocol for any other page: objects with a version, exact origins both ways.
// docs/embedding/messages.schema.json says what may stand in them.
import { type Context, type HostAdapter, listen, parentOrigin, type Surroundings, type Turn } from "./adapter";
import { attributes, type Bag, bag, channel, id, label, list, locale, said, theme, time, turns } from "./hostile";

const SOURCE = "agent-assist";
const VERSION = 1;

export class Generic implements HostAdapter {
  readonly insert = (text: string) => this.#tell("insert", { text });
  #end = () => {};
  #context: Context | null = null;

  constructor(private readonly around: Surroundings) {}

  start(changed: (context: Context) => void): void {
    this.#end = listen(this.around, (data) => this.#hear(bag(data), changed));
    this.#tell("ready", { versions: [VERSION] });
  }

  resize(height: number): void {
    this.#tell("resize", { height });
  }

  close(): void {
    this.#end();
  }

  #hear(message: Bag, changed: (context: Context) => void): void {
    if (message["source"] !== SOURCE || message["v"] !== VERSION) return;
    const payload = message["payload"];
    if (message["type"] === "context") {
      const context = readContext(payload);
      if (context === null) return this.#refuse("context");
      this.#context = context;
      changed(context);
    } else if (message["type"] === "message") {
      const turn = readTurn(payload);
      if (turn === null || this.#context === null) return this.#refuse("message");
      const { conversation } = this.#context;
      this.#context = {
        ...this.#context,
        conversation: { ...conversation, turns: turns([...conversation.turns, turn]) },
      };
      changed(this.#context);
    }
  }

  #refuse(type: string): void {
    this.#tell("error", { of: type, detail: `the payload of this ${type} cannot be read` });
  }

  #tell(type: string, payload: unknown): void {
    const origin = parentOrigin(this.around);
    if (origin) this.around.parent.postMessage({ source: SOURCE, v: VERSION, type, payload }, origin);
  }
}

/** The payload of a `context`; null if it names no conversation. */
export function readContext(payload: unknown): Context | null {
  const given = bag(payload);
  const conversation = bag(given["conversation"]);
  const customer = bag(given["customer"]);
  const found = id(conversation["id"]);
  if (found === null) return null;
  return {
    conversation: {
      id: found,
      channel: channel(conversation["channel"]),
      locale: locale(conversation["locale"]),
      turns: turns(list(conversation["messages"]).flatMap((one) => readTurn(one) ?? [])),
    },
    customer: { id: id(customer["id"]), name: label(customer["name"]) },
    order: id(bag(given["order"])["id"]),
    attributes: attributes(given["attributes"], ""),
    theme: theme(given["theme"]),
  };
}

function readTurn(value: unknown): Turn | null {
  const { from, text, at } = bag(value);
  if (typeof text !== "string" || (from !== "customer" && from !== "agent" && from !== "system")) return null;
  return { from, text: said(text), at: time(at) };
}
