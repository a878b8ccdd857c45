// What is given and asked for in this contact, and what became of it.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Approval, Person, Quantity } from "../../api/names";
import { isPassing, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { ApprovalPage, Decisions, Grant, GrantPage, Remedy } from "../../api/schema";
import type { Keep } from "../../keep";
import type { Asking } from "./asking";
import type { ContactState } from "./contact";
import { type Act, aboutOf, asks, isDone, readAbout } from "./acts";
import { type Intent, Intents } from "./intents";
import { hasNews, type News, newsOf } from "./news";

export interface Wanted {
  readonly remedy: string;
  readonly amount: Quantity;
  readonly reason: string;
  readonly comment: string;
}

/** What the rep is told about an act of theirs: the refusal, or null where nobody will know. */
export interface Trouble {
  readonly by: string;
  readonly fault: Refused | null;
}

const DONE: Readonly<Record<string, "undone" | "final">> = { undo: "undone", withdraw: "undone", final: "final" };
const LATER = 3_000; // ms
const UNDONE = "Undone by the representative";

export class Giving {
  readonly remedies = signal<readonly Remedy[]>([]);
  readonly grants = signal<readonly Grant[]>([]);
  readonly approvals = signal<readonly Approval[]>([]);
  /** By what it is about, of every contact: it is shown where it belongs. */
  readonly #troubles = signal<ReadonlyMap<string, Trouble>>(new Map());
  readonly intents: Intents;
  #again: ReturnType<typeof setTimeout> | undefined;
  #turn = 0; // of the listing asked for last
  /** Told what happened, in events that the announcer puts into words. */
  announce: (what: "given" | "asked" | "undone" | "final" | "unknown" | "dropped" | "refused" | Approval) => void = () => {};
  readonly standing = computed(() => this.grants.value.filter((one) => one.state !== "voided"));

  constructor(
    private readonly api: Api,
    keep: Keep,
    private readonly contact: ContactState,
    private readonly asking: Asking,
    private readonly person: () => Person | null,
    pauses?: readonly number[],
  ) {
    this.intents = new Intents(api, keep, (intent, answer, fault) => this.#told(intent, answer, fault), pauses);
    this.intents.dropped = (intent) => {
      this.#trouble(intent, null);
      if (this.#isHere(intent)) this.announce("dropped");
    };
    effect(() => {
      void contact.id.value;
      untracked(() =>
        batch(() => {
          this.grants.value = [];
          this.approvals.value = [];
        }),
      );
      if (this.person() !== null) untracked(() => void this.refresh());
    });
  }

  /** What stands on the server: the truth, whatever this page remembers. */
  async refresh(): Promise<void> {
    const id = this.contact.id.peek();
    const turn = ++this.#turn;
    const query = `contact=${encodeURIComponent(id)}&limit=20`;
    try {
      const [grants, approvals] = await Promise.all([
        this.api.get<GrantPage>(`/v1/grants?${query}`),
        this.api.get<ApprovalPage>(`/v1/approvals?${query}`),
      ]);
      if (turn !== this.#turn || id !== this.contact.id.peek()) return; // what arrives late is older
      batch(() => {
        this.grants.value = grants.items;
        this.#takeApprovals(approvals.items);
      });
      const found = this.intents.settle((one) => this.#isHere(one) && isDone(one, grants.items, approvals.items));
      for (const one of found) this.announce(DONE[readAbout(one.about).act] ?? (asks(one) ? "asked" : "given"));
    } catch (fault) {
      // A refusal to list hides nothing that was given.
      if (!(fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
      if (isPassing(fault)) this.#later(id);
    }
  }

  /** What stands must be seen, or it would be given again: asked once more, unless another contact is shown by then. */
  #later(id: string): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (id === this.contact.id.peek() && this.person() !== null) void this.refresh();
    }, LATER);
  }

  /** Give a remedy, or ask for an approval where `ask` is true. */
  send(wanted: Wanted, issue: string, ask: boolean): Promise<void> {
    const body = {
      ...this.contact.circumstances.peek(),
      issue,
      remedy: wanted.remedy,
      amount: wanted.amount,
      reason_code: wanted.reason,
      ...(wanted.comment.trim() && { comment: wanted.comment.trim().slice(0, 1_000) }),
      ...(this.asking.suggestion.peek() && { suggestion: this.asking.suggestion.peek()?.id }),
    };
    const about = this.about("give", wanted.remedy);
    this.#forget(about);
    const before = [...this.grants.peek(), ...this.approvals.peek()].map((one) => one.id);
    return this.intents.mean(about, ask ? "/v1/approvals" : "/v1/grants", body, before);
  }

  /** Who may approve an amount, lowest first: a level, or null where nobody may. Throws what `Api` throws. */
  async approver(issue: string, remedy: string, amount: Quantity, signal: AbortSignal): Promise<string | null> {
    const body = { ...this.contact.circumstances.peek(), issue, remedies: [{ remedy, amount }] };
    const { options } = await this.api.post<Decisions>("/v1/decisions", body, { signal });
    return options.find((one) => one.remedy === remedy)?.approval?.level ?? null;
  }

  undo(grant: Grant): Promise<void> {
    return this.#act("undo", grant.id, `/v1/grants/${grant.id}/void`, { reason: UNDONE, ...this.#rep() });
  }

  capture(grant: Grant): Promise<void> {
    return this.#act("final", grant.id, `/v1/grants/${grant.id}/capture`, this.#rep());
  }

  withdraw(approval: Approval): Promise<void> {
    const by = { id: this.person()?.id ?? "" };
    return this.#act("withdraw", approval.id, `/v1/approvals/${approval.id}/withdrawal`, { by });
  }

  /** What became of a remedy in this contact. */
  news(remedy: string): News {
    const about = this.about("give", remedy);
    const { open } = this.intents;
    const isInTrouble = this.trouble(about) !== null || open.value.has(about) || this.intents.doubt(about) !== null;
    return newsOf(remedy, this.grants.value, this.approvals.value, isInTrouble);
  }

  /** The remedies of which there is something to tell in this contact, whatever policy is shown. */
  remediesInNews(): readonly string[] {
    const abouts = [...this.#troubles.value.keys(), ...this.intents.waiting.value.map((one) => one.about)].map(readAbout);
    const begun = abouts.filter((one) => one.act === "give"); // of any contact: news are of this one
    const standing = [...this.grants.value, ...this.approvals.value].map((one) => one.remedy);
    return [...new Set([...standing, ...begun.map((one) => one.of)])].filter((one) => hasNews(this.news(one)));
  }

  /** What went wrong with an act of this person's, if anything did. */
  trouble(about: string): Trouble | null {
    const trouble = this.#troubles.value.get(about);
    return trouble && trouble.by === this.api.person ? trouble : null;
  }

  /** What an act in this contact is called. */
  about(act: Act, of: string): string {
    return aboutOf(act, of, this.contact.id.value);
  }

  #act(act: Act, of: string, path: string, body: object): Promise<void> {
    const about = this.about(act, of);
    this.#forget(about);
    return this.intents.mean(about, path, body);
  }

  /** True if an intent is of the contact that is shown and of the person who is signed in. */
  #isHere(intent: Intent): boolean {
    return readAbout(intent.about).contact === this.contact.id.peek() && intent.by === this.api.person;
  }

  #rep(): object {
    const person = this.person();
    return person === null ? {} : { rep: { id: person.id } };
  }

  #told(intent: Intent, answer: unknown, fault: Refused | null): void {
    if (fault) this.#trouble(intent, fault);
    else this.#forget(intent.about);
    // Of another contact it is told when that one is shown.
    if (!this.#isHere(intent)) return;
    this.announce(fault ? "refused" : answer === null ? "unknown" : this.#done(intent, answer));
    void this.refresh();
    this.asking.again();
  }

  #done(intent: Intent, answer: unknown): "given" | "asked" | "undone" | "final" {
    const done = DONE[readAbout(intent.about).act];
    if (done) return done;
    if (asks(intent)) {
      this.#takeApprovals([answer as Approval, ...this.approvals.value]);
      return "asked";
    }
    const grant = answer as Grant;
    this.grants.value = [grant, ...this.grants.value.filter((one) => one.id !== grant.id)];
    return "given";
  }

  #takeApprovals(found: readonly Approval[]): void {
    const before = new Map(this.approvals.value.map((one) => [one.id, one]));
    const byId = new Map(found.map((one) => [one.id, one]));
    this.approvals.value = [...byId.values()];
    for (const one of byId.values()) {
      if (before.get(one.id)?.state === "pending" && one.state !== "pending") this.announce(one);
    }
  }

  #trouble(intent: Intent, fault: Refused | null): void {
    this.#troubles.value = new Map(this.#troubles.value).set(intent.about, { by: intent.by, fault });
  }

  #forget(about: string): void {
    const left = new Map(this.#troubles.value);
    left.delete(about);
    this.#troubles.value = left;
  }
}
