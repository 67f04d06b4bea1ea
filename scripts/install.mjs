import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Plain JavaScript that any Node from 18 on can run: it makes the machine ready before the pinned Node exists. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const stampFile = join(root, "node_modules", ".writ-installed");

/** Installs the locked dependencies unless they are there already. */
export function ensureInstalled() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  process.stderr.write("writ: installing the locked dependencies (about 20 s) …\n");
  const npm = process.env.npm_execpath;
  // Whatever the surroundings leave out by default: the tools are development's, and the pinned Node is optional.
  const args = ["ci", "--include=dev", "--include=optional", "--no-fund", "--no-audit", "--loglevel=error"];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (done.status !== 0) {
    process.stderr.write(
      "writ: `npm ci` failed\n  next: read its message above; a registry that answers is needed once\n",
    );
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
}

/** The Node to go on with: this one if it is new enough, else the pinned one that was just installed. */
export function pinnedNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const program = process.platform === "win32" ? "node.exe" : "node";
  const system = { linux: "linux", win32: "win" }[process.platform];
  // Its package, not `.bin`: some npm versions link no command that several optional packages offer.
  const path = join(root, "node_modules", `node-${system}-${process.arch}`, "bin", program);
  if (existsSync(path)) return path;
  process.stderr.write(
    `writ: this is Node ${process.versions.node}, and there is no pinned Node for ${process.platform}-${process.arch}\n` +
      "  next: install Node 24 from https://nodejs.org and run the command again\n",
  );
  return process.exit(1);
}
