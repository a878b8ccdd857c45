import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogues, PANEL, textsOf } from "../locales.mjs";

const said = textsOf(PANEL);
const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

for (const [language, texts] of Object.entries(catalogues("locales"))) {
  test(`every text is said in ${language}, with the same values in it, and none that nobody says`, () => {
    assert.deepEqual(Object.keys(texts).sort(), said.map(([text]) => text).sort());
    for (const [text, many] of said) {
      const forms = [texts[text] ?? ""].flat();
      assert.equal(forms.length, many === null ? 1 : 2, text);
      for (const form of forms) {
        assert.notEqual(form, "", `${text} is not said in ${language}`);
        assert.deepEqual(names(form), names(form === forms[0] ? text : (many ?? text)), text);
      }
    }
  });
}

test("English, Spanish and German are spoken", () => {
  assert.deepEqual(Object.keys(catalogues("locales")), ["de", "en", "es"]);
});
