// Brings locales/*.po up to the texts of the sources: new ones are added with nothing said yet,
// those that nobody says any more go. `node extract.mjs`
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { PANEL, readPo, textsOf } from "./locales.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "locales");
const texts = textsOf(PANEL.map((one) => join(here, one)));

for (const name of readdirSync(folder).filter((one) => one.endsWith(".po"))) {
  const known = new Map(readPo(readFileSync(join(folder, name), "utf8")).map((one) => [one.msgid, one]));
  const language = parse(name).name;
  const entries = texts.map(([one, many]) => {
    const forms = language === "en" ? [one, many] : (known.get(one)?.forms ?? ["", ""]);
    const lines = [`msgid ${JSON.stringify(one)}`];
    if (many === null) lines.push(`msgstr ${JSON.stringify(forms[0] ?? "")}`);
    else {
      lines.push(`msgid_plural ${JSON.stringify(many)}`);
      lines.push(...[0, 1].map((at) => `msgstr[${at}] ${JSON.stringify(forms[at] ?? "")}`));
    }
    return lines.join("\n");
  });
  const head = [
    'msgid ""',
    'msgstr ""',
    '"Content-Type: text/plain; charset=UTF-8\\n"',
    `"Language: ${language}\\n"`,
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"',
  ].join("\n");
  writeFileSync(join(folder, name), `${[head, ...entries].join("\n\n")}\n`);
}
