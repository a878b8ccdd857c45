import assert from "node:assert/strict";
import { test } from "node:test";
import { errorInWords } from "../console/parts/loaded";
import { readFact, readTypedFact } from "../text/facts";
import { amount, most, whole, writeFor } from "../text/format";
import { directionOf, speak, t, tn } from "../text/i18n";
import { capInWords, testInWords } from "../text/words";

const labels = { fact: (key: string) => key, remedy: (key: string) => key, level: (key: string) => key };

test("the binding cap is said in words", () => {
  const left = { amount: "15.00", currency: "EUR" };

  assert.equal(
    capInWords({ kind: "budget", budget: "b", scope: "customer", window: "90d", headroom: left, grants_left: null, warning: false }, labels),
    "€15.00 left for this customer, 90 days",
  );
  assert.equal(
    capInWords({ kind: "ceiling", row: "R1", headroom: left, given: { amount: "0.00", currency: "EUR" }, scope: null }, labels),
    "your limit: €15.00",
  );
});

test("tests of the limit table are said in words", () => {
  assert.equal(testInWords("<= 30.00"), "at most 30.00");
  assert.equal(testInWords("0..30"), "from 0 to 30");
  assert.equal(testInWords("not basic"), "not basic");
  assert.equal(testInWords("gold, plus"), "gold, plus");
});

test("amounts are exact in every locale", () => {
  const large = { amount: "90071992547409.93", currency: "EUR" };

  assert.equal(amount(large), "€90,071,992,547,409.93");
  writeFor("de");
  assert.equal(amount({ amount: "1234.50", currency: "EUR" }).replaceAll("\u00a0", " "), "1.234,50 €");
  assert.deepEqual(readTypedFact({ type: "money", choices: [] }, "12,50"), { amount: "12.50", currency: "EUR" });
  writeFor("en");
});

test("facts of a CRM are read in the type of the fact, or not at all", () => {
  assert.equal(readFact({ type: "choice", choices: ["plus"] }, "Plus"), "plus");
  assert.equal(readFact({ type: "choice", choices: ["plus"] }, "gold"), null);
  assert.equal(readFact({ type: "boolean", choices: [] }, "no"), false);
  assert.equal(readFact({ type: "integer", choices: [], least: 0 }, -1), null);
  assert.equal(readFact({ type: "integer", choices: [] }, "3.5"), null);
  assert.equal(readFact({ type: "date", choices: [] }, "2026-02-30"), null);
  assert.deepEqual(readFact({ type: "money", choices: [] }, "15"), { amount: "15.00", currency: "EUR" });
});

test("a language without a catalogue is spoken in English and keeps its direction", () => {
  speak("ar");
  assert.equal(t("{amount} given", { amount: "5" }), "5 given");
  assert.equal(tn("{n} day", "{n} days", 1), "1 day");
  assert.equal(directionOf("ar-EG"), "rtl");
  assert.equal(directionOf("de"), "ltr");
  speak("en");
});

test("counts and days are said in words, in each language", () => {
  const once = { count: 1 };
  const cap = { kind: "ceiling", row: "R1", headroom: once, given: { count: 0 }, scope: null } as const;
  const budget = { kind: "budget", budget: "b", scope: "customer", window: "365d", grants_left: 2, warning: false } as const;
  const said = () => [
    amount(once),
    amount({ count: 3 }),
    amount({ days: 14 }),
    amount({ percent: "12.5" }).replace(/\s/g, " "),
    most(once),
    whole(once, "A card"),
    whole({ count: 2 }, "A card"),
    capInWords(cap, labels),
    capInWords({ ...cap, scope: "contact", headroom: { count: 0 }, given: once }, labels),
    capInWords({ ...budget, headroom: { unlimited: true } }, labels),
  ];

  assert.deepEqual(said(), [
    "once", "3 times", "14 days", "12.5%", "once", "A card", "2 times, A card", "your limit: once",
    "your limit is used up: once given already", "2 more times for this customer, 365 days",
  ]);
  speak("de");
  writeFor("de");
  assert.deepEqual(said(), [
    "einmal", "3-mal", "14 Tage", "12,5 %", "einmal", "A card", "2-mal, A card", "Ihr Limit: einmal",
    "Ihr Limit ist ausgeschöpft: schon einmal gewährt", "noch 2-mal für diesen Kunden, 365 Tage",
  ]);
  speak("es");
  writeFor("es");
  assert.deepEqual(said(), [
    "una vez", "3 veces", "14 días", "12,5 %", "una vez", "A card", "2 veces, A card", "su límite: una vez",
    "su límite está agotado: ya concedido una vez", "2 veces más para este cliente, 365 días",
  ]);
  speak("en");
  writeFor("en");
});

test("amounts in tests of the limit table are the reader's", () => {
  writeFor("de");
  assert.deepEqual([testInWords(">= 1250.50"), testInWords("not on_hold")], ["at least 1.250,50", "not on hold"]);
  writeFor("en");
});

test("what is wrong is said in words, without pointers and names of files that nobody chose", () => {
  const said = (pointer: string | null, detail: string) => errorInWords({ pointer, detail } as Parameters<typeof errorInWords>[0]);
  assert.equal(said("/effective_at", "is in the past: name a later time"), "Effective at is in the past: name a later time.");
  assert.equal(said("/sheet", "sheet.csv:A3 (row): the key 'R1' is there twice"), "A3 (row): the key 'R1' is there twice.");
  assert.equal(said("/sheet", "sheet.xlsx: holds more than a sheet may; split it"), "The file holds more than a sheet may; split it.");
  assert.equal(said("/rows/0/purpose", "must not be empty"), "Purpose must not be empty.");
  assert.equal(said(null, "nothing is known of it"), "Nothing is known of it.");
});
