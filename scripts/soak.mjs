/** `npm run soak [-- kills]`: kills `writ up` under load from 16 clients, 1,000 times unless told, and checks the log. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

ensureInstalled();
const node = pinnedNode();
const build = spawnSync(node, [join(root, "scripts/build.mjs"), "--if-changed"], { stdio: "inherit" });
if (build.status !== 0) process.exit(1);
const main = join(root, "packages/cli/test/support/soak-main.ts");
const done = spawnSync(node, ["--conditions=writ-source", main, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(done.status ?? 1);
