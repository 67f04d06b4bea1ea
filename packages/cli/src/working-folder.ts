import { isAbsolute, resolve } from "node:path";
import { WritError } from "@writ/canon";

/** The folder the command is given in; it may have been removed under the shell. @throws WritError `FILE_UNREADABLE`. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new WritError({
      code: "FILE_UNREADABLE",
      message: "the working folder is not there any more",
      reason: "it was removed or moved, and paths and commands are taken from it",
      next: "change to a folder that exists",
      cause,
    });
  }
}

/** A path as it is meant from the working folder. @throws WritError `FILE_UNREADABLE` as `workingFolder`. */
export function absolutePath(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(workingFolder(), path);
}
