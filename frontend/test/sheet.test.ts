import assert from "node:assert/strict";
import { test } from "node:test";
import type { RowChange } from "../api/schema";
import { differingIn, inWords, wholeInWords } from "../console/drafts/cells";
import { choicesFor, chosen, shown, written } from "../console/limits/cells";
import type { Column } from "../console/limits/columns";
import { MOST_ROWS, readCells, TooMuch, writeCells } from "../console/limits/paste";
import { changed, changesBetween, freshKey, givenWay, inverse, rebased, type Rows, sharing } from "../console/limits/rows";
import { portionOf } from "../console/limits/saving";
import { Steps } from "../console/limits/steps";
import { Uses } from "../console/limits/uses";
import { edgesOf, scrolledTo, windowBetween, windowOf } from "../console/limits/window";

const rows = (found: Record<string, Record<string, string>>): Rows => new Map(Object.entries(found));
const plain = (found: Rows) => Object.fromEntries(found);
const BASE = rows({ R1: { rep: "5", tier: "plus" }, R2: { rep: "7" } });

test("what a spreadsheet copied is read as it copied it", () => {
  assert.deepEqual(readCells("a\tb\r\nc\t\r\n"), [["a", "b"], ["c", ""]]);
  assert.deepEqual(readCells('"a\tb"\t"say ""hi"""\n"two\nlines"\tx'), [["a\tb", 'say "hi"'], ["two lines", "x"]]);
  assert.deepEqual(readCells('5" pipe\t"open'), [['5" pipe', '"open']]);
  assert.deepEqual(readCells("\u200b 5\u00a0000\u202e "), [["5 000"]]);
  assert.deepEqual(readCells(""), [[""]]);
  for (const cells of [[["a", "b"]], [['q"uote', "tab\tbed"], ["", "x"]]]) assert.deepEqual(readCells(writeCells(cells)), cells);
});

test("a paste of 100,000 rows, of too many columns or of an endless cell is refused in words", () => {
  assert.throws(() => readCells("1\n".repeat(100_000)), (fault) => fault instanceof TooMuch && /5,000 rows.*Import/.test(fault.message));
  assert.throws(() => readCells("\t".repeat(300)), TooMuch);
  assert.throws(() => readCells("x".repeat(501)), TooMuch);
  assert.equal(readCells("1\n".repeat(MOST_ROWS)).length, MOST_ROWS);
});

test("changes are what makes one of the other, and their inverse makes the one again", () => {
  const after = rows({ R1: { rep: "6", tier: "plus" }, R3: { rep: "1" } });
  const changes = changesBetween(BASE, after);

  assert.deepEqual(changes.map((one) => one.row), ["R1", "R3", "R2"]);
  assert.deepEqual(plain(changed(BASE, changes)), plain(after));
  assert.deepEqual(plain(changed(after, inverse(changes))), plain(BASE));
  assert.deepEqual(changesBetween(BASE, rows({ R1: { tier: "plus", rep: "5" }, R2: { rep: "7" } })), []);
});

test("rows that two tables hold alike are shared, and no others", () => {
  const read = rows({ R1: { tier: "plus", rep: "5" }, R2: { rep: "8" }, R3: { rep: "1" } });
  const shared = sharing(read, BASE);

  assert.deepEqual(plain(shared), plain(read));
  assert.equal(shared.get("R1"), BASE.get("R1"));
  assert.equal(shared.get("R2"), read.get("R2"));
  assert.deepEqual(plain(sharing(rows({ R1: { rep: "5" } }), BASE)), { R1: { rep: "5" } });
});

test("the columns that rows use are known after every edit", () => {
  const uses = new Uses();
  const used = (found: Rows) => [...uses.of(found)].sort();

  assert.deepEqual(used(BASE), ["rep", "tier"]);
  assert.deepEqual(used(changed(BASE, [{ row: "R2", before: { rep: "7" }, after: { say: "Hello" } }])), ["rep", "say", "tier"]);
  assert.deepEqual(used(rows({ R2: { rep: "7" } })), ["rep"]);
  assert.deepEqual(used(rows({})), []);
  assert.deepEqual(used(BASE), ["rep", "tier"]);
});

test("what is in view is drawn, from the first thing that shows to the last", () => {
  assert.deepEqual(windowOf(5_000, 33, -264, 500), [0, 15]);
  assert.deepEqual(windowOf(5_000, 33, 33, 66), [1, 1]);
  assert.deepEqual(windowOf(10, 33, 300, 900), [9, 9]);
  assert.deepEqual(windowOf(0, 33, 0, 500), [0, -1]);
  const edges = edgesOf([50, 100, 100, 100]);
  assert.deepEqual(edges, [0, 50, 150, 250, 350]);
  assert.deepEqual(windowBetween(edges, 1, 0, 151), [1, 2]);
  assert.deepEqual(windowBetween(edges, 1, 150, 1_000), [2, 3]);
  assert.deepEqual(windowBetween(edges, 4, 0, 1_000), [4, 3]);
  assert.deepEqual(windowBetween([0], 0, 0, 100), [0, -1]);
});

test("a view is scrolled no further than it must be", () => {
  assert.equal(scrolledTo(100, 133, 0, 200), 0);
  assert.equal(scrolledTo(300, 333, 0, 200), 133);
  assert.equal(scrolledTo(100, 133, 120, 200), 100);
});

