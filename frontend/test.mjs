// Runs the tests of the parts that need no browser: bundled by esbuild, run by node.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { plugins } from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const made = mkdtempSync(join(here, "node_modules", ".test-"));
try {
  const names = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    absWorkingDir: here,
    entryPoints: names.map((name) => join("test", name)),
    outdir: made,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    plugins,
  });
  const files = readdirSync(made).map((name) => join(made, name));
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit", cwd: here }).status ?? 1;
} finally {
  rmSync(made, { recursive: true, force: true });
}
