import assert from "node:assert/strict";
import { test } from "node:test";
import type { Approval } from "../api/names";
import type { Grant } from "../api/schema";
import { hasNews, newsOf } from "../panel/state/news";

const grant = (more: object = {}) => ({ id: "g", remedy: "fee", state: "reserved", ...more }) as Grant;
const approval = (more: object = {}) => ({ id: "a", remedy: "fee", state: "pending", end: null, ...more }) as Approval;

test("a remedy with something standing, waiting, decided or in trouble has news", () => {
  assert.ok(hasNews(newsOf("fee", [grant()], [], false)));
  assert.ok(hasNews(newsOf("fee", [], [approval()], false)));
  assert.ok(hasNews(newsOf("fee", [], [approval({ state: "refused" })], false)));
  assert.ok(hasNews(newsOf("fee", [], [], true)));
});

test("what was taken back, or belongs to another remedy, is no news", () => {
  assert.ok(!hasNews(newsOf("fee", [grant({ state: "voided" })], [approval({ state: "withdrawn" })], false)));
  assert.ok(!hasNews(newsOf("other", [grant()], [approval()], false)));
});

test("an approval is told by its grant, and by itself once that is gone", () => {
  const approved = approval({ state: "approved", end: { grant: "g" } });

  assert.equal(newsOf("fee", [grant()], [approved], false).approval, null);
  assert.equal(newsOf("fee", [], [approved], false).approval, approved);
});
