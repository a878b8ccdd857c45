// Numbers, dates and times as the reader's locale writes them.
import type { FactValue, Quantity } from "../api/names";
import { readAmount, textOf } from "./amounts";
import { t, tn } from "./i18n";

let locale = "en";

export function writeFor(wanted: string): void {
  try {
    locale = new Intl.Locale(wanted).toString();
  } catch {
    locale = "en";
  }
}

export function currentLocale(): string {
  return locale;
}

/** An amount of a remedy: `€15.00`, `25%`, `once`, `14 days`, `any amount`. */
export function amount(quantity: Quantity): string {
  if ("amount" in quantity) return money(quantity.amount, quantity.currency);
  if ("percent" in quantity) return percentage(quantity.percent);
  if ("count" in quantity) return tn("once", "{n} times", quantity.count);
  if ("days" in quantity) return tn("{n} day", "{n} days", quantity.days);
  return t("any amount");
}

/** The most there may be: `up to €15.00`, `once`, `any amount`. */
export function most(quantity: Quantity): string {
  const isPlain = "unlimited" in quantity || isOnce(quantity);
  return isPlain ? amount(quantity) : t("up to {amount}", { amount: amount(quantity) });
}

/** True for a remedy that is given whole, and so has no amount worth naming. */
export function isOnce(quantity: Quantity): boolean {
  return "count" in quantity && quantity.count === 1;
}

/** A remedy with its amount: `€15.00, Waive the fee`; given once, it is its name alone. */
export function whole(quantity: Quantity, remedy: string): string {
  return isOnce(quantity) ? remedy : `${amount(quantity)}, ${remedy}`;
}

function percentage(text: string): string {
  const options = { style: "unit", unit: "percent", maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(locale, options).format(exact(text));
}

export function money(text: string, currency: string): string {
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(exact(text));
  } catch {
    return `${text} ${currency}`;
  }
}

export function number(text: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(exact(text));
}

/** The same as it is typed: with the locale's decimal mark, and no groups. */
export function plain(quantity: Quantity): string {
  const text = textOf(quantity);
  if (text === null) return "";
  return decimal(text, false);
}

/** With as many decimals as it has. */
function decimal(text: string, useGrouping: boolean): string {
  const decimals = (text.split(".")[1] ?? "").length;
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping };
  return new Intl.NumberFormat(locale, options).format(exact(text));
}

export function readTyped(typed: string, decimals: number): string | null {
  return readAmount(typed, decimals, locale);
}

/** How sure a match is, in words' neighbourhood: `91 %`. */
export function percent(probability: number): string {
  const options = { style: "percent", maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(locale, options).format(Math.min(probability, 0.99));
}

export function clock(at: string | number): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

export function day(at: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(at));
}

/** A day and a time of day, where the reader is: `21 Nov 2026, 12:00`. */
export function moment(at: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** Minutes and seconds until something: `4:07`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function fact(value: FactValue): string {
  if (value === true) return t("yes");
  if (value === false) return t("no");
  if (typeof value === "object") return money(value.amount, value.currency);
  if (typeof value === "number") return number(String(value));
  return /^\d{4}-\d\d-\d\d$/.test(value) ? day(value) : words(value);
}

/** What stands in a test of the limit table, as the reader writes it. */
export function written(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return decimal(text, true);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? day(text) : text.replaceAll("_", " ");
}

/** A text in the quotation marks of the language. */
export function quoted(text: string): string {
  return t("“{text}”", { text });
}

/** A number of months, from two years on in years: `4 yrs`. */
export function months(n: number): string {
  if (n < 1) return t("new");
  const unit = n < 24 ? "month" : "year";
  const options = { style: "unit", unit, unitDisplay: "short" } as const;
  return new Intl.NumberFormat(locale, options).format(n < 24 ? n : Math.floor(n / 12));
}

/** A key of the library as words: `not_disclosed` is `Not disclosed`. */
export function words(key: string): string {
  const text = key.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Intl reads decimal texts exactly; TypeScript's library knows it by another name.
const exact = (text: string) => text as Intl.StringNumericLiteral;
