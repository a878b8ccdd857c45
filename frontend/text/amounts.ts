// Amounts, exactly: decimal texts and whole numbers of their smallest part, never a float.
import type { Quantity } from "../api/names";
import type { Unit } from "../api/schema";

const PLACES = 4; // no currency of ISO 4217 has more

/** The number in a quantity as a decimal text; null where there is no limit. */
export function textOf(quantity: Quantity): string | null {
  if ("amount" in quantity) return quantity.amount;
  if ("percent" in quantity) return quantity.percent;
  if ("count" in quantity) return String(quantity.count);
  if ("days" in quantity) return String(quantity.days);
  return null;
}

/** A decimal text in the unit of a remedy. */
export function quantityOf(text: string, unit: Unit, currency: string): Quantity {
  switch (unit) {
    case "money":
      return { amount: text, currency };
    case "percent":
      return { percent: text };
    case "count":
      return { count: Number(text) };
    case "days":
      return { days: Number(text) };
  }
}

/** As parts of ten thousand, for comparing and for shares; a text that is none is 0. */
export function scaled(text: string): bigint {
  const [whole = "0", rest = ""] = text.split(".");
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(rest)) return 0n;
  return BigInt(whole + rest.slice(0, PLACES).padEnd(PLACES, "0"));
}

/** True if `amount` is no more than `most`. */
export function isWithin(amount: string, most: Quantity): boolean {
  const limit = textOf(most);
  return limit === null || scaled(amount) <= scaled(limit);
}

/** True if nothing at all may be given. */
export function isNothing(quantity: Quantity): boolean {
  const text = textOf(quantity);
  return text !== null && scaled(text) === 0n;
}

/** `a` less `b`, not below nothing, with as many decimals as `a`. */
export function less(a: string, b: string): string {
  const left = scaled(a) - scaled(b);
  return written(left < 0n ? 0n : left, a);
}

/** Parts of ten thousand as a decimal text, with as many decimals as another. */
function written(parts: bigint, like: string): string {
  const digits = String(parts).padStart(PLACES + 1, "0");
  const decimals = (like.split(".")[1] ?? "").length;
  const whole = digits.slice(0, -PLACES);
  return decimals === 0 ? whole : `${whole}.${digits.slice(-PLACES).slice(0, decimals)}`;
}

/** `a` and `b` together, with as many decimals as `a`. */
export function plus(a: string, b: string): string {
  return written(scaled(a) + scaled(b), a);
}

/** How much of `whole` a part is, from 0 to 100. */
export function share(part: string, whole: string): number {
  const all = scaled(whole);
  if (all === 0n) return 0;
  return Math.min(100, Number((scaled(part) * 1000n) / all) / 10);
}

/** How many decimals a currency has. */
export function decimalsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/**
 * What somebody typed, as a decimal text with all `decimals`; null if it is no such number.
 *
 * The last of two kinds of marks divides off the decimals. A single mark does too, unless three
 * digits follow it and the locale groups thousands with it.
 */
export function readAmount(typed: string, decimals: number, locale: string): string | null {
  const text = typed.replace(/[\s\u00a0\u202f'’]/g, "").replace(/^[^\d.,-]+|[^\d.,]+$/g, "");
  if (!/^\d[\d.,]*$/.test(text)) return null;
  const mark = decimalMark(text, locale);
  const parts = mark === null ? [text] : text.split(mark);
  if (parts.length > 2) return null;
  const grouped = parts[0] ?? "";
  if (!/^(\d+|\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+)$/.test(grouped)) return null;
  const whole = grouped.replace(/[.,]/g, "").replace(/^0+(?=\d)/, "");
  const rest = parts[1] ?? "";
  if (!/^\d{1,15}$/.test(whole) || !/^\d*$/.test(rest) || rest.length > decimals) return null;
  return decimals === 0 ? whole : `${whole}.${rest.padEnd(decimals, "0")}`;
}

function decimalMark(text: string, locale: string): string | null {
  const marks = [...text].filter((one) => one === "." || one === ",");
  const last = marks.at(-1);
  if (last === undefined) return null;
  if (new Set(marks).size === 2) return last;
  if (marks.length > 1) return null; // 1.234.567
  const isGroup = groupOf(locale) === last && /[.,]\d{3}$/.test(text);
  return isGroup ? null : last;
}

function groupOf(locale: string): string | undefined {
  const parts = new Intl.NumberFormat(locale).formatToParts(12345);
  return parts.find((part) => part.type === "group")?.value;
}
