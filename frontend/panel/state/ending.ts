// How the contact ended, and whether the suggestion was right.
import { effect, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Person } from "../../api/names";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Contact, Found, Issue, Outcome, OutcomeList, SearchAnswer } from "../../api/schema";
import type { Keep } from "../../keep";
import type { Asking } from "./asking";
import type { Cause, ContactState } from "./contact";
import type { Giving } from "./giving";
import { type Intent, Intents } from "./intents";
import { Latest } from "./latest";

export type Opinion = "right" | "wrong" | "other";

export class Ending {
  readonly issues = signal<readonly Issue[]>([]);
  readonly outcome = signal<Outcome | null>(null);
  readonly fault = signal<Refused | NoAnswer | null>(null);
  readonly isSaving = signal(false);
  /** What was said of a suggestion; `failed` where that could not be told to the server. */
  readonly opinion = signal<{ readonly of: string; readonly verdict: Opinion | "failed" } | null>(null);
  readonly found = signal<readonly Found[]>([]);
  readonly #intents: Intents;
  readonly #latest = new Latest();

  constructor(
    private readonly api: Api,
    keep: Keep,
    private readonly contact: ContactState,
    private readonly asking: Asking,
    private readonly giving: Giving,
    private readonly person: () => Person | null,
  ) {
    this.#intents = new Intents(api, keepUnder(keep, "ending."), (intent, answer, fault) => {
      if (!intent.about.startsWith("outcome:")) return this.#judged(intent, answer !== null);
      this.fault.value = fault ?? (answer === null ? new NoAnswer("offline") : null);
      if (answer !== null && intent.about.endsWith(`:${contact.id.peek()}`)) this.outcome.value = answer as Outcome;
    });
    effect(() => {
      void contact.id.value;
      untracked(() => {
        this.outcome.value = null;
        this.opinion.value = null;
        this.fault.value = null;
        this.found.value = [];
      });
      if (this.person() !== null) untracked(() => void this.#known());
    });
  }

  /** Record how it ended; what was given becomes final with it. */
  async record(resolved: boolean, cause: Cause | null, note: string): Promise<boolean> {
    this.isSaving.value = true;
    this.fault.value = null;
    try {
      await this.#describe();
      const { said, wordings } = this.contact.work.value;
      const body = {
        resolved,
        ...(cause && { cause }),
        said: Object.entries(said)
          .map(([policy, version]) => ({ policy, version, ...(wordings[policy] && { wording: wordings[policy] }) }))
          .slice(-20),
        given: this.giving.standing.value.filter((one) => one.state !== "expired").map((one) => one.id),
        ...(note.trim() && { note: note.trim().slice(0, 1_000) }),
      };
      const path = `/v1/contacts/${encodeURIComponent(this.contact.id.value)}/outcome`;
      const about = `outcome:${JSON.stringify(body)}:${this.contact.id.value}`;
      // One that was meant before and is meant otherwise now is not sent again in its place.
      this.#intents.settle((one) => one.about.startsWith("outcome:") && one.about !== about);
      await this.#intents.mean(about, path, body);
      if (this.fault.value) return false;
      const reserved = this.giving.grants.value.filter((one) => one.state === "reserved");
      for (const grant of reserved) await this.giving.capture(grant);
      return true;
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof NoAnswer || fault instanceof SignedOut)) throw fault;
      this.fault.value = fault instanceof SignedOut ? new NoAnswer("failing") : fault;
      return false;
    } finally {
      this.isSaving.value = false;
    }
  }

  /** Say whether the suggestion was right, or which policy it should have been. */
  async judge(verdict: Opinion, policy: string, issue: string | null): Promise<void> {
    const suggestion = this.asking.suggestion.value;
    const person = this.person();
    if (suggestion === null) return;
    const body = {
      verdict,
      policy,
      ...(person && { by: { id: person.id } }),
      ...(issue && verdict !== "wrong" && { issue }),
    };
    const path = `/v1/suggestions/${suggestion.id}/feedback`;
    await this.#intents.mean(`judge:${verdict}:${suggestion.id}:${policy}`, path, body);
  }

  #judged(intent: Intent, isDone: boolean): void {
    const [, verdict, of = ""] = intent.about.split(":");
    this.opinion.value = { of, verdict: isDone ? (verdict as Opinion) : "failed" };
  }

  /** Look for the policy that it should have been. */
  async search(words: string): Promise<void> {
    if (words.trim() === "") {
      this.#latest.giveUp();
      this.found.value = [];
      return;
    }
    const path = `/v1/search?limit=6&q=${encodeURIComponent(words.trim().slice(0, 2_000))}`;
    await this.#latest
      .run(
        (signal) => this.api.get<SearchAnswer>(path, signal),
        (answer) => (this.found.value = answer.items),
      )
      .catch(() => undefined); // the list stays as it is; the next letter asks again
  }

  /** An outcome that was recorded before, by this page or another. */
  async #known(): Promise<void> {
    const id = this.contact.id.peek();
    try {
      const { items } = await this.#ended(id);
      if (id === this.contact.id.peek()) this.outcome.value = items.at(-1) ?? null;
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof NoAnswer || fault instanceof SignedOut)) throw fault;
    }
  }

  /** An outcome needs a contact that the server knows: what a CRM said of it is left as it is. */
  async #describe(): Promise<void> {
    const id = this.contact.id.value;
    if ((await this.#ended(id)).is_described) return;
    const conversation = this.contact.context.value?.conversation;
    const issue = this.asking.shown.value?.match.issue;
    const customer = this.contact.customer.value;
    await this.api.put<Contact>(`/v1/contacts/${encodeURIComponent(id)}`, {
      opened_at: this.contact.turns.value.find((turn) => turn.at)?.at ?? this.contact.work.value.openedAt,
      closed_at: new Date().toISOString(),
      ...(conversation?.channel && { channel: conversation.channel }),
      ...(conversation?.locale && { locale: conversation.locale }),
      ...(customer && { customer }),
      ...(issue && { issues: [issue] }),
    });
  }

  /** How a contact ended, as far as the server knows. */
  #ended(id: string): Promise<OutcomeList> {
    return this.api.get<OutcomeList>(`/v1/outcomes?contact=${encodeURIComponent(id)}`);
  }
}

/** The same keep, with names of its own. */
function keepUnder(keep: Keep, prefix: string): Keep {
  return {
    read: (name) => keep.read(prefix + name),
    write: (name, value) => keep.write(prefix + name, value),
    drop: (name) => keep.drop(prefix + name),
    clear: (names) => keep.clear(prefix + names),
  };
}
