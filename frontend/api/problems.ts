// What can go wrong between the panel and the server, in two kinds: it said no, or it did not say.
import type { Conflict, Problem, Proving } from "./schema";

const TOO_MANY = 429;

/** The server understood and refused: what it said of it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem> & Partial<Conflict> & Partial<Proving>,
  ) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
  }

  /** The stable code at the end of the problem's type, such as `over_headroom`. */
  get code(): string {
    return this.problem.type?.split(":").pop() ?? "";
  }

  /** Pointers of the fields that it is about. */
  get fields(): readonly string[] {
    return (this.problem.errors ?? []).flatMap((one) => (one.pointer ? [one.pointer] : []));
  }
}

/** Nobody knows whether the server did it: no answer, a slow one, or one that broke off. */
export class NoAnswer extends Error {
  constructor(readonly kind: "offline" | "slow" | "failing") {
    super(kind);
  }
}

/** There is no session any more; somebody has to sign in. */
export class SignedOut extends Error {}

/** True if the request was given up because a newer one took its place. */
export function isAborted(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === "AbortError";
}

/** True where the same request may be sent again, with the same key, and may then succeed. */
export function isPassing(fault: unknown): boolean {
  if (fault instanceof NoAnswer) return true;
  if (!(fault instanceof Refused)) return false;
  return fault.status === TOO_MANY || ["idempotency_key_in_flight", "stale_version"].includes(fault.code);
}
