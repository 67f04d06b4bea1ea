import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for this user alone, with the copy of a log. */
export interface PassingFolder {
  readonly path: string;
  remove(): void;
}

/** Ends with the pipe to it, which this process holds open as long as it lives. */
const REMOVER = `process.stdin.resume().on("close", () => {
  require("node:fs").rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 5 });
})`;

/**
 * A folder that goes when this process does, however it ends: while a log is checked no handler of a signal would get
 * its turn, and none is called for SIGKILL. So another process, out of reach of the terminal's Ctrl-C, waits for it.
 */
export function makePassingFolder(): PassingFolder {
  const path = mkdtempSync(join(tmpdir(), "writ-verify-"));
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  const remover = spawn(process.execPath, ["-e", REMOVER, path], {
    detached: true,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  remover.on("error", () => {});
  remover.unref();
  return {
    path,
    remove() {
      remove();
      remover.stdin.destroy();
    },
  };
}
