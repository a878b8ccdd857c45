// Decisions: each meant once, sent until the server has said what became of it.
import { signal } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Quantity } from "../../api/names";
import { isPassing, Refused, SignedOut } from "../../api/problems";
import type { OneRuling, RulingAnswer, RulingAnswers, RulingReason, WaitingRequest as Waiting } from "../../api/schema";
import { amount } from "../../text/format";
import { faultInWords } from "../parts/loaded";

export const MOST = 50; // that the server takes at once
const PAUSES = [500, 2_000]; // ms between tries

export const REASONS: Readonly<Record<"approve" | "refuse", readonly (readonly [RulingReason, string])[]>> = {
  approve: [
    ["justified", "Justified"],
    ["our_error", "Our error"],
    ["keeps_customer", "Keeps the customer"],
  ],
  refuse: [
    ["not_justified", "Not justified"],
    ["evidence_missing", "Evidence is missing"],
    ["asked_too_often", "Asked too often"],
    ["another_remedy", "Another remedy is better"],
  ],
};

export interface Meant {
  readonly ruling: "approve" | "refuse";
  readonly reason: RulingReason;
  readonly comment: string;
  /** Less than was asked for; null for all of it. */
  readonly less: Quantity | null;
}

export interface Trouble {
  readonly one: Waiting;
  readonly text: string;
  /** The decision as it was sent, where nobody knows what became of it. */
  readonly doubt: OneRuling | null;
}

export class Deciding {
  /** Ids of requests whose decision is under way. */
  readonly open = signal<ReadonlySet<string>>(new Set());
  /** Ids of requests that were decided here. */
  readonly done = signal<ReadonlySet<string>>(new Set());
  readonly troubles = signal<readonly Trouble[]>([]);

  constructor(
    private readonly api: Api,
    private readonly tell: (text: string) => void,
    private readonly after: () => void,
  ) {}

  async decide(those: readonly Waiting[], meant: Meant): Promise<void> {
    const some = those.filter((one) => !this.open.value.has(one.approval.id)).slice(0, MOST);
    await this.#send(some.map((one) => [one, rulingOn(one, meant)]));
  }

  /** Ask once more for what nobody knows of: with the same keys, so that nothing is done twice. */
  async resume(): Promise<void> {
    const sent = this.troubles.value.flatMap(({ one, doubt }) => (doubt ? [[one, doubt] as const] : []));
    if (sent.length > 0) await this.#send(sent);
  }

  /** Somebody else may sit here now. */
  forget(): void {
    this.troubles.value = [];
    this.done.value = new Set();
  }

  dismiss(trouble: Trouble): void {
    this.troubles.value = this.troubles.value.filter((one) => one !== trouble);
  }

  async #send(sent: readonly (readonly [Waiting, OneRuling])[]): Promise<void> {
    const ids = new Set(sent.map(([one]) => one.approval.id));
    this.troubles.value = this.troubles.value.filter((one) => !ids.has(one.one.approval.id));
    this.open.value = new Set([...this.open.value, ...ids]);
    try {
      const { items } = await this.#insist(sent.map(([, ruling]) => ruling));
      this.#settle(sent, items);
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof SignedOut || isPassing(fault))) throw fault;
      const isKnown = fault instanceof Refused;
      const why = isKnown ? "Nothing was decided" : "Nobody knows yet whether it was decided";
      this.#trouble(sent.map(([one, ruling]) => ({ one, text: `${why}. ${faultInWords(fault)}`, doubt: isKnown ? null : ruling })));
    } finally {
      this.open.value = new Set([...this.open.value].filter((id) => !ids.has(id)));
      this.after();
    }
  }

  async #insist(decisions: readonly OneRuling[]): Promise<RulingAnswers> {
    const body = { by: { id: this.api.person }, decisions };
    for (const pause of PAUSES) {
      try {
        return await this.api.post<RulingAnswers>("/v1/approvals/decisions", body);
      } catch (fault) {
        if (!isPassing(fault)) throw fault;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return this.api.post<RulingAnswers>("/v1/approvals/decisions", body);
  }

  #settle(sent: readonly (readonly [Waiting, OneRuling])[], items: readonly RulingAnswer[]): void {
    const done = items.filter((one) => one.problem === null);
    this.done.value = new Set([...this.done.value, ...done.map((one) => one.id)]);
    this.#trouble(
      sent.flatMap(([one], place) => {
        const answer = items[place];
        return answer?.problem ? [{ one, text: refusalInWords(answer), doubt: null }] : [];
      }),
    );
    const [first] = done;
    if (done.length === 1 && first?.approval) this.tell(doneInWords(first, sent));
    else if (done.length > 1) this.tell(`${done.length} requests ${sent[0]?.[1].ruling === "refuse" ? "declined" : "approved"}.`);
  }

  #trouble(more: readonly Trouble[]): void {
    if (more.length > 0) this.troubles.value = [...more, ...this.troubles.value];
  }
}

function rulingOn(one: Waiting, meant: Meant): OneRuling {
  return {
    approval: one.approval.id,
    key: crypto.randomUUID(),
    ruling: meant.ruling,
    hash: one.approval.hash,
    reason_code: meant.reason,
    ...(meant.less && { amount: meant.less as Exclude<Quantity, { unlimited: true }> }),
    ...(meant.comment !== "" && { comment: meant.comment }),
  };
}

function doneInWords(answer: RulingAnswer, sent: readonly (readonly [Waiting, OneRuling])[]): string {
  const asker = sent.find(([one]) => one.approval.id === answer.id)?.[0].asker ?? answer.approval?.rep ?? "";
  const given = answer.approval?.end?.amount;
  return given ? `${amount(given)} approved for ${asker}.` : `Declined; ${asker} is told.`;
}

/** Why one decision was not taken, with what could be given instead. */
function refusalInWords({ problem, conflict }: RulingAnswer): string {
  if (problem === null) return "";
  const why = faultInWords(new Refused(problem.status, problem));
  const field = problem.errors[0]?.detail;
  const left = conflict?.headroom ? ` You may give ${amount(conflict.headroom)} now.` : "";
  return `Not decided. ${field ? faultInWords(new Refused(problem.status, { detail: field })) : why}${left}`;
}
