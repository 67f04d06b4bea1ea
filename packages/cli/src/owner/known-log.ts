import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WritError } from "@writ/canon";
import type { Homes } from "../homes.ts";

/**
 * Beside the keys it is remembered which log lies in this data home. A log that was emptied or exchanged would
 * otherwise open as a new one, without its history and with the governance of the first day.
 *
 * @throws WritError `ROLLBACK_DETECTED` when another log lies there than before.
 */
export function requireKnownLog(homes: Homes, origin: string): void {
  const file = memoryOf(homes);
  const known = readKnown(file);
  if (known !== undefined && known !== origin) throw anotherLog(homes, { known, origin, file });
}

/** Remembers the log of this data home, once the key home is known to be safe. */
export function rememberLog(homes: Homes, origin: string): void {
  const file = memoryOf(homes);
  if (readKnown(file) !== undefined) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${origin}\n`, { mode: 0o600 });
}

function memoryOf({ keys, data }: Homes): string {
  return join(keys, "logs", createHash("sha256").update(data).digest("hex").slice(0, 32));
}

function readKnown(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function anotherLog(homes: Homes, found: { known: string; origin: string; file: string }): WritError {
  return new WritError({
    code: "ROLLBACK_DETECTED",
    message: `\`${homes.data}\` held the log \`${found.known}\`, and that log is not there any more`,
    reason: "it was removed, emptied or exchanged; a new one in its place would look as if nothing had happened",
    next: `put the newest copy back; to begin a new log there on purpose, remove \`${found.file}\``,
    details: { known: found.known, origin: found.origin },
  });
}
