import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Api } from "../api/api";
import { Refused } from "../api/problems";
import { sheetOf, Unfit } from "../console/limits/file";
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
