// Faults of cells as the server finds them: at once for what is edited, for all when it is loaded.
import { signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { isAborted, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Faults, Review } from "../../api/schema";
import type { TableKind } from "./columns";
import type { Rows } from "./rows";

/** Messages by column, by row. */
export type FaultsByRow = ReadonlyMap<string, ReadonlyMap<string, string>>;

const PAUSE = 120; // ms after the last edit
const REVIEW_PAUSE = 1_500;
const AT_ONCE = 500; // rows of one question

export class Checking {
  readonly faults = signal<FaultsByRow>(new Map());
  /** What the review says of the draft as it is saved; null while it is not known. */
  readonly review = signal<Review | null>(null);
  readonly #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reviewTimer: ReturnType<typeof setTimeout> | undefined;
  #reviewing: AbortController | null = null;

  constructor(
    private readonly api: Api,
    private readonly kind: TableKind,
    private readonly seen: { peek(): Rows },
    /** Tells of faults in cells that were just edited. */
    private readonly told: (row: string, faults: ReadonlyMap<string, string>) => void,
  ) {}

  /** Some rows were edited: ask what is wrong with them. */
  check(rows: Iterable<string>): void {
    for (const row of rows) this.#waiting.add(row);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), PAUSE);
  }

  /** Read what the review of a draft says, when it has been left alone for a moment. */
  reviewSoon(path: string, pause = REVIEW_PAUSE): void {
    this.#reviewing?.abort();
    clearTimeout(this.#reviewTimer);
    this.#reviewTimer = setTimeout(() => void this.#review(path), pause);
  }

  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#reviewTimer);
    this.#reviewing?.abort();
  }

  async #check(): Promise<void> {
    const rows = [...this.#waiting].slice(0, AT_ONCE);
    for (const row of rows) this.#waiting.delete(row);
    const asked = new Map(rows.flatMap((row) => (this.seen.peek().has(row) ? [[row, this.seen.peek().get(row) ?? {}]] : [])));
    try {
      const body = { rows: [...asked].map(([row, cells]) => ({ row, cells })) };
      const found = asked.size > 0 ? await this.api.post<Faults>(`/v1/${this.kind}/check`, body) : { faults: [] };
      this.#note(rows.filter((row) => asked.get(row) === this.seen.peek().get(row)), found.faults);
    } catch (fault) {
      // Without an answer a cell is neither right nor wrong; what is saved is checked again.
      if (!isSilent(fault)) throw fault;
    }
    if (this.#waiting.size > 0) this.check([]);
  }

  #note(rows: readonly string[], found: Faults["faults"]): void {
    const all = new Map(this.faults.peek());
    for (const row of rows) {
      const faults = new Map(found.filter((one) => one.row === row).map((one) => [one.column, one.message]));
      if (faults.size === 0) all.delete(row);
      else {
        all.set(row, faults);
        this.told(row, faults);
      }
    }
    this.faults.value = all;
  }

  async #review(path: string): Promise<void> {
    const mine = (this.#reviewing = new AbortController());
    try {
      const review = await this.api.get<Review>(`${path}/review?limit=200`, mine.signal);
      this.review.value = review;
      const all = new Map<string, Map<string, string>>();
      for (const { row, column, message } of review.faults) {
        all.set(row, (all.get(row) ?? new Map<string, string>()).set(column, message));
      }
      // Rows that were edited since are checked by themselves.
      for (const row of this.#waiting) all.set(row, new Map(this.faults.peek().get(row)));
      this.faults.value = all;
    } catch (fault) {
      if (!isAborted(fault) && !isSilent(fault)) throw fault;
    }
  }
}

function isSilent(fault: unknown): boolean {
  return fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut;
}
