/** `npm test [-- filter …]`: installs what is missing, builds the command, checks types and style, runs every test. */
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

ensureInstalled();
ensureSystemPackages();
const folders = [dirname(pinnedNode()), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
const env = { ...process.env, PATH: folders.join(delimiter) };
const filters = process.argv.slice(2);

run("build", [join(root, "scripts/build.mjs"), "--if-changed"]);
if (filters.length === 0) {
  run("types", [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
  run("lint", [join(root, "node_modules/oxlint/bin/oxlint"), "--deny-warnings"]);
  run("format", [join(root, "node_modules/oxfmt/bin/oxfmt"), "--check"]);
}
// Node reads the configuration itself, so that a checkout of somebody else's, once built, can be tested too.
run("tests", [join(root, "node_modules/vitest/vitest.mjs"), "run", "--configLoader=native", ...filters]);

function run(step, args) {
  process.stdout.write(`\n== ${step}\n`);
  const done = spawnSync(pinnedNode(), args, { cwd: root, env, stdio: "inherit" });
  if (done.status === 0) return;
  process.stderr.write(`writ: the step \`${step}\` failed\n`);
  process.exit(done.status ?? 1);
}
