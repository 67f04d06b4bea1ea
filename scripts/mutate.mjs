/**
 * `npm run mutate [-- file …]`: changes the kernel's gates one operator at a time and counts the changes that no test
 * notices. The gates: whatever lets something happen, or refuses it. Takes minutes.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

const GATES = [
  "precondition-chain",
  "precondition-links",
  "ticket",
  "approval",
  "hold",
  "agreement",
  "lease",
  "lifecycle",
  "scoped-ticket/*",
  "admission/*",
  "governance/*",
  "control/*",
  "run-state/*",
].map((name) => `packages/kernel/src/${name}.ts`);

ensureInstalled();
const folder = join(root, "mutation");
const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");
if (!existsSync(stryker)) {
  const { status } = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
const files = process.argv.slice(2);
const args = [stryker, "run", "mutation/stryker.config.json", "--mutate", (files.length > 0 ? files : GATES).join(",")];
process.exit(spawnSync(pinnedNode(), args, { cwd: root, stdio: "inherit" }).status ?? 1);
