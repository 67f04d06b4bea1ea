import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WritError } from "@writ/canon";
import { replacePrivateFile } from "@writ/ledger";
import type { Homes } from "../homes.ts";
import { makeHomeFolder } from "./home-folder.ts";

/**
 * Beside the keys it is remembered which log lies in this data home. A log that was emptied or exchanged would
 * otherwise open as a new one, without its history and with the governance of the first day.
 *
 * @throws WritError `ROLLBACK_DETECTED` when another log lies there than before.
 */
export function requireKnownLog(homes: Homes, origin: string): void {
  const [known, ...more] = knownLogs(homes);
  if (known === undefined || [known, ...more].includes(origin)) return;
  throw anotherLog(homes, { known, origin });
}

/** Remembers the log of this data home, once the key home is known to be safe and the log is one that belongs there. */
export function rememberLog(homes: Homes, origin: string): void {
  const known = knownLogs(homes);
  if (known.length !== 1 || known[0] !== origin) write(homes, [origin]);
}

/** Two logs belong there while one takes the other's place. */
export function expectLog(homes: Homes, origin: string): void {
  write(homes, [...knownLogs(homes).slice(0, 1), origin]);
}

/** The logs that may lie there, the older one first; none before the first start. */
export function knownLogs(homes: Homes): readonly string[] {
  try {
    return readFileSync(memoryOf(homes), "utf8").trim().split("\n");
  } catch (error) {
    const { code = "the system refused" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw unreadable(memoryOf(homes), code, error);
  }
}

function write(homes: Homes, origins: readonly string[]): void {
  const file = memoryOf(homes);
  makeHomeFolder(dirname(file));
  replacePrivateFile(file, Buffer.from(origins.map((origin) => `${origin}\n`).join("")));
}

function memoryOf({ keys, data }: Homes): string {
  return join(keys, "logs", createHash("sha256").update(data).digest("hex").slice(0, 32));
}

function anotherLog(homes: Homes, found: { known: string; origin: string }): WritError {
  return new WritError({
    code: "ROLLBACK_DETECTED",
    message: `\`${homes.data}\` held the log \`${found.known}\`, and that log is not there any more`,
    reason: "it was removed, emptied or exchanged; a new one in its place would look as if nothing had happened",
    next: "put the newest copy back; where it is lost, `writ ledger adopt` begins a new log that says so",
    details: { known: found.known, origin: found.origin },
  });
}

function unreadable(file: string, reason: string, cause: unknown): WritError {
  return new WritError({
    code: "FILE_UNREADABLE",
    message: `\`${file}\`, which names the log of this data home, cannot be read`,
    reason,
    next: "mend its rights: it belongs to the user who runs Writ, mode 600",
    cause,
  });
}
