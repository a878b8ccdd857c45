// What waits, in the words of those who decide.
import type { Approval, Quantity } from "../../api/names";
import type { BudgetHeadroom, LikeCases, Option, WaitingRequest as Waiting } from "../../api/schema";
import { amount, words } from "../../text/format";
import type { Labels } from "../../text/words";
import { capInWords, scopeInWords, testInWords, windowInWords } from "../../text/words";

/** How long ago, in the words of somebody who waits: `40 s`, `3 min`, `1 h 5 min`. */
export function since(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The sentence that tells most in the least time: how like cases went. */
export function precedentInWords({ approved, lowered, refused, median, days }: LikeCases): string {
  const all = approved + lowered + refused;
  if (all === 0) return `None like it was decided in the last ${days} days.`;
  const given = median === null ? "" : `, median ${amount(median)}`;
  return `${approved + lowered} of ${all} like this ${all === 1 ? "was" : "were"} approved${given}.`;
}

export function spreadInWords({ approved, lowered, refused, least, most, days }: LikeCases): string {
  return `${approved} as asked, ${lowered} with less, ${refused} declined; ${amount(least)} to ${amount(most)} asked for, last ${days} days`;
}

/** Whose budget, over which time: `this customer, 90 days`. */
export function budgetName({ scope, window }: BudgetHeadroom, rep: string): string {
  const whose = scope === "rep" ? rep : scope === "team" ? "their team" : scopeInWords(scope);
  const when = windowInWords(window);
  return when === "" ? whose : `${whose}, ${when}`;
}

/** What a budget has given: an amount where it caps amounts, else how many times. */
export function usedInWords({ used, headroom }: BudgetHeadroom): string {
  const times = `${used.grants} ${used.grants === 1 ? "grant" : "grants"}`;
  return headroom.amount === null && headroom.grants !== null ? times : `${amount(used.amount)} in ${times}`;
}

export function leftInWords({ headroom, frozen }: BudgetHeadroom): string {
  if (frozen) return "frozen";
  const parts = [headroom.amount && amount(headroom.amount), headroom.grants !== null && `${headroom.grants} more`];
  return parts.filter(Boolean).join(", ") || "no cap for you";
}

/** The row that the asking level's limit comes from, or why there is none. */
export function rowInWords(option: Option, labels: Labels): readonly { readonly row: string; readonly tests: string }[] {
  return option.because.map((one) => ({
    row: one.row,
    tests:
      one.tests
        .map((test) => `${labels.fact(test.fact)} ${testInWords(test.test)}${test.met === false ? " (it is not)" : ""}`)
        .join(" · ") || "any case",
  }));
}

/** What keeps the asking level from giving it. */
export function bindingInWords(option: Option, labels: Labels): string {
  const { binding } = option;
  if (binding === null) return "no row allows it at their level";
  if (binding.kind === "ceiling") {
    return binding.scope === null
      ? `their limit is ${amount(binding.headroom)}`
      : `their limit leaves ${amount(binding.headroom)}; ${amount(binding.given)} was given before`;
  }
  if (binding.kind === "budget") {
    const scope = binding.scope === "rep" ? "their own budget" : binding.scope === "team" ? "their team" : scopeInWords(binding.scope);
    const when = windowInWords(binding.window);
    return `${binding.grants_left === 0 ? "nothing is" : `${amount(binding.headroom)} is`} left for ${scope}${when && `, ${when}`}`;
  }
  return capInWords(binding, labels);
}

/** How a request ended that nobody here ended. */
export function endInWords(approval: Approval, name: (id: string) => string): string {
  const { state, end } = approval;
  const by = end?.by ? ` by ${name(end.by)}` : "";
  switch (state) {
    case "approved":
      return `Approved meanwhile${by}: ${end?.amount ? amount(end.amount) : ""}.`;
    case "refused":
      return `Declined meanwhile${by}: ${end?.reason_code ? words(end.reason_code).toLowerCase() : ""}.`;
    case "withdrawn":
      return "Withdrawn by who asked: it is no longer wanted.";
    case "expired":
      return "Expired: nobody decided in time. It can be asked for again.";
    case "pending":
      return "It waits still.";
  }
}

/** What is like a request: it can be decided on with it, in the same way. */
export function likeOf(one: Waiting, all: readonly Waiting[]): readonly Waiting[] {
  return all.filter(
    (other) =>
      other.mine.may &&
      other.mine.covers &&
      other.approval.remedy === one.approval.remedy &&
      other.approval.issue === one.approval.issue,
  );
}

/** Amounts of one unit, added up; null where they are of several. */
export function total(quantities: readonly Quantity[]): string | null {
  const money = quantities.flatMap((one) => ("amount" in one ? [one] : []));
  const [first] = money;
  if (!first || money.length !== quantities.length || money.some((one) => one.currency !== first.currency)) return null;
  const decimals = (first.amount.split(".")[1] ?? "").length;
  const sum = money.reduce((all, one) => all + BigInt(one.amount.replace(".", "")), 0n);
  const digits = String(sum).padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return amount({ amount: text, currency: first.currency });
}
