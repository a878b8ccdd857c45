// Catalogues of gettext: reads locales/*.po, and finds every text that the panel says.
import { readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";

const QUOTED = /"((?:[^"\\]|\\.)*)"/;

/** The entries of a .po text: [msgid, msgid_plural or null, msgstr[]]. */
export function readPo(text) {
  const entries = [];
  let entry = null;
  let field = null;
  for (const line of text.split("\n")) {
    const keyword = /^(msgid_plural|msgid|msgstr(?:\[(\d)\])?)\s+"/.exec(line);
    if (keyword?.[1] === "msgid") entries.push((entry = { msgid: "", plural: null, forms: [] }));
    if (keyword) field = keyword[1];
    else if (!line.startsWith('"')) continue;
    const said = JSON.parse(`"${QUOTED.exec(line)[1]}"`);
    if (field === "msgid") entry.msgid += said;
    else if (field === "msgid_plural") entry.plural = (entry.plural ?? "") + said;
    else {
      const form = Number(/\d/.exec(field)?.[0] ?? 0);
      entry.forms[form] = (entry.forms[form] ?? "") + said;
    }
  }
  return entries.filter((one) => one.msgid !== "");
}

/** All catalogues by language, each by msgid: a text, or the forms of a plural. */
export function catalogues(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".po"));
  return Object.fromEntries(
    files.sort().map((name) => {
      const entries = readPo(readFileSync(join(folder, name), "utf8"));
      const texts = entries.map((one) => [one.msgid, one.plural === null ? one.forms[0] : one.forms]);
      return [parse(name).name, Object.fromEntries(texts)];
    }),
  );
}

/** The folders below this one that the panel is made of. */
export const PANEL = ["panel", "parts", "text"];

/** Every text in `t("…")` and `tn("…", "…")` of folders: [msgid, plural or null], sorted. */
export function textsOf(folders) {
  const found = new Map();
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  for (const name of files) {
    const source = readFileSync(name, "utf8");
    for (const [, text] of source.matchAll(/\bt\(\s*"((?:[^"\\]|\\.)*)"/g)) found.set(JSON.parse(`"${text}"`), null);
    for (const [, one, many] of source.matchAll(/\btn\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"/g)) {
      found.set(JSON.parse(`"${one}"`), JSON.parse(`"${many}"`));
    }
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1));
}
