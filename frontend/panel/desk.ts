// Everything behind the screen, put together once; the parts of the screen read it from here.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Api } from "../api/api";
import { Feed } from "../api/feed";
import type { Approval, Quantity } from "../api/names";
import { NoAnswer, Refused, SignedOut } from "../api/problems";
import type { Event as Happening, Policy, Remedy } from "../api/schema";
import { Session } from "../api/session";
import type { HostAdapter } from "./hosts/adapter";
import { Kept, storageOf } from "../keep";
import { type Action, Keys } from "./keys";
import { Asking, pathOf } from "./state/asking";
import { ContactState } from "./state/contact";
import { Ending } from "./state/ending";
import { Giving } from "./state/giving";
import { Learning } from "./state/learning";
import { readIn } from "../text/facts";
import { isOnce, most, whole, words } from "../text/format";
import { t } from "../text/i18n";
import type { Labels } from "../text/words";

const JUST = 4_000; // ms
const OWNER = "owner";

export type Sheet = "known" | "help" | "outcome" | "wrong" | null;

export class Desk implements Labels {
  readonly keep = new Kept(storageOf("sessionStorage"), "aa.");
  readonly keys = new Keys(new Kept(storageOf("localStorage"), "aa."));
  readonly session = new Session(this.keep);
  readonly api = new Api(this.session);
  readonly contact = new ContactState(this.keep);
  readonly learning = new Learning(this.api, {
    facts: (found) => (this.contact.definitions.value = found),
    remedies: (found) => this.#learnRemedies(found),
    issues: (found) => (this.ending.issues.value = found),
  });
  readonly asking = new Asking(this.api, this.contact, () => this.session.isOpen.value && this.learning.isEnough.value);
  readonly giving: Giving;
  readonly ending: Ending;
  readonly feed: Feed;
  /** What a screen reader is told, and when, so that the same can be told twice. */
  readonly announced = signal({ text: "", at: 0 });
  readonly sheet = signal<Sheet>(null);
  readonly fold = signal<"why" | "steps" | "exceptions" | null>(null);
  /** The remedy whose row is open; undefined while nobody chose one. */
  readonly opened = signal<string | null | undefined>(undefined);
  readonly policies = signal<ReadonlyMap<string, Policy>>(new Map());
  readonly isOffline = computed(() => this.feed.state.value === "offline" || this.asking.fault.value instanceof NoAnswer);
  /** What keys do while an answer is shown; the answer sets it. */
  act: (action: Action) => boolean = () => false;
  #told = "";
  #acted = 0;
  readonly #names = signal<ReadonlyMap<string, string>>(new Map());

  constructor(
    readonly host: HostAdapter,
    readonly isFramed: boolean,
  ) {
    const person = () => (this.session.isOpen.value ? this.session.person.value : null);
    this.giving = new Giving(this.api, this.keep, this.contact, this.asking, person);
    this.ending = new Ending(this.api, this.keep, this.contact, this.asking, this.giving, person);
    this.feed = new Feed(
      this.session,
      (event) => this.#happened(event),
      () => this.#resumed(),
    );
    this.giving.announce = (what) => this.#announceAct(what);
    this.session.arrives = (who) => this.belongTo(who.id);
    effect(() => {
      const isOpen = this.session.isOpen.value;
      untracked(() => (isOpen ? this.#begin() : this.#rest()));
    });
    effect(() => {
      const suggestion = this.asking.suggestion.value;
      if (suggestion) untracked(() => this.#announceAnswer());
    });
  }

  /** Whose desk it is from now on: of anybody before, nothing is shown or sent any more. */
  belongTo(person: string): void {
    if (this.keep.read(OWNER) === person) return;
    if (this.keep.read(OWNER) !== null) this.forget();
    this.keep.write(OWNER, person);
  }

  /** Sign out, and leave nothing on the desk that was typed. */
  async signOut(): Promise<void> {
    const ended = this.session.end();
    this.forget();
    await ended;
  }

  /** The same as the page is left: nothing changes on it any more, for what is being sent hangs on it. */
  leave(): void {
    this.session.leave();
    this.keep.drop(OWNER);
    this.contact.dropAll();
  }

  /** Forget all but what was meant and is not known to be done: that goes on when its person does. */
  forget(): void {
    batch(() => {
      this.keep.drop(OWNER);
      this.contact.forgetAll();
      this.asking.clear();
      this.sheet.value = null;
      this.fold.value = null;
      this.opened.value = undefined;
      this.announced.value = { text: "", at: 0 };
      this.#told = "";
    });
  }

  announce(text: string): void {
    this.announced.value = { text, at: Date.now() };
  }

  fact(key: string): string {
    return this.contact.definitions.value.find((one) => one.key === key)?.label ?? words(key.split(".").pop() ?? key);
  }

  remedy(key: string): string {
    return this.#names.value.get(key) ?? words(key);
  }

  level(key: string): string {
    return words(key).toLowerCase();
  }

  /** All of a policy, for what a suggestion leaves out: when it must be reviewed. */
  async know(policy: string): Promise<void> {
    if (this.policies.value.has(policy)) return;
    const found = await this.api.get<Policy>(pathOf(policy)).catch(passOver);
    if (found) this.policies.value = new Map(this.policies.value).set(policy, found);
  }

  #begin(): void {
    this.feed.start();
    this.learning.begin();
    void this.giving.intents.resume();
    void this.giving.refresh();
    this.asking.again();
  }

  #rest(): void {
    this.feed.stop();
    this.learning.stop();
  }

  #learnRemedies(found: readonly Remedy[]): void {
    const currency = found.find((one) => one.cost)?.cost?.currency;
    if (currency) readIn(currency);
    batch(() => {
      this.giving.remedies.value = found;
      this.#names.value = new Map(found.map((one) => [one.key, one.label]));
    });
  }

