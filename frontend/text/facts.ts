// Values of facts: from what a CRM holds, and from what somebody typed.
import type { FactValue } from "../api/names";
import type { Fact, FactType } from "../api/schema";
import { decimalsOf, readAmount } from "./amounts";
import { currentLocale } from "./format";

/** What the library says of a fact, as far as reading its value needs it. */
export type Readable = Pick<Fact, "type" | "choices"> & Partial<Pick<Fact, "least" | "most">>;

let currency = "EUR";

/** Amounts that name no currency are in this one. */
export function readIn(wanted: string): void {
  currency = wanted;
}

/** The value that a CRM holds, in the type of the fact; null if it is none of that type. */
export function readFact(fact: Readable, value: string | number | boolean): FactValue | null {
  switch (fact.type) {
    case "boolean":
      return readBoolean(value);
    case "choice": {
      const key = String(value).trim().toLowerCase().replace(/[\s-]+/g, "_");
      return fact.choices.includes(key) ? key : null;
    }
    case "integer":
      return /^-?\d{1,15}$/.test(String(value).trim()) ? within(fact, Number(value)) : null;
    case "money":
      return readMoney(String(value), "en");
    case "date":
      return isDate(String(value)) ? String(value) : null;
  }
}

/** The value that somebody typed, as their locale writes it; null if it is none. */
export function readTypedFact(fact: Readable, typed: string): FactValue | null {
  return fact.type === "money" ? readMoney(typed, currentLocale()) : readFact(fact, typed);
}

/** An example of the form that is expected. */
export function exampleOf(type: FactType): string {
  return type === "money" ? "12.00" : type === "date" ? "2026-01-31" : "3";
}

function readMoney(text: string, locale: string): FactValue | null {
  const named = /\b([A-Z]{3})\b/.exec(text)?.[1] ?? currency;
  const amount = readAmount(text, decimalsOf(named), locale);
  return amount === null ? null : { amount, currency: named };
}

function readBoolean(value: string | number | boolean): boolean | null {
  if (typeof value === "boolean") return value;
  const text = String(value).trim().toLowerCase();
  if (["true", "yes", "1"].includes(text)) return true;
  return ["false", "no", "0"].includes(text) ? false : null;
}

function within(fact: Readable, value: number): number | null {
  if (fact.least != null && value < fact.least) return null;
  return fact.most != null && value > fact.most ? null : value;
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
