// Reads what another window sent. Whatever is not of the form that is expected is not there.
import type { Turn } from "./adapter";

const LONGEST_MESSAGE = 10_000_000;
const LONGEST_TEXT = 20_000;
const MOST_TURNS = 200;
const MOST_ATTRIBUTES = 200;
const UNSEEN = /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export type Bag = Readonly<Record<string, unknown>>;

/** An object as it is; an empty one in the place of anything else. */
export function bag(value: unknown): Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A JSON text as an object; null if it is none. */
export function readJson(text: unknown): Bag | null {
  if (typeof text !== "string" || text.length > LONGEST_MESSAGE) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Bag) : null;
  } catch {
    return null;
  }
}

/** An id that the API takes; null if it is none. */
export function id(value: unknown): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string" || !value.isWellFormed()) return null;
  const text = value.trim().normalize("NFC");
  const hasUnseen = text.replaceAll(" ", "").search(UNSEEN) >= 0;
  return text !== "" && text.length <= 200 && !hasUnseen ? text : null;
}

/** A short text to show, such as a name. */
export function label(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value.toWellFormed().replace(UNSEEN, " ").replace(/ +/g, " ").trim();
  return text === "" ? null : text.slice(0, 120);
}

/** A text of a turn: plain, for tags in it are what they look like. */
export function said(value: unknown): string {
  return typeof value === "string" ? value.toWellFormed().replace(CONTROLS, " ").slice(0, LONGEST_TEXT) : "";
}

/** HTML as the text it shows. Parsed into a document that loads nothing and runs nothing. */
export function textOfHtml(html: string): string {
  const parsed = new DOMParser().parseFromString(said(html), "text/html");
  for (const one of parsed.querySelectorAll("script, style, template, noscript")) one.remove();
  for (const one of parsed.querySelectorAll("br, p, div, li, tr")) one.append("\n");
  return (parsed.body.textContent ?? "").replace(/\n{2,}/g, "\n").trim();
}

/** A time in any form that hosts send, as the API reads it. */
export function time(value: unknown): string | null {
  const at = typeof value === "number" ? new Date(value < 1e12 ? value * 1000 : value) : new Date(String(value));
  const isSensible = typeof value === "number" || typeof value === "string";
  return isSensible && at.getTime() > 0 && at.getFullYear() < 9999 ? at.toISOString() : null;
}

export function locale(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const tag = value.replaceAll("_", "-");
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag) ? tag : null;
}

/** A key of the API, from a name such as `Channel::WebWidget`. */
export function channel(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const key = value.split("::").pop()?.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+/, "");
  return key ? key.slice(0, 64) : null;
}

export function theme(value: unknown): "light" | "dark" | null {
  return value === "light" || value === "dark" ? value : null;
}

/** The newest turns that say something, as many as the API takes. */
export function turns(found: readonly Turn[]): Turn[] {
  return found.filter((turn) => turn.text.trim() !== "").slice(-MOST_TURNS);
}

/** Plain values by path: `{plan: "plus"}` below `contact` is `contact.plan`. */
export function attributes(value: unknown, under: string): Record<string, string | number | boolean> {
  const found: Record<string, string | number | boolean> = {};
  for (const [key, one] of Object.entries(bag(value)).slice(0, MOST_ATTRIBUTES)) {
    const isPlain = ["string", "number", "boolean"].includes(typeof one);
    if (isPlain && /^[\w.-]{1,100}$/.test(key)) found[under ? `${under}.${key}` : key] = one as string;
  }
  return found;
}
