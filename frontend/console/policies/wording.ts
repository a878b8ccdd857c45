// What differs between two wordings, word by word.

export interface Part {
  readonly kind: "same" | "out" | "in";
  readonly text: string;
}

const MOST = 1_500; // words on a side; beyond that the whole text is told as changed

/** The parts of both texts in reading order. */
export function difference(before: string, after: string): Part[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  if (old.length > MOST || now.length > MOST) return joined([...told("out", [before]), ...told("in", [after])]);
  const common = lengths(old, now);
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      parts.push({ kind: "same", text: old[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      parts.push({ kind: "out", text: old[i] ?? "" });
      i += 1;
    } else {
      parts.push({ kind: "in", text: now[j] ?? "" });
      j += 1;
    }
  }
  return joined(parts);
}

const wordsOf = (text: string) => text.match(/\s+|[^\s]+/g) ?? [];
const told = (kind: Part["kind"], texts: readonly string[]): Part[] => texts.map((text) => ({ kind, text }));
const at = (table: readonly Uint16Array[], i: number, j: number) => table[i]?.[j] ?? 0;

/** How many words from each place on both texts have in common, at most. */
function lengths(old: readonly string[], now: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    const row = table[i];
    if (row === undefined) continue;
    for (let j = now.length - 1; j >= 0; j--) {
      row[j] = old[i] === now[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

/** Neighbours as one part; a few words that stayed between two changes are told with these, for nobody reads confetti. */
function joined(parts: readonly Part[]): Part[] {
  const found: Part[] = [];
  let [out, added, kept] = ["", "", ""];
  const close = () => {
    if (out !== "") found.push({ kind: "out", text: out });
    if (added !== "") found.push({ kind: "in", text: added });
    if (kept !== "") found.push({ kind: "same", text: kept });
    [out, added, kept] = ["", "", ""];
  };
  for (const part of parts) {
    if (part.kind === "same") {
      kept += part.text;
      continue;
    }
    if (kept !== "" && ((out === "" && added === "") || !isFew(kept))) close();
    out += kept + (part.kind === "out" ? part.text : "");
    added += kept + (part.kind === "in" ? part.text : "");
    kept = "";
  }
  close();
  return found;
}

const FEW = 3;
const isFew = (text: string) => text.trim().split(/\s+/).filter(Boolean).length < FEW;
