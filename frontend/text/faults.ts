// Why the server refused, in a sentence that names what it is about.
import type { Refused } from "../api/problems";
import type { Labels } from "./words";

/** The fact that a refusal is about; null where it is about anything else. */
export function factOf(fault: Refused): string | null {
  const found = fault.fields.flatMap((field) => /^\/facts\/([^/]+)/.exec(field)?.[1] ?? [])[0];
  return found?.replaceAll("~1", "/").replaceAll("~0", "~") ?? null;
}

export function reasonInWords(fault: Refused, labels: Labels): string {
  const reason = fault.problem.errors?.[0]?.detail ?? fault.message;
  const fact = factOf(fault);
  return fact === null ? reason : `${labels.fact(fact)}: ${reason}`;
}
