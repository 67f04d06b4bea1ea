import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

import { fromUtf8 } from "./encoding.ts";
import { VerifyError } from "./errors.ts";
import { readSmallFile } from "./input-files.ts";

/** The checkpoint kept in a file; undefined when nothing was remembered yet. */
export function readRemembered(path: string): string | undefined {
  return existsSync(path) ? fromUtf8(readSmallFile(path)) : undefined;
}

/** Replaces the file whole: a crash leaves the old checkpoint or the new one. */
export function remember(path: string, note: string): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = openSync(fresh, "wx", 0o600);
    try {
      writeSync(file, note);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw new VerifyError({
      code: "FILE_UNREADABLE",
      message: `the checkpoint cannot be remembered in \`${path}\``,
      reason: cause instanceof Error ? cause.message : String(cause),
      next: "name a file in a folder that may be written",
      cause,
    });
  }
}
