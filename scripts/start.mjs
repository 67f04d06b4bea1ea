/** `npm start [-- command …]`: installs what is missing, builds the command when sources changed, runs it (default `up`). */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

ensureInstalled();
const node = pinnedNode();
const built = spawnSync(node, [join(root, "scripts", "build.mjs"), "--if-changed"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
});
if (built.status !== 0) process.exit(1);

const given = process.argv.slice(2);
const child = spawn(node, [join(root, "packages/cli/bundle/writ.mjs"), ...(given.length > 0 ? given : ["up"])], {
  stdio: "inherit",
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
process.on("SIGINT", () => {});
for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : signal === "SIGINT" ? 130 : 143));
