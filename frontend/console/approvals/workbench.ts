// Where somebody is in the queue, what they picked, and what they are about to say.
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Approval } from "../../api/names";
import type { Brief, WaitingRequest as Waiting } from "../../api/schema";
import { amount } from "../../text/format";
import { isNothing } from "../../text/amounts";
import { MOST, type Deciding, type Meant } from "./deciding";
import type { Queue } from "./queue";
import { likeOf } from "./words";

export type Act = "approve" | "less" | "refuse";

/** A request that ended while somebody looked at it; `approval` says how, once that is known. */
export interface Gone {
  readonly one: Waiting;
  readonly approval: Approval | null;
}

export class Workbench {
  readonly current = signal<string | null>(null);
  readonly picked = signal<ReadonlySet<string>>(new Set());
  readonly act = signal<Act | null>(null);
  readonly gone = signal<Gone | null>(null);
  /** A line for whoever decides with the request, kept while the request stays. */
  readonly comment = signal("");
  /** What they may decide on, then the rest; without what they have just decided. */
  readonly ordered = computed(() => {
    const { open, done } = this.deciding;
    const left = (this.queue.items.value ?? []).filter(
      ({ approval }) => !open.value.has(approval.id) && !done.value.has(approval.id),
    );
    return [...left.filter((one) => one.mine.may), ...left.filter((one) => !one.mine.may)];
  });
  readonly shown = computed(() => this.ordered.value.find((one) => one.approval.id === this.current.value) ?? null);
  /** What is decided on: what was picked, or else what is shown. */
  readonly targets = computed(() => {
    const picked = this.ordered.value.filter((one) => this.picked.value.has(one.approval.id));
    return picked.length > 0 ? picked : this.shown.value ? [this.shown.value] : [];
  });
  readonly stop: () => void;
  #last: Waiting | null = null;
  #place = 0;

  constructor(
    private readonly api: Api,
    private readonly queue: Queue,
    private readonly deciding: Deciding,
    private readonly tell: (text: string) => void,
  ) {
    this.stop = effect(() => {
      const ordered = this.ordered.value;
      untracked(() => this.#follow(ordered));
    });
  }

  show(id: string): void {
    if (id !== this.current.value) this.#clear();
    this.gone.value = null;
    this.current.value = id;
    this.#remember();
  }

  /** To the next request, or the one before. */
  move(step: 1 | -1): void {
    const ordered = this.ordered.value;
    const at = ordered.findIndex((one) => one.approval.id === this.current.value);
    const to = at < 0 ? Math.min(this.#place, ordered.length - 1) : Math.min(Math.max(at + step, 0), ordered.length - 1);
    const next = ordered[to];
    if (next) this.show(next.approval.id);
  }

  pick(id: string): void {
    const one = this.ordered.value.find((other) => other.approval.id === id);
    if (one && !one.mine.may) return this.tell(mayNot(one));
    const picked = new Set(this.picked.value);
    if (!picked.delete(id)) picked.add(id);
    this.picked.value = picked;
  }

  /** Pick all that are like the one that is shown; again to let go of them. */
  pickLike(): void {
    const { value: one } = this.shown;
    if (!one) return;
    if (this.picked.value.size > 0) {
      this.picked.value = new Set();
      return;
    }
    const like = likeOf(one, this.ordered.value).slice(0, MOST);
    if (like.length < 2) return this.tell("Nothing else that waits is like it.");
    this.picked.value = new Set(like.map((other) => other.approval.id));
  }

  /** Open what is to be said; a refusal is told instead where they may not. */
  begin(act: Act): void {
    const targets = this.targets.value;
    const [one] = targets;
    if (!one) return;
    const not = targets.find((other) => !other.mine.may);
    if (not) return this.tell(mayNot(not));
    if (act === "less" && targets.length > 1) return this.tell("Less is approved one by one: let go of what is picked.");
    if (act === "refuse") {
      this.act.value = act;
      return;
    }
    const most = one.mine.up_to;
    if (most === null || isNothing(most)) {
      return this.tell("Your level may give nothing of it now. Decline it, or leave it to a higher level.");
    }
    if (act === "approve" && targets.length === 1 && !one.mine.covers) {
      this.tell(`You may give up to ${amount(most)}.`);
      this.act.value = "less";
      return;
    }
    this.act.value = act;
  }

  cancel(): boolean {
    if (this.act.value !== null) this.act.value = null;
    else if (this.picked.value.size > 0) this.picked.value = new Set();
    else return false;
    return true;
  }

  /** Decide; the next one is there at once. */
  decide(meant: Omit<Meant, "comment">): void {
    const targets = this.targets.value;
    const comment = this.comment.value.trim();
    this.#clear();
    this.picked.value = new Set();
    void this.deciding.decide(targets, { ...meant, comment });
  }

  next(): void {
    this.gone.value = null;
    this.#clear();
    this.#select();
  }

  #follow(ordered: readonly Waiting[]): void {
    const { value: current } = this.current;
    const left = new Set(ordered.map((one) => one.approval.id));
    if ([...this.picked.value].some((id) => !left.has(id))) {
      this.picked.value = new Set([...this.picked.value].filter((id) => left.has(id)));
    }
    if (current !== null && left.has(current)) return this.#remember();
    const { open, done } = this.deciding;
    const isOurs = current !== null && (open.value.has(current) || done.value.has(current));
    if (this.gone.value !== null) return;
    if (this.#last && current === this.#last.approval.id && !isOurs && this.queue.items.value !== null) {
      this.act.value = null;
      this.gone.value = { one: this.#last, approval: null };
      void this.#learn(current);
      return;
    }
    this.#select();
  }

  /** How it ended: by whom, or by time. */
  async #learn(id: string): Promise<void> {
    const found = await this.api.get<Brief>(`/v1/approvals/${encodeURIComponent(id)}`).catch(() => null);
    const { value: gone } = this.gone;
    if (gone?.one.approval.id === id) this.gone.value = { ...gone, approval: found?.approval ?? null };
  }

  #select(): void {
    const ordered = this.ordered.value;
    const next = ordered[Math.min(this.#place, ordered.length - 1)] ?? null;
    this.current.value = next?.approval.id ?? null;
    this.#remember();
  }

  #remember(): void {
    const ordered = this.ordered.value;
    const at = ordered.findIndex((one) => one.approval.id === this.current.value);
    this.#last = ordered[at] ?? null;
    if (at >= 0) this.#place = at;
  }

  #clear(): void {
    this.act.value = null;
    this.comment.value = "";
  }
}

function mayNot({ mine }: Waiting): string {
  return `You may not decide on it: ${mine.refusal ?? "it is somebody else's"}.`;
}
