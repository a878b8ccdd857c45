// What a rep can do about a remedy, a grant or an approval, and how to see that it was done.
import type { Approval, Quantity } from "../../api/names";
import type { Grant } from "../../api/schema";
import { scaled, textOf } from "../../text/amounts";
import type { Intent } from "./intents";

export type Act = "give" | "undo" | "final" | "withdraw";

/** The name of an act about a remedy, a grant or an approval in a contact, whose id may hold anything. */
export function aboutOf(act: Act, of: string, contact: string): string {
  return `${act}:${of}:${contact}`;
}

export function readAbout(about: string): { readonly act: string; readonly of: string; readonly contact: string } {
  const [act = "", of = "", ...contact] = about.split(":");
  return { act, of, contact: contact.join(":") };
}

/** What an intent to give asks for. */
export interface Meant {
  readonly remedy: string;
  readonly amount: Quantity;
  readonly reason_code: string;
}

/** What was meant to be given or asked for; null for what undoes, makes final or withdraws. */
export function meantBy(intent: Intent): Meant | null {
  return readAbout(intent.about).act === "give" ? (intent.body as Meant) : null;
}

export function asks(intent: Intent): boolean {
  return intent.path === "/v1/approvals";
}

/** True if what stands on the server shows that it was done. */
export function isDone(intent: Intent, grants: readonly Grant[], approvals: readonly Approval[]): boolean {
  const { act, of } = readAbout(intent.about);
  const grant = grants.find((one) => one.id === of);
  switch (act) {
    case "undo":
      return grant?.state === "voided";
    case "final":
      return grant?.state === "captured";
    case "withdraw":
      return approvals.some((one) => one.id === of && one.state === "withdrawn");
  }
  const meant = meantBy(intent);
  const found: readonly (Grant | Approval)[] = asks(intent) ? approvals : grants;
  return meant !== null && found.some((one) => !intent.before.includes(one.id) && isThat(one, meant, intent.by));
}

function isThat(found: Grant | Approval, meant: Meant, by: string): boolean {
  if (found.remedy !== meant.remedy || found.reason_code !== meant.reason_code || found.rep !== by) return false;
  const [one, other] = [textOf(found.amount), textOf(meant.amount)];
  return one === null || other === null ? one === other : scaled(one) === scaled(other);
}
