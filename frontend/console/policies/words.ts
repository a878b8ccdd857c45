// How what is found in a policy is called.
import type { Severity } from "../../api/schema";

type Tone = "allowed" | "approval" | "refused" | "accent" | "quiet";

export const SEVERITIES: Readonly<Record<Severity, { readonly name: string; readonly tone: Tone }>> = {
  error: { name: "To mend", tone: "refused" },
  warning: { name: "To consider", tone: "approval" },
  note: { name: "Note", tone: "quiet" },
};

/** A message as a sentence. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
