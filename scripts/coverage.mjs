/**
 * `npm run coverage [-- vitest's arguments …]`: the kernel's unit tests with the share of its lines and branches that
 * they run; fails below 95 % of either. `-- --coverage.reporter=text` tells it file by file.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

const SHARE_MIN = 95;

ensureInstalled();
const coverage = [
  "enabled",
  "provider=v8",
  "include=packages/kernel/src/**",
  "reporter=text-summary",
  "reportOnFailure",
  `thresholds.lines=${SHARE_MIN}`,
  `thresholds.branches=${SHARE_MIN}`,
].map((option) => `--coverage.${option}`);
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const args = [
  vitest,
  "run",
  "--project",
  "unit",
  "packages/kernel",
  "--reporter=./scripts/summary-reporter.mjs",
  ...coverage,
];
process.exit(spawnSync(pinnedNode(), [...args, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" }).status ?? 1);
