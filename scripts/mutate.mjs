/**
 * `npm run mutate [-- file …]`: changes the kernel's gates one operator at a time and counts the changes that no test
 * notices. The gates: whatever lets something happen, or refuses it. Takes minutes.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

/** The files that decide. Those that read, digest or report for them are left out: a run shall take a quarter of an hour. */
const GATES = Object.entries({
  "": "agreement approval hold lease lifecycle precondition-chain precondition-links ticket",
  "scoped-ticket/": "gates semantics use",
  "admission/": "compose gate-summary",
  "governance/": "consumption decision-binding evaluate outcome",
  "control/": "artifact-lifecycle control-decision control-loop deconfliction",
  "run-state/": "run-state run-states",
  "supervision/": "readiness receipt-binding supervision-decision supervision-plan",
}).flatMap(([folder, names]) => names.split(" ").map((name) => `packages/kernel/src/${folder}${name}.ts`));

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
