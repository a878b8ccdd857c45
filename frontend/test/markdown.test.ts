import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText, readMarkdown } from "../text/markdown";

test("paragraphs, lists and emphasis are read", () => {
  const blocks = readMarkdown("One **two** three\nfour\n\n1. first\n2. *second*\n   goes on\n\n- dot");

  assert.deepEqual(blocks.map((block) => block.kind), ["paragraph", "list", "list"]);
  assert.equal(plainText("One **two** three\nfour"), "One two three four");
  assert.equal(plainText("1. first\n2. *second*\n   goes on"), "1. first\n2. second goes on");
});

test("markup stays text and a link keeps its words alone", () => {
  const text = '<img src=x onerror="alert(1)"> [here](javascript:alert(1))';

  assert.deepEqual(readMarkdown(text), [
    { kind: "paragraph", inlines: [{ kind: "text", text: '<img src=x onerror="alert(1)"> here)' }] },
  ]);
});

test("underscores inside of words are no emphasis", () => {
  assert.equal(plainText("our_error and not_disclosed"), "our_error and not_disclosed");
});
