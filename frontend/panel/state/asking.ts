// What to say and what may be given: asked again whenever the contact says more.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { isAborted, isPassing, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Decisions, Found, Match, Policy, Question, Suggestion } from "../../api/schema";
import type { ContactState } from "./contact";
import { Latest } from "./latest";

export type Phase = "waiting" | "asking" | "fresh" | "stale";

const TYPING_PAUSE = 300;
const BURST_PAUSE = 100; // ms; of many turns at once, the server is asked about the first and the last
const A_MOMENT = 250; // ms; an answer that is faster is not announced
const RETRIES = [1_000, 2_000, 4_000, 8_000, 15_000];

/** What is on the screen: a match, with decisions of its own where another one was chosen. */
export interface Shown {
  readonly match: Match;
  readonly questions: readonly Question[];
}

export class Asking {
  readonly phase = signal<Phase>("waiting");
  readonly fault = signal<NoAnswer | Refused | null>(null);
  readonly suggestion = signal<Suggestion | null>(null);
  readonly answeredAt = signal(0);
  /** A newer answer with another policy, which waits while hands are on the one that is shown. */
  readonly held = signal<Suggestion | null>(null);
  readonly chosen = signal<string | null>(null);
  readonly #decided = signal<Decisions | null>(null);
  readonly #latest = new Latest();
  readonly #latestDecision = new Latest();
  /** True once the words or facts have changed, and their answer takes longer than a moment. */
  readonly isBehind = signal(false);
  readonly #looked = signal<Match | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;
  #answered = "";
  #attempt = 0;
  #asked = "";
  /** True while the rep's hands are on the options; set by the screen. */
  isBusy: () => boolean = () => false;

  readonly shown = computed<Shown | null>(() => {
    const suggestion = this.suggestion.value;
    if (suggestion === null) return null;
    const { matches } = suggestion;
    const match = [...matches, this.#looked.value].find((one) => one?.policy.id === this.chosen.value) ?? matches[0];
    if (match === undefined) return null;
    const decided = this.#decided.value;
    if (decided === null || decided.issue !== match.issue) {
      return { match, questions: match === matches[0] ? suggestion.questions : [] };
    }
    return { match: { ...match, options: decided.options }, questions: decided.questions };
  });

  /** The next question worth asking that nobody put aside. */
  readonly question = computed(() => {
    const { skipped } = this.contact.work.value;
    return this.shown.value?.questions.find((one) => !skipped.includes(one.fact)) ?? null;
  });

  constructor(
    private readonly api: Api,
    private readonly contact: ContactState,
    private readonly isOpen: () => boolean,
  ) {
    let id = contact.id.peek();
    effect(() => {
      if (contact.id.value === id) return;
      id = contact.id.value;
      untracked(() => this.clear());
    });
    effect(() => {
      const words = contact.words.value;
      const body = { ...words, ...contact.circumstances.value };
      if (!isOpen()) return;
      untracked(() => (words === null ? this.clear() : this.#soon(body)));
    });
  }

  /** Ask once more for the same: after an event, a reconnection, or when somebody says so. */
  again(): void {
    const words = this.contact.words.peek();
    if (words === null || !this.isOpen()) return;
    this.#asked = "";
    this.#attempt = 0;
    this.#soon({ ...words, ...this.contact.circumstances.peek() });
  }

  /** Show another match, or a policy that was looked up; what may be given for it is decided anew. */
  choose(one: Found): void {
    const match = this.suggestion.value?.matches.find(({ policy }) => policy.id === one.policy.id);
    if (match === undefined) return void this.#lookUp(one);
    this.chosen.value = match.policy.id;
    void this.#decide(match.issue);
  }

  async #lookUp(found: Found): Promise<void> {
    const body = { issue: found.issue, ...this.contact.circumstances.peek() };
    try {
      await this.#latestDecision.run(
        (signal) =>
          Promise.all([
            this.api.get<Policy>(pathOf(found.policy.id), signal),
            this.api.post<Decisions>("/v1/decisions", body, { signal }),
          ]),
        ([policy, decided]) =>
          batch(() => {
            const { explanation, guidance } = policy;
            this.#looked.value = { ...found, role: "alternative", turns: [], explanation, guidance, options: [] };
            this.#decided.value = decided;
            this.chosen.value = found.policy.id;
          }),
      );
    } catch (fault) {
      if (!isAborted(fault)) this.#show(fault);
    }
  }

  /** Show what was held back. */
  release(): void {
    const held = this.held.value;
    if (held) this.#land(held);
  }

  #soon(body: object): void {
    const asked = JSON.stringify(body);
    if (asked === this.#asked) return;
    this.#asked = asked;
    clearTimeout(this.#timer);
    // A turn that arrived is whole; a text that is being typed is not.
    const isTyping = this.contact.isTyped.peek() && this.#typing;
    const pause = isTyping ? TYPING_PAUSE : this.phase.peek() === "asking" ? BURST_PAUSE : 0;
    this.#timer = setTimeout(() => void this.#ask(body), pause);
    this.#typing = false;
  }

  #typing = false;

  /** A text is being typed: wait for a pause before asking. */
  type(text: string): void {
    this.#typing = true;
    this.contact.type(text);
  }

  async #ask(body: object): Promise<void> {
    this.phase.value = "asking";
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#fallBehind(body), A_MOMENT);
    try {
      await this.#latest.run(
        (signal) => this.api.post<Suggestion>("/v1/suggestions", body, { signal }),
        (suggestion) => this.#take(suggestion, body),
      );
    } catch (fault) {
      if (!isAborted(fault)) this.#fail(fault, body);
    }
  }

