import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseJsonExact, WritError, type ExactJson } from "@writ/canon";
import { VERIFICATION_LIMITS } from "@writ/kernel";

/** A regular file under the root with one name; neither it nor a folder on its way is a link. */
export function readRegular(root: string, path: string): Uint8Array | undefined {
  const place = join(realpathSync(root), path);
  let handle: number | undefined;
  try {
    if (realpathSync(dirname(place)) !== dirname(place)) return undefined;
    // Not blocking: opening a pipe would wait for somebody to write.
    handle = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const facts = fstatSync(handle);
    const readable = facts.isFile() && facts.nlink === 1 && facts.size <= VERIFICATION_LIMITS.fileBytes;
    return readable ? readFileSync(handle) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** A JSON file with exact numbers. Throws `FILE_UNREADABLE` and the reader's codes. */
export function readExact(file: string): ExactJson {
  return parseJsonExact(readBytes(file));
}

/** A file's bytes. Throws `FILE_UNREADABLE`. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new WritError({
      code: "FILE_UNREADABLE",
      message: `cannot read \`${file}\``,
      reason: (cause as NodeJS.ErrnoException).code ?? "it cannot be opened",
      next: "check the path and its rights",
      cause,
    });
  }
}