test("undo takes back the last step cell by cell, and leaves alone what others wrote beside it", () => {
  const steps = new Steps();
  const mine = rows({ R1: { rep: "6", tier: "plus" }, R2: { rep: "7" } });
  steps.add(changesBetween(BASE, mine));
  const others = rows({ R1: { rep: "6", tier: "gold" }, R2: { rep: "7" } });

  assert.deepEqual(plain(changed(others, steps.undo() ?? [])), { R1: { rep: "5", tier: "gold" }, R2: { rep: "7" } });
  assert.equal(steps.undo(), null);
  assert.deepEqual(plain(changed(BASE, steps.redo() ?? [])), plain(mine));
  assert.equal(steps.redo(), null);
  steps.undo();
  steps.add(changesBetween(BASE, others));
  assert.deepEqual([steps.canUndo, steps.canRedo], [true, false]);
});

test("my edits go onto newer rows, and a cell that both changed clashes", () => {
  const mine = rows({ R1: { rep: "6" }, R2: { rep: "8" }, R9: { rep: "1" } });
  const theirs = rows({ R1: { rep: "9", tier: "plus", say: "Hello" }, R2: { rep: "8" } });
  const { rows: found, clashes } = rebased(BASE, mine, theirs);

  assert.deepEqual(plain(found), { R1: { rep: "6", say: "Hello" }, R2: { rep: "8" }, R9: { rep: "1" } });
  assert.deepEqual(clashes, [{ row: "R1", column: "rep", mine: "6", theirs: "9" }]);
  assert.deepEqual(plain(givenWay(found, theirs, clashes)), { R1: { rep: "9", say: "Hello" }, R2: { rep: "8" }, R9: { rep: "1" } });
});

test("a row that one removed and the other changed clashes, and nothing of mine is lost", () => {
  const gone = rebased(BASE, rows({ R1: { rep: "6", tier: "plus" }, R2: { rep: "7" } }), rows({ R2: { rep: "7" } }));
  const mineGone = rebased(BASE, rows({ R1: { rep: "5", tier: "plus" } }), rows({ R1: { rep: "5", tier: "plus" }, R2: { rep: "8" } }));

  assert.deepEqual(gone.clashes.map((one) => [one.row, one.mine, one.theirs]), [["R1", "changed", "removed"]]);
  assert.deepEqual(plain(gone.rows)["R1"], { rep: "6", tier: "plus" });
  assert.deepEqual(mineGone.clashes.map((one) => [one.row, one.mine, one.theirs]), [["R2", "removed", "changed"]]);
  assert.equal(mineGone.rows.has("R2"), false);
  assert.deepEqual(rebased(BASE, BASE, rows({})).clashes, []);
});

test("edits are sent in portions that the server takes, each at least one", () => {
  const long = Array.from({ length: 3_000 }, (_, at) => ({ row: `R${at}`, before: null, after: { say: "é".repeat(400) } }));
  let left: readonly (typeof long)[number][] = long;
  let sent = 0;
  while (left.length > 0) {
    const portion = portionOf(left) as typeof left;
    assert.ok(Buffer.byteLength(JSON.stringify(portion)) < 1_000_000 && portion.length > 0);
    sent += portion.length;
    left = left.slice(portion.length);
  }
  assert.equal(sent, 3_000);
});

test("a new row's key follows the highest", () => {
  assert.equal(freshKey(["R001", "R041", "B7", "odd_key"], "R"), "R042");
  assert.equal(freshKey([], "B"), "B001");
});

const COLUMN: Column = { key: "issue", name: "Issue", form: "several", empty: "any", hint: "", width: 1, choices: [
  { key: "fee_charged", name: "A fee was charged" }, { key: "card_lost", name: "Lost card" },
] };

test("a cell is read in names and written in keys", () => {
  assert.equal(shown(COLUMN, "fee_charged, card_lost"), "A fee was charged, Lost card");
  assert.equal(written(COLUMN, "lost card, FEE_CHARGED, other"), "card_lost, fee_charged, other");
  assert.equal(written(COLUMN, " any "), "");
  assert.deepEqual(choicesFor(COLUMN, "fee_charged, lo").map((one) => one.key), ["card_lost"]);
  assert.equal(chosen(COLUMN, "fee_charged, lo", "card_lost"), "fee_charged, card_lost");
});

test("a condition is read in signs and written in the sheet's grammar", () => {
  const amount: Column = { ...COLUMN, form: "condition", choices: [] };
  const tier: Column = { ...COLUMN, form: "condition" };

  assert.equal(shown(amount, "<= 30.00"), "≤ 30.00");
  assert.equal(shown(amount, "0..30"), "0 – 30");
  assert.equal(written(amount, "≤ 30.00"), "<= 30.00");
  assert.equal(written(amount, "0 – 30"), "0 .. 30");
  assert.equal(shown(tier, "not card_lost"), "not Lost card");
  assert.equal(written(tier, "Not Lost card"), "not card_lost");
  assert.equal(shown(amount, "-"), "any");
  assert.equal(shown(amount, "anything at all"), "anything at all");
});

test("what changed in a row is told by the names of its columns, and what is long is read side by side", () => {
  const columns: Column[] = [COLUMN, { ...COLUMN, key: "ceiling.rep", name: "Representative", form: "amount", choices: [], group: "ceiling" }];
  const change = (before: Record<string, string> | null, after: Record<string, string> | null) =>
    differingIn({ before, after } as unknown as RowChange, columns);
  const cells = change(
    { issue: "card_lost", "ceiling.rep": "5.00", say: "x".repeat(80), gone: "yes" },
    { issue: "card_lost", "ceiling.rep": "6.00", say: "y", fresh: "no" },
  );

  assert.deepEqual(cells.map(inWords), ["Ceiling, Representative: from 5.00 to 6.00", "say: reworded", "gone: no longer yes", "fresh: now no"]);
  assert.equal(wholeInWords(change(null, { issue: "card_lost", "ceiling.rep": "5.00" })), "Issue: Lost card · Ceiling, Representative: 5.00");
  assert.deepEqual(change(BASE.get("R1") ?? {}, { ...BASE.get("R1") }), []);
});
