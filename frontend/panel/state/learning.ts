// Which facts, remedies and issues there are: asked for until it is known, and anew with each version.
import { batch, signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { isAborted, isPassing, Refused, SignedOut } from "../../api/problems";
import type { Fact, FactList, Issue, IssueList, Remedy, RemedyList } from "../../api/schema";

const ENOUGH = 2_000; // ms; a rep who waits longer is better served by an answer without the host's facts
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000];

/** Told of what was learned. */
export interface Learner {
  facts(found: readonly Fact[]): void;
  remedies(found: readonly Remedy[]): void;
  issues(found: readonly Issue[]): void;
}

export class Learning {
  /**
   * True once it is known which facts there are, or nobody waits for it any more.
   *
   * An answer without the host's facts would be another one, and be shown for a moment.
   */
  readonly isEnough = signal(false);
  #stop = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly learner: Learner,
    private readonly enough = ENOUGH,
    private readonly pauses: readonly number[] = PAUSES,
  ) {}

  begin(): void {
    this.stop();
    const { signal } = (this.#stop = new AbortController());
    const waited = setTimeout(() => (this.isEnough.value = true), this.enough);
    signal.addEventListener("abort", () => clearTimeout(waited), { once: true });
    void this.#learnFacts(signal);
    void this.#insist<IssueList>("/v1/issues", signal).then((found) => found && this.learner.issues(found.items));
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Remedies land first: they say in which currency the host's amounts are read. */
  async #learnFacts(signal: AbortSignal): Promise<void> {
    const [facts] = await Promise.all([
      this.#insist<FactList>("/v1/facts", signal),
      this.#insist<RemedyList>("/v1/remedies", signal).then((found) => found && this.learner.remedies(found.items)),
    ]);
    if (signal.aborted) return;
    batch(() => {
      if (facts) this.learner.facts(facts.items);
      this.isEnough.value = true;
    });
  }

  /** What the server answers in the end; null where it refuses, or nobody waits any more. */
  async #insist<T>(path: string, signal: AbortSignal): Promise<T | null> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const found = await this.api.get<T>(path, signal);
        return signal.aborted ? null : found;
      } catch (fault) {
        if (isAborted(fault) || fault instanceof SignedOut) return null;
        // What is refused would be refused again.
        if (!isPassing(fault)) return refused(fault);
      }
      await pause(this.pauses[Math.min(attempt, this.pauses.length - 1)] ?? 0, signal);
    }
    return null;
  }
}

function refused(fault: unknown): null {
  if (fault instanceof Refused) return null;
  throw fault;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
