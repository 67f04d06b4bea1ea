import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { WritError } from "@writ/canon";

/**
 * Makes a folder of Writ's own with those above it, for this user alone. Step by step: where a file system answers
 * ENOENT to every making, as `/proc` does, Node's recursive `mkdir` tries for ever.
 *
 * @throws WritError `OUTPUT_FAILED`, `STORE_FULL`.
 */
export function makeHomeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeHomeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isFolder(path)) throw unwritable(path, error);
  }
}

export function unwritable(path: string, cause: unknown): WritError {
  const { code } = cause as NodeJS.ErrnoException;
  return new WritError({
    code: code === "ENOSPC" || code === "EDQUOT" ? "STORE_FULL" : "OUTPUT_FAILED",
    message: `cannot write the folder \`${path}\``,
    reason: code ?? "the system refused",
    next: "make room or mend its rights, or name another with `--home`, WRIT_HOME or WRIT_KEY_HOME",
    cause,
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
