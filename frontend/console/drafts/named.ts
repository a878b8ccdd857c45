// Sentences of the server, which call things by the keys that a sheet has, with the names that people know: pure.
import type { Vocabulary } from "../desk";

/** What a sentence may hold for a key. */
export type Names = ReadonlyMap<string, string>;

export function namesOf({ library, issues, facts, remedies }: Vocabulary): Names {
  const choices = facts.flatMap((one) => one.choices).filter((one) => one.includes("_"));
  return new Map([
    ...choices.map((key) => [key, key.replaceAll("_", " ")] as const),
    ...library.levels.map((one) => [one.key, one.label] as const),
    ...facts.map((one) => [one.key, one.label] as const),
    ...remedies.map((one) => [one.key, one.label] as const),
    ...issues.map((one) => [one.key, one.name] as const),
  ]);
}

/** The sentence with names for keys; a key that is only a part of a longer word stays as it is. */
export function named(sentence: string, names: Names): string {
  return sentence.replace(WORD, (word) => names.get(word) ?? word);
}

// With what keys may hold; a dot at the end of a sentence belongs to none.
const WORD = /[\w-]+(?:\.[\w-]+)*/g;
