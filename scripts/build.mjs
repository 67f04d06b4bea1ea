/** Bundles the `writ` command with esbuild. `--if-changed`: only when a source changed. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { pinnedNode, root } from "./install.mjs";

/**
 * Node's own modules, each loaded when the first of its names is used. An ESM import reads every export at once: that of
 * `http` brings the whole of undici, that of `fs` its promises, and most commands use little of what they import.
 */
const leanBuiltins = {
  name: "lean-builtins",
  setup(build) {
    // Commander runs programs of its own only for commands that are separate files; ours are not.
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: "none", namespace: "nothing" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "export default {};" }));
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "builtin" }));
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({ contents: builtinOnDemand(path) }));
  },
};

/** What commands need again and again. */
const COMMON_BUILTINS =
  "child_process crypto events fs fs/promises http module net os path process stream timers/promises url util".split(
    " ",
  );

/** Never called. Whoever reaches one of them reaches all, so they lie in one file of the bundle: each file costs a command. */
const together = `Object.defineProperty(module, "together", {
  value: () => [${COMMON_BUILTINS.map((name) => `require("node:${name}")`).join()}],
});`;

function builtinOnDemand(path) {
  const found = process.getBuiltinModule(path);
  const get = `process.getBuiltinModule(${JSON.stringify(path)})`;
  // `events` and `stream` are functions that others extend at once.
  if (typeof found === "function" || path === "node:process") return `module.exports = ${get};\n${together}`;
  const names = JSON.stringify(Object.keys(found));
  return `let loaded;
for (const name of ${names})
  Object.defineProperty(exports, name, { enumerable: true, get: () => (loaded ??= ${get})[name] });
${together}`;
}

const output = join(root, "packages/cli/bundle");
const stampFile = join(output, "stamp");
const stamp = sourceStamp();

if (!process.argv.includes("--if-changed") || !existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  await bundle();
}

async function bundle() {
  // Built beside and swapped in, so that a command running at this moment keeps whole files.
  const fresh = `${output}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await build({
    // The verifier starts its worker as a file of its own, which stands beside it.
    entryPoints: {
      writ: join(root, "packages/cli/src/main.ts"),
      "log-worker": join(root, "packages/verify/src/log-worker.ts"),
    },
    outdir: fresh,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    conditions: ["writ-source"],
    external: ["@cedar-policy/cedar-wasm", "@cedar-policy/cedar-wasm/*", "pg-native"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    plugins: [leanBuiltins],
    legalComments: "linked",
    minifySyntax: true,
    logLevel: "warning",
  });
  cpSync(join(root, "packages/policy/policies"), join(fresh, "policies"), { recursive: true });
  cpSync(join(root, "packages/server/assets"), join(fresh, "assets"), { recursive: true });
  writeFileSync(join(fresh, "help.txt"), helpText(join(fresh, "writ.mjs")));
  writeFileSync(join(fresh, "stamp"), stamp);
  rmSync(`${output}.old`, { recursive: true, force: true });
  if (existsSync(output)) renameSync(output, `${output}.old`);
  renameSync(fresh, output);
  rmSync(`${output}.old`, { recursive: true, force: true });
}

/** What `writ --help` says at 80 columns, so that saying it does not take the whole command line's description. */
function helpText(command) {
  const { status, stdout, stderr } = spawnSync(pinnedNode(), [command, "--help"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the bundled command does not start: ${stderr}`);
  return stdout;
}

/** Digest over name, size and time of every file that goes into the bundle. */
function sourceStamp() {
  const hash = createHash("sha256");
  for (const room of readdirSync(join(root, "packages")).sort()) {
    for (const folder of ["src", "policies", "assets"]) addFolder(hash, join(root, "packages", room, folder));
  }
  hash.update(readFileSync(join(root, "package-lock.json")));
  hash.update(readFileSync(join(root, "scripts/build.mjs")));
  return hash.digest("hex");
}

function addFolder(hash, folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`);
  }
}
