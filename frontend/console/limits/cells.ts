// Cells in words, and what is typed into them as the sheet has it: pure. What a cell may hold is
// the server's to say; here is only what makes it easier to read and to write.
import type { Choice, Column } from "./columns";

const SIGNS: Readonly<Record<string, string>> = { "<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": "=" };

/** A cell as it is read: names for keys, signs for signs, a word for an empty one. */
export function shown(column: Column, text: string): string {
  if (isEmpty(text)) return column.empty;
  switch (column.form) {
    case "one":
      return nameOf(column, text);
    case "several":
      return listed(text).map((key) => nameOf(column, key)).join(", ");
    case "condition":
      return conditionInWords(column, text);
    default:
      return text;
  }
}

export function isEmpty(text: string): boolean {
  return text === "" || text.trim() === "-";
}

/** What was typed or pasted, as the sheet has it: names become their keys, signs their spelling. */
export function written(column: Column, typed: string): string {
  const text = typed.trim();
  if (isEmpty(text) || text === column.empty) return "";
  switch (column.form) {
    case "one":
      return keyOf(column, text);
    case "several":
      return listed(text).map((one) => keyOf(column, one)).join(", ");
    case "condition": {
      const plain = text.replace("≤", "<=").replace("≥", ">=").replace("–", "..");
      if (column.choices.length === 0) return plain;
      const [, no = "", keys = plain] = /^(not\s+)?(.*)$/i.exec(plain) ?? [];
      return no.toLowerCase() + listed(keys).map((one) => keyOf(column, one)).join(", ");
    }
    default:
      return text;
  }
}

/** The choices for what is being typed, the best first; of a list, for its last word. */
export function choicesFor(column: Column, typed: string): readonly Choice[] {
  const wanted = lastWord(column, typed).toLowerCase();
  if (wanted === "") return column.choices;
  const rank = ({ key, name }: Choice) => {
    const texts = [key.toLowerCase(), name.toLowerCase(), key.replaceAll("_", " ")];
    if (texts.some((text) => text.startsWith(wanted))) return 0;
    return texts.some((text) => text.includes(wanted)) ? 1 : 2;
  };
  return column.choices
    .map((choice) => ({ choice, rank: rank(choice) }))
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.choice);
}

/** What was typed, with a choice in the place of its last word. */
export function chosen(column: Column, typed: string, key: string): string {
  if (!isList(column)) return key;
  const kept = typed.slice(0, typed.length - lastWord(column, typed).length);
  return `${kept}${key}`;
}

/** True if a cell holds a list, so that choosing adds to it. */
export function isList(column: Column): boolean {
  return column.form === "several" || (column.form === "condition" && column.choices.some((one) => one.key !== "yes" && one.key !== "no"));
}

function lastWord(column: Column, typed: string): string {
  if (!isList(column)) return typed.trim();
  const last = typed.split(",").pop() ?? "";
  return last.replace(/^\s*(not\s+)?/i, "");
}

function conditionInWords(column: Column, text: string): string {
  if (column.choices.length > 0) {
    const [, no = "", keys = text] = /^(not\s+)?(.*)$/.exec(text) ?? [];
    return no + listed(keys).map((key) => nameOf(column, key)).join(", ");
  }
  const [, sign, value] = /^(<=|>=|<|>|=)\s*(.+)$/.exec(text) ?? [];
  if (sign !== undefined && value !== undefined) return `${SIGNS[sign]} ${value}`;
  return text.replace(/\s*\.\.\s*/, " – ");
}

const listed = (text: string) => text.split(",").map((one) => one.trim()).filter(Boolean);
const nameOf = (column: Column, key: string) => column.choices.find((one) => one.key === key)?.name ?? key;

function keyOf(column: Column, text: string): string {
  const wanted = text.toLowerCase();
  const found = column.choices.find((one) => one.key.toLowerCase() === wanted || one.name.toLowerCase() === wanted);
  return found?.key ?? text;
}
