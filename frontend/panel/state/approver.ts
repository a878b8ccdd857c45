// Who may approve the amount that is being typed: what a 409 would say, said beforehand.
import { signal } from "@preact/signals";
import type { Quantity } from "../../api/names";
import { isAborted, NoAnswer, Refused, SignedOut } from "../../api/problems";
import type { Option } from "../../api/schema";
import { isWithin, textOf } from "../../text/amounts";
import { Latest } from "./latest";

/** `open`: the rep may give it; `nobody`: no level may; `unknown`: that is being found out. */
export type Standing = { readonly kind: "open" | "nobody" | "unknown" } | { readonly kind: "level"; readonly level: string };

const PAUSE = 300; // ms without a key

type Find = (amount: Quantity, signal: AbortSignal) => Promise<string | null>;

/**
 * Where an amount stands, as far as the option tells.
 *
 * An option names the lowest level that may give more than the rep, and up to what: above that,
 * a level higher still has to be asked for.
 */
export function standingOf(option: Option, amount: Quantity): Standing {
  const text = textOf(amount);
  if (text !== null && isWithin(text, option.up_to)) return { kind: "open" };
  if (option.approval === null) return { kind: "nobody" };
  if (text !== null && isWithin(text, option.approval.up_to)) return { kind: "level", level: option.approval.level };
  return { kind: "unknown" };
}

/** Finds out about amounts above what the option tells of, after a pause in typing. */
export class Approver {
  readonly found = signal<{ readonly of: string; readonly level: string | null } | null>(null);
  readonly #latest = new Latest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly find: Find,
    private readonly pause = PAUSE,
  ) {}

  /** Ask about an amount; the answer to an older one never lands. */
  ask(amount: Quantity): void {
    this.leave();
    const of = textOf(amount) ?? "";
    this.#timer = setTimeout(() => {
      const land = (level: string | null) => (this.found.value = { of, level });
      this.#latest.run((signal) => this.find(amount, signal), land).catch((fault) => {
        // Without an answer nothing is armed; the next decision or letter asks again.
        if (!(isAborted(fault) || fault instanceof NoAnswer || fault instanceof Refused || fault instanceof SignedOut)) throw fault;
      });
    }, this.pause);
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#latest.giveUp();
    this.found.value = null;
  }

  /** Where an amount stands, once it was found out. */
  settle(standing: Standing, amount: Quantity): Standing {
    const { value: found } = this.found;
    if (standing.kind !== "unknown" || found === null || found.of !== textOf(amount)) return standing;
    return found.level === null ? { kind: "nobody" } : { kind: "level", level: found.level };
  }
}
