/** `npm run bench [-- <name>…] [--quick] [--full]`: measures, prints a table and writes docs/reference/performance.md. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

ensureInstalled();
const node = pinnedNode();
const build = spawnSync(node, [join(root, "scripts/build.mjs"), "--if-changed"], { stdio: "inherit" });
if (build.status !== 0) process.exit(1);
const main = join(root, "bench/main.ts");
const args = ["--conditions=writ-source", "--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)];
process.exit(spawnSync(node, args, { stdio: "inherit" }).status ?? 1);
