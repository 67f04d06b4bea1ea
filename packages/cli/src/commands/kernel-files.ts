import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseJsonExact, WritError, type ExactJson } from "@writ/canon";
import { VERIFICATION_LIMITS } from "@writ/kernel";

/** A regular file under the root with one name; neither it nor a folder on its way is a link. */
export function readRegular(root: string, path: string): Uint8Array | undefined {
  let handle: number | undefined;
  try {
    const place = join(realpathSync(root), path);
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

/** A file's bytes; a pipe or a device, which may never end, is no file. Throws `FILE_UNREADABLE`. */
export function readBytes(file: string): Uint8Array {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(handle).isFile()) throw unreadable(file, "it is no file", undefined);
    return readFileSync(handle);
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw unreadable(file, (cause as NodeJS.ErrnoException).code ?? "it cannot be opened", cause);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** A file's text. Throws `FILE_UNREADABLE`, also for what is not UTF-8. */
export function readText(file: string): string {
  const bytes = readBytes(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "it is not UTF-8", cause);
  }
}

function unreadable(file: string, reason: string, cause: unknown): WritError {
  return new WritError({
    code: "FILE_UNREADABLE",
    message: `cannot read \`${file}\``,
    reason,
    next: "check the path and its rights",
    cause,
  });
}