  #fallBehind(body: object): void {
    this.isBehind.value = JSON.stringify(body) !== this.#answered;
  }

  #take(suggestion: Suggestion, body: object): void {
    clearTimeout(this.#late);
    this.#answered = JSON.stringify(body);
    this.isBehind.value = false;
    this.fault.value = null;
    this.#attempt = 0;
    this.answeredAt.value = Date.now();
    this.phase.value = "fresh";
    const before = this.suggestion.peek();
    const isOther = before?.matches[0]?.policy.id !== suggestion.matches[0]?.policy.id;
    if (before && isOther && this.isBusy()) this.held.value = suggestion;
    else this.#land(suggestion, isOther);
  }

  #land(suggestion: Suggestion, isOther = true): void {
    this.held.value = null;
    this.suggestion.value = suggestion;
    if (isOther) {
      this.chosen.value = null;
      this.#looked.value = null;
      this.#decided.value = null;
    } else if (this.chosen.value !== null && this.shown.value) {
      void this.#decide(this.shown.value.match.issue);
    }
  }

  async #decide(issue: string): Promise<void> {
    const body = { issue, ...this.contact.circumstances.peek() };
    try {
      await this.#latestDecision.run(
        (signal) => this.api.post<Decisions>("/v1/decisions", body, { signal }),
        (decided) => (this.#decided.value = decided),
      );
    } catch (fault) {
      if (!isAborted(fault)) this.#show(fault);
    }
  }

  #fail(fault: unknown, body: object): void {
    clearTimeout(this.#late);
    this.#fallBehind(body);
    this.phase.value = "stale";
    this.#show(fault);
    if (!isPassing(fault)) return;
    const after = RETRIES[Math.min(this.#attempt, RETRIES.length - 1)];
    this.#attempt += 1;
    this.#timer = setTimeout(() => void this.#ask(body), after);
  }

  #show(fault: unknown): void {
    if (fault instanceof NoAnswer || fault instanceof Refused) this.fault.value = fault;
    else if (!(fault instanceof SignedOut)) throw fault;
    else this.#asked = ""; // to be asked again when somebody has signed in
  }

  /** Begin anew: nothing that was answered is shown any more. */
  clear(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#late);
    this.#answered = "";
    this.isBehind.value = false;
    this.#looked.value = null;
    this.#latest.giveUp();
    this.#latestDecision.giveUp();
    this.#asked = "";
    this.#attempt = 0;
    this.fault.value = null;
    this.suggestion.value = null;
    this.held.value = null;
    this.chosen.value = null;
    this.#decided.value = null;
    this.phase.value = "waiting";
  }
}

/** Where all of a policy is read; its id may have slashes. */
export function pathOf(policy: string): string {
  return `/v1/policies/${policy.split("/").map(encodeURIComponent).join("/")}`;
}
