// Everything behind the console's pages, put together once; they read it from here.
import { computed, effect, signal, untracked } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useEffect } from "preact/hooks";
import { Api } from "../api/api";
import { Feed } from "../api/feed";
import { NoAnswer, Refused, SignedOut } from "../api/problems";
import type { Event as Happening, FactList, IssueList, Library, RemedyList } from "../api/schema";
import { Session } from "../api/session";
import { Deciding } from "./approvals/deciding";
import { Queue } from "./approvals/queue";
import { Kept, storageOf } from "../keep";
import { readIn } from "../text/facts";
import { words } from "../text/format";
import type { Labels } from "../text/words";
import { Brakes } from "./brake/state";
import { Proving } from "./proving";

/** What pages call things by: the library's words, asked for once and again when they change. */
export interface Vocabulary {
  readonly library: Library;
  readonly issues: IssueList["items"];
  readonly facts: FactList["items"];
  readonly remedies: RemedyList["items"];
}

type Listener = (event: Happening) => void;

export class Desk implements Labels {
  readonly keep = new Kept(storageOf("sessionStorage"), "aa.console.");
  readonly settings = new Kept(storageOf("localStorage"), "aa.console.");
  readonly session = new Session(this.keep);
  readonly api = new Api(this.session);
  /** Asks who is there, where the server wants to know. */
  readonly proving = new Proving(this.api);
  readonly feed: Feed;
  /** What waits for this person's decision. */
  readonly queue = new Queue(this.api);
  readonly deciding = new Deciding(
    this.api,
    (text) => this.tell(text),
    () => void this.queue.read(),
  );
  readonly vocabulary = signal<Vocabulary | null>(null);
  /** Why the vocabulary cannot be had; null while nothing is wrong. */
  readonly fault = signal<unknown>(null);
  /** What was just done or happened, for eyes and for screen readers. */
  readonly told = signal({ text: "", at: 0 });
  readonly levels = computed(() => this.vocabulary.value?.library.levels ?? []);
  /** Whether the person is above the lowest level, and so decides for others. */
  readonly decides = computed(() => this.levels.value.slice(1).some((one) => one.key === this.session.person.value?.level));
  readonly brakes: Brakes;
  readonly #listeners = new Set<Listener>();

  constructor() {
    this.feed = new Feed(
      this.session,
      (event) => this.#happened(event),
      () => this.#resumed(),
    );
    this.brakes = new Brakes(this);
    this.api.prove = (how) => this.proving.ask(how);
    effect(() => {
      const isOpen = this.session.isOpen.value;
      untracked(() => {
        if (!isOpen) return this.#stop();
        this.feed.start();
        this.queue.start();
        void this.learn();
      });
    });
    effect(() => {
      void this.session.person.value;
      untracked(() => this.queue.again());
    });
  }

  /** Say something in a few words: a line that goes by itself, and a screen reader's. */
  tell(text: string): void {
    this.told.value = { text, at: Date.now() };
  }

  /** Hear of every event from now on, and of `null` when some may have been missed. */
  listen(listener: (event: Happening | null) => void): () => void {
    this.#listeners.add(listener as Listener);
    return () => this.#listeners.delete(listener as Listener);
  }

  async learn(): Promise<void> {
    try {
      const [library, issues, facts, remedies] = await Promise.all([
        this.api.get<Library>("/v1/library"),
        this.api.get<IssueList>("/v1/issues"),
        this.api.get<FactList>("/v1/facts"),
        this.api.get<RemedyList>("/v1/remedies"),
      ]);
      readIn(library.currency);
      this.vocabulary.value = { library, issues: issues.items, facts: facts.items, remedies: remedies.items };
      this.fault.value = null;
    } catch (fault) {
      if (!(fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
      this.fault.value = fault;
    }
  }

  /** Whether the person may ask for something, as the server last said: who may not is not offered it. */
  may(scope: string): boolean {
    return this.session.scopes.value.includes(scope);
  }

  fact(key: string): string {
    return this.vocabulary.value?.facts.find((one) => one.key === key)?.label ?? words(key.split(".").pop() ?? key);
  }

  remedy(key: string): string {
    return this.vocabulary.value?.remedies.find((one) => one.key === key)?.label ?? words(key);
  }

  issue(key: string): string {
    return this.vocabulary.value?.issues.find((one) => one.key === key)?.name ?? words(key);
  }

  level(key: string): string {
    return this.levels.value.find((one) => one.key === key)?.label ?? words(key);
  }

  #stop(): void {
    this.feed.stop();
    this.queue.stop();
    this.deciding.forget();
    this.proving.end(false);
  }

  #happened(event: Happening): void {
    this.queue.happened(event);
    if (event.type.startsWith("version.")) void this.learn();
    for (const one of this.#listeners) one(event);
  }

  #resumed(): void {
    if (!this.session.isOpen.peek()) return;
    void this.learn();
    void this.deciding.resume();
    this.queue.happened(null);
    for (const one of this.#listeners) one(null as unknown as Happening);
  }
}

const Place = createContext<Desk | null>(null);
export const DeskProvider = Place.Provider;

export function useDesk(): Desk {
  const desk = useContext(Place);
  if (desk === null) throw new Error("a part of the console stands outside of the desk");
  return desk;
}

/** Run something for each event of some kinds (`approval` for `approval.requested` and the like). */
export function useEvents(kinds: readonly string[], run: () => void): void {
  const desk = useDesk();
  useEffect(
    () => desk.listen((event) => (event === null || kinds.includes(event.type.split(".")[0] ?? "")) && run()),
    [],
  );
}
