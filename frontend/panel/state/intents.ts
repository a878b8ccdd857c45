// What the rep meant to be done, once: each intent has one Idempotency-Key, which outlives failures
// and reloads until the server has said what became of it. It belongs to the person who meant it.
import { signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { isPassing, Refused, SignedOut } from "../../api/problems";
import type { Keep } from "../../keep";

export interface Intent {
  /** What it is about, such as `give:fee_waiver:4711`: of one thing only one is under way. */
  readonly about: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
  /** Id of the person who meant it: it is never sent as somebody else. */
  readonly by: string;
  readonly at: number;
  /** Ids of what stood when it was meant: none of these came of it. */
  readonly before: readonly string[];
}

export type Sending = "sending" | "retrying";

const RETRIES = [500, 1_500, 3_000, 6_000];
const LONGEST = 10 * 60_000; // ms; an older one is not sent by itself any more

/** The outcome of an intent, told to whoever shows it; `intent` may be from before a reload. */
export type Told = (intent: Intent, answer: unknown, fault: Refused | null) => void;

export class Intents {
  /** What is under way, by what it is about. */
  readonly open = signal<ReadonlyMap<string, Sending>>(new Map());
  /** What the server has not yet said the outcome of, whoever meant it. */
  readonly waiting = signal<readonly Intent[]>([]);
  /** Told of what was given up for its age without anybody knowing what became of it. */
  dropped: (intent: Intent) => void = () => {};

  constructor(
    private readonly api: Api,
    private readonly keep: Keep,
    private readonly told: Told,
    private readonly pauses: readonly number[] = RETRIES,
  ) {
    const found = keep.read("intents");
    if (Array.isArray(found)) this.waiting.value = found.filter(isIntent);
  }

  /**
   * Do it, unless it is being done.
   *
   * While nobody knows what became of an earlier intent about the same thing, that one is sent
   * again instead, whatever is wanted now: or it could be done twice.
   */
  async mean(about: string, path: string, body: unknown, before: readonly string[] = []): Promise<void> {
    if (this.open.value.has(about)) return;
    const waiting = this.waiting.value.find((one) => one.about === about && this.#isMine(one));
    const by = this.api.person ?? "";
    const intent = waiting ?? { about, path, body, key: crypto.randomUUID(), by, at: Date.now(), before };
    if (!waiting) this.#write([...this.waiting.value, intent]);
    await this.#send(intent, waiting ? "retrying" : "sending");
  }

  /** The intent about something of which nobody knows, after a first try, what became; or null. */
  doubt(about: string): Intent | null {
    if (this.open.value.get(about) === "sending") return null;
    return this.waiting.value.find((one) => one.about === about && this.#isMine(one)) ?? null;
  }

  /** Let go of what turned out to be done, unless it is being asked about; gives what was let go. */
  settle(isDone: (intent: Intent) => boolean): readonly Intent[] {
    const done = this.waiting.value.filter((one) => this.#isMine(one) && !this.open.value.has(one.about) && isDone(one));
    if (done.length > 0) this.#write(this.waiting.value.filter((one) => !done.includes(one)));
    return done;
  }

  /** Go on with what an earlier page of this tab had begun, or a lost connection left open. */
  async resume(): Promise<void> {
    this.#dropOld();
    for (const intent of this.waiting.value) {
      if (this.#isMine(intent) && !this.open.value.has(intent.about)) await this.#send(intent, "retrying");
    }
  }

  #dropOld(): void {
    const isOld = (one: Intent) => Date.now() - one.at >= LONGEST && !this.open.value.has(one.about);
    const old = this.waiting.value.filter(isOld);
    if (old.length === 0) return;
    this.#write(this.waiting.value.filter((one) => !old.includes(one)));
    for (const intent of old) this.dropped(intent);
  }

  #isMine(intent: Intent): boolean {
    return intent.by === this.api.person;
  }

  async #send(intent: Intent, first: Sending): Promise<void> {
    this.#mark(intent.about, first);
    try {
      const answer = await this.#insist(intent);
      this.#done(intent);
      this.told(intent, answer, null);
    } catch (fault) {
      if (fault instanceof Refused) {
        this.#done(intent);
        this.told(intent, null, fault);
      } else if (isPassing(fault) || fault instanceof SignedOut) {
        this.#mark(intent.about, null); // kept: it goes on when the connection or the session is back
        this.told(intent, null, null);
      } else {
        throw fault;
      }
    }
  }

  async #insist(intent: Intent): Promise<unknown> {
    for (const pause of this.pauses) {
      try {
        return await this.#post(intent);
      } catch (fault) {
        if (!isPassing(fault)) throw fault;
        this.#mark(intent.about, "retrying");
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return this.#post(intent);
  }

  /** Somebody else may have signed in since it was meant. */
  async #post(intent: Intent): Promise<unknown> {
    if (!this.#isMine(intent)) throw new SignedOut();
    return this.api.post(intent.path, intent.body, { key: intent.key });
  }

  #done(intent: Intent): void {
    this.#write(this.waiting.value.filter((one) => one.key !== intent.key));
    this.#mark(intent.about, null);
  }

  #mark(about: string, state: Sending | null): void {
    const open = new Map(this.open.value);
    if (state === null) open.delete(about);
    else open.set(about, state);
    this.open.value = open;
  }

  #write(intents: readonly Intent[]): void {
    this.waiting.value = intents;
    this.keep.write("intents", intents);
  }
}

function isIntent(found: unknown): found is Intent {
  const { about, path, key, by, at, before } = (found ?? {}) as Record<string, unknown>;
  return Array.isArray(before) && [about, path, key, by].every((one) => typeof one === "string") && typeof at === "number";
}
