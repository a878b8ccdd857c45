// The contact on the rep's screen: what was said, who it is about, what is known.
import { batch, computed, effect, signal } from "@preact/signals";
import type { FactValue, Facts } from "../../api/names";
import type { Fact, Issue, TurnGiven, Wording } from "../../api/schema";
import type { Context, Turn } from "../hosts/adapter";
import type { Keep } from "../../keep";
import { readFact } from "../../text/facts";

/** What the rep typed, kept over a reload, contact by contact. */
interface Work {
  readonly typed: string | null;
  readonly facts: Facts;
  readonly forgotten: readonly string[];
  readonly skipped: readonly string[];
  readonly customer: string | null;
  readonly order: string | null;
  /** How it ended, as far as it was filled in and not recorded. */
  readonly ended: Ended | null;
  /** Policies that were copied or inserted, with the version that was read. */
  readonly said: Readonly<Record<string, number>>;
  /** Which wording was told of those that have two. */
  readonly wordings: Readonly<Record<string, Wording>>;
  /** What is being typed to give, by remedy. */
  readonly drafts: Readonly<Record<string, Draft>>;
  readonly openedAt: string;
}

/** An amount and a comment that are being typed, as they were typed. */
export interface Draft {
  readonly amount: string | null;
  readonly comment: string;
}

/** An outcome that is being filled in. */
export interface Ended {
  readonly resolved: boolean | null;
  readonly cause: Cause | null;
  readonly note: string;
}

export type Cause = Issue["cause"];

const LONGEST_TEXT = 20_000;
/** Characters of a transcript: the API takes 1,000,000 bytes, of which one character may need three. */
const LONGEST_TRANSCRIPT = 250_000;

export class ContactState {
  readonly context = signal<Context | null>(null);
  readonly definitions = signal<readonly Fact[]>([]);
  readonly work = signal<Work>(fresh(null));

