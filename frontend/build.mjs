// Copies what browsers load into the web's static folder, under names that hold a hash of the
// content, and writes manifest.json: the address of each by its plain name.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "agent_assist", "web", "static", "built");
const draft = `${built}.draft`;
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const copies = {
  "swagger/swagger-ui.css": join(swagger, "swagger-ui.css"),
  "swagger/swagger-ui-bundle.js": join(swagger, "swagger-ui-bundle.js"),
  "swagger/LICENSE.txt": join(swagger, "LICENSE"),
};

async function copy(name, source) {
  const content = withoutMap(await readFile(source), name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const { dir, name: stem, ext } = parse(name);
  const address = `${dir}/${stem}.${hash}${ext}`;
  await mkdir(join(draft, dir), { recursive: true });
  await writeFile(join(draft, address), content);
  return [name, address];
}

// The maps stay behind: three times the size of what they explain.
function withoutMap(content, name) {
  if (!/\.(js|css)$/.test(name)) return content;
  return content.toString("utf8").replace(/\n?\/[/*]# sourceMappingURL=\S+( \*\/)?\s*$/, "\n");
}

// Built beside and renamed, so that a running server never sees half of it.
await rm(draft, { recursive: true, force: true });
const copied = await Promise.all(Object.entries(copies).map((entry) => copy(...entry)));
const manifest = JSON.stringify(Object.fromEntries(copied), null, 2);
await writeFile(join(draft, "manifest.json"), `${manifest}\n`);
await rm(built, { recursive: true, force: true });
await rename(draft, built);
console.log(`built ${copied.length} files into agent_assist/web/static/built`);
