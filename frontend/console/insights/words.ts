// What the pages of insights say, in words: pure.
import type { FactorsUsed, Money, MoneyRange, ShareRange, StakeSeen } from "../../api/schema";
import { currentLocale, number, words } from "../../text/format";

/** Without cents: nobody knows those of what is at risk. */
export function about({ amount, currency }: Money): string {
  const options = { style: "currency", currency, maximumFractionDigits: 0 } as const;
  const whole = amount.split(".")[0] ?? "0";
  try {
    return new Intl.NumberFormat(currentLocale(), options).format(BigInt(whole));
  } catch {
    return `${whole} ${currency}`;
  }
}

export const between = ({ low, high }: MoneyRange) => `${about(low)} to ${about(high)}`;

/** A share as a percentage, with a decimal where it is near none or all. */
export function percentage(share: number): string {
  const isNear = share > 0 && share < 1 && (share < 0.1 || share > 0.9);
  const options = { style: "percent", maximumFractionDigits: isNear ? 1 : 0 } as const;
  return new Intl.NumberFormat(currentLocale(), options).format(share);
}

export const percentages = ({ low, high }: ShareRange) => `${percentage(low)} to ${percentage(high)}`;

export const count = (n: number) => number(String(n));

export const causeIn = (cause: string | null) => (cause === null ? "Not known" : words(cause));

/** Causes to choose from; the last joins those that an expectation set earlier would have saved. */
export const CAUSES: readonly (readonly [string, string])[] = [
  ["", "any"],
  ...["product", "process", "marketing", "customer", "employee"].map((one) => [one, words(one)] as const),
  ["preventable", "Preventable: customer or marketing"],
];

export function isOfCause(cause: string | null, wanted: string): boolean {
  if (wanted === "preventable") return cause === "customer" || cause === "marketing";
  return wanted === "" || cause === wanted;
}

/** The first thing to know: what puts most at risk, and why. */
export function leadOf(first: StakeSeen | undefined, name: string): string {
  if (first === undefined) return "No contact of this time names an issue, so nothing can be told of it.";
  if (first.share === null) return "No contact of this time has ended, so nobody can say yet what is at risk.";
  const most = `“${name}” puts ${about(first.a_year.likely)} a year at risk (${between(first.a_year)})`;
  const why = first.cause === null ? "" : `, caused by ${first.cause}`;
  const few = first.ends.few ? " It rests on few contacts." : "";
  return `${most}${why}.${few}`;
}


/** A percentage that was typed as a share of the wire, with four decimals at most: `12.5` is `0.125`. */
export function shareTyped(text: string): string {
  return text.trim() === "" ? "" : String(Math.round(Number(text) * 100) / 10_000);
}

export const SUPPOSED = ["customer_value", "share", "loss_unresolved", "loss_repeated", "loss_resolved"] as const;
export type Supposed = (typeof SUPPOSED)[number];

/** What the library estimates of what may be supposed, as a range in words. */
export function estimateOf(name: Supposed, library: FactorsUsed): string {
  if (name === "customer_value") return `The library says ${about(library.customer_value.likely)} (${between(library.customer_value)})`;
  if (name === "share") return "Left empty, as counted for each issue";
  const range = library.loyalty_loss[name === "loss_unresolved" ? "unresolved" : name === "loss_repeated" ? "repeated" : "resolved"];
  return `The library says ${percentage(range.likely)} (${percentages(range)})`;
}
