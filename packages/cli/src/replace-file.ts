import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { WritError } from "@writ/canon";

/**
 * Puts new text in a file's place: a disk that fills up or a crash leaves the old or the new, never half. The file's
 * mode stays, and a link still leads to it.
 *
 * @throws WritError `OUTPUT_FAILED`.
 */
export function replaceFile(path: string, text: string): void {
  let fresh: string | undefined;
  try {
    const place = realpathSync(path);
    const beside = `${place}.${String(process.pid)}.new`;
    const file = openSync(beside, "wx", statSync(place).mode & 0o777);
    fresh = beside;
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, place);
  } catch (cause) {
    if (fresh !== undefined) rmSync(fresh, { force: true });
    throw new WritError({
      code: "OUTPUT_FAILED",
      message: `cannot write \`${path}\``,
      reason: (cause as NodeJS.ErrnoException).code ?? "the system refused",
      next: "make room, or mend the rights of the file and its folder",
      cause,
    });
  }
}