  /** The CRM's id; a contact without one gets one of its own, so that what is given is in a contact. */
  readonly id = computed(() => this.context.value?.conversation.id ?? this.#own.value);
  readonly customer = computed(() => this.work.value.customer ?? this.context.value?.customer.id ?? null);
  readonly order = computed(() => this.work.value.order ?? this.context.value?.order ?? null);
  readonly turns = computed(() => this.context.value?.conversation.turns ?? []);
  readonly isTyped = computed(() => this.work.value.typed !== null);

  /** What the customer said last: the line that the answer is about. */
  readonly said = computed(() => {
    const { typed } = this.work.value;
    if (typed !== null) return typed;
    return this.turns.value.findLast((turn) => turn.from === "customer")?.text ?? "";
  });

  readonly facts = computed<Facts>(() => {
    const { facts, forgotten } = this.work.value;
    const found: Record<string, FactValue> = {};
    for (const definition of this.definitions.value) {
      const value = fromHost(definition, this.context.value);
      if (value !== null && !forgotten.includes(definition.key)) found[definition.key] = value;
    }
    return { ...found, ...facts };
  });

  /** Who and what a request is about, as the API takes it. */
  readonly circumstances = computed(() => {
    const conversation = this.context.value?.conversation;
    const [customer, order] = [this.customer.value, this.order.value];
    return {
      facts: this.facts.value,
      ...(customer && { customer: { id: customer } }),
      ...(order && { order: { id: order } }),
      contact: {
        external_id: this.id.value,
        ...(conversation?.channel && { channel: conversation.channel }),
        ...(conversation?.locale && { locale: conversation.locale }),
      },
    };
  });

  /** The words to ask about; null while nobody said anything. */
  readonly words = computed(() => {
    const { typed } = this.work.value;
    if (typed !== null) return typed.trim() === "" ? null : { text: typed.slice(0, LONGEST_TEXT) };
    const transcript: TurnGiven[] = newest(this.turns.value).map((turn) => ({
      from: turn.from,
      text: turn.text,
      ...(turn.at && { at: turn.at }),
    }));
    return transcript.some((turn) => turn.from === "customer") ? { transcript } : null;
  });

  readonly #own = signal("");

  constructor(private readonly keep: Keep) {
    const own = keep.read("own-contact");
    this.#own.value = typeof own === "string" ? own : this.#renamed();
    this.work.value = this.#kept(this.id.value);
    effect(() => this.keep.write(`work:${this.id.value}`, this.work.value));
  }

  /** Take what the host tells; another contact has work of its own. */
  show(context: Context): void {
    // At once, or one contact's work would be kept under the other's name.
    batch(() => {
      const before = this.id.value;
      this.context.value = context;
      if (this.id.value !== before) this.work.value = this.#kept(this.id.value);
    });
  }

  type(text: string | null): void {
    this.work.value = { ...this.work.value, typed: text };
  }

  answer(key: string, value: FactValue): void {
    const { facts, forgotten } = this.work.value;
    this.work.value = {
      ...this.work.value,
      facts: { ...facts, [key]: value },
      forgotten: forgotten.filter((one) => one !== key),
    };
  }

  forget(key: string): void {
    const { [key]: _gone, ...facts } = this.work.value.facts;
    this.work.value = { ...this.work.value, facts, forgotten: [...this.work.value.forgotten, key] };
  }

  /** A policy was told to the customer. */
  say(policy: string, version: number, wording: Wording | null): void {
    const { said, wordings } = this.work.value;
    const { [policy]: _before, ...others } = wordings;
    this.work.value = {
      ...this.work.value,
      said: { ...said, [policy]: version },
      wordings: wording === null ? others : { ...others, [policy]: wording },
    };
  }

  skip(key: string): void {
    this.work.value = { ...this.work.value, skipped: [...this.work.value.skipped, key] };
  }

  name(which: "customer" | "order", id: string): void {
    this.work.value = { ...this.work.value, [which]: id === "" ? null : id };
  }

  /** Keep how it ended while that is being filled in; null once it is recorded. */
  end(ended: Ended | null): void {
    this.work.value = { ...this.work.value, ended };
  }

  /** Keep what is being typed to give; null once it was sent. */
  draft(remedy: string, draft: Draft | null): void {
    const { [remedy]: _before, ...others } = this.work.value.drafts;
    this.work.value = { ...this.work.value, drafts: draft === null ? others : { ...others, [remedy]: draft } };
  }

  /** Begin another contact, where no host says which one it is. */
  begin(): void {
    batch(() => {
      this.#own.value = this.#renamed();
      this.work.value = fresh(null);
    });
  }

  /** Forget what was typed, in every contact: somebody else goes on in this tab. */
  forgetAll(): void {
    this.dropAll();
    this.begin();
  }

  /** Keep nothing for a next page of this tab; this one is about to be left. */
  dropAll(): void {
    this.keep.clear("work:");
    this.keep.drop("own-contact");
  }

  #renamed(): string {
    const name = `panel-${crypto.randomUUID()}`;
    this.keep.write("own-contact", name);
    return name;
  }

  #kept(id: string): Work {
    const found = this.keep.read(`work:${id}`);
    return fresh(typeof found === "object" ? (found as Partial<Work> | null) : null);
  }
}

/** The newest turns, as many as can be sent at once. */
function newest(turns: readonly Turn[]): readonly Turn[] {
  let left = LONGEST_TRANSCRIPT;
  const first = turns.findLastIndex((turn) => (left -= turn.text.length) < 0);
  return turns.slice(first + 1);
}

function fresh(found: Partial<Work> | null): Work {
  const empty = { typed: null, facts: {}, forgotten: [], skipped: [], customer: null, order: null, ended: null, said: {}, wordings: {}, drafts: {} };
  return { ...empty, openedAt: new Date().toISOString(), ...found };
}

/** A fact as the host's attributes have it: by its path there, with dots or as one word. */
function fromHost(definition: Fact, context: Context | null): FactValue | null {
  if (context === null || definition.crm === null) return null;
  const { attributes } = context;
  const value = attributes[definition.crm] ?? attributes[definition.crm.replaceAll(".", "_")];
  return value === undefined ? null : readFact(definition, value);
}