  #happened(event: Happening): void {
    const [kind] = event.type.split(".");
    if (kind === "grant" || kind === "approval") {
      if (event.contact === null || event.contact === this.contact.id.peek()) {
        void this.giving.refresh();
        this.asking.again();
      }
    } else if (["version", "brake", "budget", "model"].includes(kind ?? "")) {
      if (kind === "version") {
        this.policies.value = new Map();
        this.learning.begin();
      }
      this.asking.again();
    }
  }

  #resumed(): void {
    if (!this.session.isOpen.peek()) return;
    void this.giving.intents.resume();
    void this.giving.refresh();
    this.asking.again();
  }

  #announceAnswer(): void {
    const answer = this.#answerInWords();
    if (answer === null || answer === this.#told) return;
    this.#told = answer;
    // What was done a moment ago is not talked over by the answer that it brought.
    const isJust = Date.now() - this.#acted < JUST;
    this.announce(isJust ? `${this.announced.peek().text}. ${answer}` : answer);
  }

  #answerInWords(): string | null {
    const suggestion = this.asking.suggestion.peek();
    const shown = this.asking.shown.peek();
    if (!suggestion || !shown) return null;
    if (suggestion.abstained) return t("Not sure what this is about");
    const allowed = shown.match.options.find((one) => one.verdict === "allowed");
    if (!allowed) return shown.match.policy.title;
    const given = isOnce(allowed.up_to) ? t("yes") : most(allowed.up_to);
    return `${shown.match.policy.title}. ${allowed.label}: ${given}`;
  }

  #announceAct(what: Parameters<Giving["announce"]>[0]): void {
    this.#acted = Date.now();
    if (typeof what === "object") {
      return this.announce(approvalInWords(what, whole(subjectOf(what), this.remedy(what.remedy))));
    }
    const said = {
      given: t("Given"),
      asked: t("Asked for approval"),
      undone: t("Taken back"),
      final: t("Made final"),
      unknown: t("Nobody knows yet whether it was done"),
      dropped: t("It was given up: nobody knows whether it was done"),
      refused: t("Refused"),
    };
    this.announce(said[what]);
  }
}

/** How an approval ended, in a sentence: `what` is what was asked for, or given in the end. */
export function approvalInWords(approval: Approval, what: string): string {
  switch (approval.state) {
    case "approved":
      return t("Approved: {what}", { what });
    case "refused":
      return t("Declined: {what}", { what });
    case "expired":
      return t("Nobody decided in time: {what}", { what });
    case "withdrawn":
      return t("Withdrawn: {what}", { what });
    case "pending":
      return t("Waiting for a decision: {what}", { what });
  }
}

/** What an approval is of: what was given, where it ended with a grant, else what was asked for. */
export function subjectOf(approval: Approval): Quantity {
  return approval.end?.amount ?? approval.amount;
}

/** What cannot be learned now is learned when the connection is back. */
function passOver(fault: unknown): null {
  if (fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut) return null;
  throw fault;
}

const Place = createContext<Desk | null>(null);
export const DeskProvider = Place.Provider;

export function useDesk(): Desk {
  const desk = useContext(Place);
  if (desk === null) throw new Error("a part of the screen stands outside of the desk");
  return desk;
}
