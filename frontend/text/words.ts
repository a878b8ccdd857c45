// Decisions in sentences that a tired rep understands at once.
import type { Cap } from "../api/names";
import type { Option, Otherwise, Possible, Verdict } from "../api/schema";
import { isNothing } from "./amounts";
import { amount, most, quoted, written } from "./format";
import { t, tn } from "./i18n";

/** How names of the library are to be read: labels of facts, remedies and levels by key. */
export interface Labels {
  fact(key: string): string;
  remedy(key: string): string;
  level(key: string): string;
}

export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case "allowed":
      return t("Allowed");
    case "needs_approval":
      return t("Needs approval");
    case "open":
      return t("Open");
    case "not_allowed":
      return t("Not allowed");
  }
}

/** What sets the most that may be given. */
export function capInWords(cap: Cap, labels: Labels): string {
  switch (cap.kind) {
    case "ceiling":
      return ceilingInWords(cap);
    case "budget":
      return budgetInWords(cap);
    case "brake":
      return cap.scope === "team"
        ? t("Goodwill of your team is stopped: {reason}", { reason: cap.reason })
        : t("Goodwill is stopped everywhere: {reason}", { reason: cap.reason });
    case "frozen":
      return t("This budget is frozen until its records are checked");
    case "exclusive":
      return t("not with {remedy}, which was given already", { remedy: quoted(labels.remedy(cap.remedy)) });
  }
}

function ceilingInWords(cap: Extract<Cap, { kind: "ceiling" }>): string {
  const [left, given] = [amount(cap.headroom), amount(cap.given)];
  if (cap.scope === null) return t("your limit: {amount}", { amount: left });
  if (isNothing(cap.headroom)) return t("your limit is used up: {given} given already", { given });
  return t("{amount} left of your limit; {given} given already", { amount: left, given });
}

function budgetInWords(cap: Extract<Cap, { kind: "budget" }>): string {
  const whose = scopeInWords(cap.scope);
  const when = windowInWords(cap.window);
  const where = when === "" ? whose : `${whose}, ${when}`;
  if (cap.grants_left === 0) return t("no more gestures left for {where}", { where });
  const times = "count" in cap.headroom ? cap.headroom.count : "unlimited" in cap.headroom ? cap.grants_left : null;
  if (times !== null) return tn("one more time for {where}", "{n} more times for {where}", times, { where });
  return t("{amount} left for {where}", { amount: amount(cap.headroom), where });
}

export function scopeInWords(scope: string): string {
  switch (scope) {
    case "contact":
      return t("this contact");
    case "order":
      return t("this order");
    case "customer":
      return t("this customer");
    case "rep":
      return t("you");
    case "team":
      return t("your team");
    case "organisation":
      return t("everyone");
  }
  return scope;
}

export function windowInWords(window: string): string {
  const days = /^(\d+)d$/.exec(window)?.[1];
  if (days) return tn("{n} day", "{n} days", Number(days));
  switch (window) {
    case "day":
      return t("today");
    case "month":
      return t("this month");
    case "year":
      return t("this year");
    case "lifetime":
      return t("ever");
  }
  return "";
}

/** A test of the limit table: `<= 30.00` is `at most 30.00`. */
export function testInWords(test: string): string {
  const [, sign = "", text = test] = /^(<=|>=|<|>|not)\s*(.*)$/.exec(test) ?? [];
  const value = written(text);
  switch (sign) {
    case "<=":
      return t("at most {value}", { value });
    case ">=":
      return t("at least {value}", { value });
    case "<":
      return t("below {value}", { value });
    case ">":
      return t("above {value}", { value });
    case "not":
      return t("not {value}", { value });
  }
  if (test === "yes") return t("yes");
  if (test === "no") return t("no");
  const [from, to] = test.split("..");
  return to === undefined ? value : t("from {from} to {to}", { from: written(from ?? ""), to: written(to) });
}

export function otherwiseInWords(otherwise: Otherwise, labels: Labels): string {
  return t("{most} if {fact} were {test}", {
    most: most(otherwise.up_to),
    fact: quoted(labels.fact(otherwise.fact)),
    test: testInWords(otherwise.test),
  });
}

export function possibleInWords(possible: Possible, labels: Labels): string {
  const needs = possible.needs.map((one) => quoted(labels.fact(one))).join(", ");
  if (possible.up_to === null) return t("depends on {facts}", { facts: needs });
  return t("{most}, depending on {facts}", { most: most(possible.up_to), facts: needs });
}

/** Why nothing may be given: the first test that failed, or that no row is there. */
export function refusalInWords(option: Option, labels: Labels): string {
  if (option.binding && option.binding.kind !== "ceiling") return capInWords(option.binding, labels);
  for (const row of option.because) {
    const failed = row.tests.find((one) => one.met === false);
    if (failed) {
      return t("only if {fact} is {test}", {
        fact: quoted(labels.fact(failed.fact)),
        test: testInWords(failed.test),
      });
    }
  }
  return t("the limits do not allow it here");
}
