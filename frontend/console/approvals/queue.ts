// What waits for a decision, for whoever is signed in: kept while the console is open, on all of its pages.
import { computed, signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Absences, Event as Happening, QueuePage, WaitingRequest as Waiting } from "../../api/schema";

const MOST = 100; // nobody works through more before it is read again
const SETTLE = 150; // ms; several things that happen at once are read at once
const AFRESH = 30_000; // ms; headroom changes without an event of ours
const OF_CONCERN = ["approval", "brake", "budget", "version"];

export class Queue {
  /** Oldest first; null until it was read. */
  readonly items = signal<readonly Waiting[] | null>(null);
  readonly absences = signal<Absences | null>(null);
  /** Why it cannot be had; null while nothing is wrong. */
  readonly fault = signal<unknown>(null);
  /** When it was read, by this computer's clock. */
  readonly readAt = signal(0);
  readonly hasMore = signal(false);
  readonly mine = computed(() => (this.items.value ?? []).filter((one) => one.mine.may));
  /** Told of each request that is new and may be decided on. */
  arrived: (one: Waiting) => void = () => undefined;
  #skew = 0;
  #known: Set<string> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = new AbortController();

  constructor(private readonly api: Api) {}

  /** Now, as the server's clock has it, in ms. */
  now(): number {
    return Date.now() + this.#skew;
  }

  start(): void {
    void this.read();
  }

  /** Another level may open to somebody what they could not see. */
  again(): void {
    if (this.#isShut()) void this.read();
  }

  stop(): void {
    this.#forgetTimer();
    this.#asked.abort();
    this.items.value = null;
    this.fault.value = null;
    this.#known = null;
  }

  happened(event: Happening | null): void {
    if (event !== null && this.#isShut()) return;
    if (event !== null && !OF_CONCERN.includes(event.type.split(".")[0] ?? "")) return;
    this.#forgetTimer();
    this.#readIn(SETTLE);
  }

  async read(): Promise<void> {
    this.#forgetTimer();
    this.#asked.abort();
    const mine = (this.#asked = new AbortController());
    try {
      const [page, absences] = await Promise.all([
        this.api.get<QueuePage>(`/v1/queue?limit=${MOST}`, mine.signal),
        this.api.get<Absences>("/v1/absences", mine.signal),
      ]);
      if (!mine.signal.aborted) this.#take(page, absences);
    } catch (fault) {
      if (mine.signal.aborted) return;
      if (!(fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
      this.fault.value = fault;
      // Somebody who decides on nothing, or not any more, sees nothing; asking again would change nothing.
      if (fault instanceof Refused) this.items.value = null;
    }
    if (mine.signal.aborted || this.fault.value instanceof SignedOut || this.#isShut()) return;
    // What happened while this was read may not be in it: then it is read again at once, not in a while.
    if (this.#timer === undefined) this.#readIn(this.#untilChange());
  }

  /** The name of a person, as far as it is known here. */
  name(id: string): string {
    return this.absences.value?.deciders.find((one) => one.id === id)?.name ?? id;
  }

  /** True for who may not see it: only another level, or a connection that is new, may open it. */
  #isShut(): boolean {
    return this.fault.value instanceof Refused && this.fault.value.status === 403;
  }

  #take(page: QueuePage, absences: Absences): void {
    this.#skew = Date.parse(page.at) - Date.now();
    const before = this.#known;
    this.#known = new Set(page.items.map((one) => one.approval.id));
    this.readAt.value = Date.now();
    this.fault.value = null;
    this.hasMore.value = page.next_cursor !== null;
    this.absences.value = absences;
    this.items.value = page.items;
    for (const one of page.items) {
      if (before && one.mine.may && !before.has(one.approval.id)) this.arrived(one);
    }
  }

  /** How long what was read may stand: not past the first request that expires. */
  #untilChange(): number {
    const ends = (this.items.value ?? []).map((one) => Date.parse(one.approval.expires_at) - this.now() + SETTLE);
    return Math.max(1_000, Math.min(AFRESH, ...ends));
  }

  #readIn(ms: number): void {
    this.#timer = setTimeout(() => void this.read(), ms);
  }

  #forgetTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
