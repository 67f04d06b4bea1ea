#!/usr/bin/env node
"use strict";
/*
 * The launcher of `writ-verify`: plain ES2020 without dependencies, so that an old Node can say what is wrong. It runs
 * the compiled verifier, or the sources in a checkout that has none.
 */
const { existsSync } = require("fs");
const { join } = require("path");
const { pathToFileURL } = require("url");

const MINIMUM = [22, 18];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
  process.stderr.write(
    "writ-verify: this is Node " +
      process.versions.node +
      ", and " +
      MINIMUM.join(".") +
      " or newer is needed\n" +
      "  next: install a current Node, or run a newer one by its path: /path/to/node " +
      __filename +
      "\n",
  );
  process.exitCode = 1;
} else {
  const sources = join(__dirname, "..", "src", "main.ts");
  const compiled = join(__dirname, "..", "dist", "main.js");
  const emit = process.emitWarning;
  // The database reader of older Nodes announces itself on stderr; that is no news to whoever checks a log.
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).includes("SQLite is an experimental feature")) emit.call(process, warning, ...rest);
  };
  import(pathToFileURL(existsSync(sources) ? sources : compiled).href)
    .then((verifier) =>
      verifier.runVerify(process.argv.slice(2), {
        out: (text) => process.stdout.write(text),
        err: (text) => process.stderr.write(text),
        now: () => Date.now(),
        ...(process.stderr.isTTY ? { progress: (text) => process.stderr.write(text) } : {}),
      }),
    )
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error) => {
      process.stderr.write("writ-verify: " + (error && error.stack ? error.stack : String(error)) + "\n");
      process.exitCode = 1;
    });
}
