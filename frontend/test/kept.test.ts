import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Api } from "../api/api";
import { Refused } from "../api/problems";
import { sheetOf, Unfit } from "../console/limits/file";
import { KeptEdits } from "../console/limits/kept";
import type { Rows } from "../console/limits/rows";
import { Saving } from "../console/limits/saving";
import { KeptWords } from "../console/policies/kept";
import { Kept } from "../keep";

function saving(person: string, keep: Kept, answer: () => Promise<unknown> = () => Promise.reject(new Refused(403, {}))) {
  const seen = signal<Rows>(new Map());
  const api = {
    person,
    get: (path: string) =>
      Promise.resolve(path.includes("/sheet") ? { rows: [{ row: "R1", rep: "5" }] } : { etag: "1", acts: [] }),
    post: answer,
  } as unknown as Api;
  return { seen, it: new Saving(api, "limits", "drf_1", seen, keep, () => undefined) };
}

const at = (seen: { peek(): Rows }) => Object.fromEntries(seen.peek());

test("edits that were not saved wait for who made them, whoever sits at the browser meanwhile", async () => {
  const keep = new Kept(null, "");
  const mine = saving("s-1", keep);
  await mine.it.load();
  mine.seen.value = new Map([["R1", { rep: "6" }]]);
  mine.it.changed();
  await mine.it.flush();
  assert.equal(mine.it.standing.peek(), "refused");

  const other = saving("s-2", keep);
  await other.it.load();
  assert.deepEqual(at(other.seen), { R1: { rep: "5" } });
  await other.it.flush();

  const again = saving("s-1", keep);
  await again.it.load();
  assert.deepEqual(at(again.seen), { R1: { rep: "6" } });
  await again.it.flush();
});

test("what is kept of an edited row is what differs; a removed and a new one are kept whole", () => {
  const keep = new Kept(null, "");
  const edits = new KeptEdits(keep, "here");
  const made = [
    { row: "R1", before: { rep: "5", say: "Yes" }, after: { rep: "6" } },
    { row: "R2", before: { rep: "7" }, after: null },
    { row: "N1", before: null, after: { rep: "8" } },
  ];
  edits.note(made);

  assert.deepEqual(edits.read(), made);
  assert.doesNotMatch(JSON.stringify(keep.read("here")), /Yes.*Yes/);
  edits.note([]);
  assert.deepEqual(edits.read(), []);
  for (const hostile of ["x", { edits: 3 }, null]) {
    keep.write("here", hostile);
    assert.deepEqual(edits.read(), []);
  }
});

test("many edits are kept once they are drawn, the newest of them", async () => {
  const edits = new KeptEdits(new Kept(null, ""), "here");
  const many = (rep: string) => Array.from({ length: 300 }, (_, at) => ({ row: `N${at}`, before: null, after: { rep } }));
  edits.note(many("1"));
  edits.note(many("2"));

  assert.deepEqual(edits.read(), []);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.deepEqual(edits.read(), many("2"));
  edits.note(many("3"));
  edits.note([]); // saved before it was kept
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.deepEqual(edits.read(), []);
});

test("words that were not kept in the draft are back for who wrote them, and go when they are kept", () => {
  const keep = new Kept(null, "");
  const mine = new KeptWords(keep, "s-1", "drf_1", "fees/cash");
  const written = { before: { say: "Hello" }, cells: { say: "Good day" } };
  mine.note(written);

  assert.deepEqual(new KeptWords(keep, "s-1", "drf_1", "fees/cash").read(), written);
  for (const [person, draft, row] of [["s-2", "drf_1", "fees/cash"], ["s-1", "drf_2", "fees/cash"], ["s-1", "drf_1", "fees/cash.de"]]) {
    assert.equal(new KeptWords(keep, person ?? "", draft ?? "", row ?? "").read(), null);
  }
  mine.note({ before: { say: "Good day" }, cells: { say: "Good day", why: " " } });
  assert.equal(mine.read(), null);
  keep.write("words.s-1.drf_1.fees/cash", { before: "hostile", cells: 3 });
  assert.equal(mine.read(), null);
});

test("a file that cannot be a sheet is refused in words before it leaves", async () => {
  const refused = async (parts: BlobPart[], name: string, why: RegExp) =>
    assert.rejects(sheetOf(new File(parts, name)), (fault) => fault instanceof Unfit && why.test(fault.message));
  await refused(["x"], "limits.ods", /ends in \.csv/);
  await refused(["x".repeat(900_001)], "limits.csv", /too large/);
  await refused([new Uint8Array(700_000)], "limits.xlsx", /675 kB/);
  await refused([Uint8Array.of(0x47, 0xe9, 0x6e)], "limits.csv", /not text in UTF-8/); // é of Windows-1252
  await refused([Uint8Array.of(0xff, 0xfe, 0x72, 0)], "limits.csv", /not text in UTF-8/); // UTF-16

  const marked = new File([Uint8Array.of(0xef, 0xbb, 0xbf), "row,say\nR1,Gén"], "Limits.CSV");
  assert.deepEqual(await sheetOf(marked), { name: "Limits.CSV", format: "csv", content: "row,say\nR1,Gén" });
  assert.equal((await sheetOf(new File([Uint8Array.of(0x50, 0x4b)], "a.xlsx"))).content, "UEs=");
});
