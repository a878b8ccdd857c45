// Builds what browsers load into the web's static folder, under names that hold a hash of the
// content, and writes manifest.json: the address of each by its plain name.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { catalogues } from "./locales.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "agent_assist", "web", "static", "built");
const draft = `${built}.draft`;
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const copies = {
  "swagger/swagger-ui.css": join(swagger, "swagger-ui.css"),
  "swagger/swagger-ui-bundle.js": join(swagger, "swagger-ui-bundle.js"),
  "swagger/LICENSE.txt": join(swagger, "LICENSE"),
};
const bundles = {
  "panel/panel.js": "panel/main.tsx",
  "panel/panel.css": "panel/style/panel.css",
  "panel/loader.js": "panel/loader.ts",
  "console/console.js": "console/main.tsx",
  "console/console.css": "console/style/console.css",
};
// What the bundles hold of others, whose licences ask to be told.
const licences = ["preact", "@preact/signals", "@preact/signals-core", "lucide-static", "tabulator-tables"];
// Bytes after gzip; more fails the build, for people wait for every one of them.
const most = {
  "panel/panel.js": 60_000,
  "panel/panel.css": 12_000,
  "panel/loader.js": 2_000,
  "console/console.js": 250_000,
  "console/console.css": 30_000,
};

/** What tests bundle with as well. */
export const plugins = [
  {
    name: "catalogues",
    setup(bundler) {
      bundler.onResolve({ filter: /^catalogues$/ }, () => ({ path: "catalogues", namespace: "made" }));
      bundler.onLoad({ filter: /.*/, namespace: "made" }, () => ({
        contents: JSON.stringify(catalogues(join(here, "locales"))),
        loader: "json",
      }));
    },
  },
  {
    name: "icons",
    setup(bundler) {
      bundler.onLoad({ filter: /\.svg$/ }, async ({ path }) => ({
        contents: (await readFile(path, "utf8")).replace(/<!--.*?-->|\n\s*(?=[<>/])|^\s+/gs, "").replace(/\s+/g, " "),
        loader: "text",
      }));
    },
  },
];

async function copy(name, source) {
  return put(name, withoutMap(await readFile(source), name));
}

async function bundle(name, source) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome123", "firefox124", "safari17.5"],
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins,
  });
  const content = result.outputFiles[0].contents;
  const size = gzipSync(content, { level: 9 }).length;
  if (size > most[name]) throw new Error(`${name} has ${size} bytes after gzip; ${most[name]} are allowed`);
  console.log(`${name}: ${size} of ${most[name]} bytes after gzip`);
  return put(name, content);
}

async function tellLicences(name) {
  const texts = licences.map(async (one) => {
    const text = await readFile(join(here, "node_modules", one, "LICENSE"), "utf8");
    return `${one}\n\n${text.trim()}\n`;
  });
  return put(name, (await Promise.all(texts)).join("\n\n"));
}

async function put(name, content) {
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

async function main() {
  // Built beside and renamed, so that a running server never sees half of it.
  await rm(draft, { recursive: true, force: true });
  const made = await Promise.all([
    ...Object.entries(copies).map((entry) => copy(...entry)),
    ...Object.entries(bundles).map((entry) => bundle(...entry)),
    tellLicences("panel/LICENSES.txt"),
    tellLicences("console/LICENSES.txt"),
  ]);
  const manifest = JSON.stringify(Object.fromEntries(made), null, 2);
  await writeFile(join(draft, "manifest.json"), `${manifest}\n`);
  await rm(built, { recursive: true, force: true });
  await rename(draft, built);
  console.log(`built ${made.length} files into agent_assist/web/static/built`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
