import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { SqliteConnection } from "./sqlite-connection.ts";
import { applySettings } from "./sqlite-settings.ts";
import type { SqliteSettings } from "./sqlite-settings.ts";
import { storeError } from "./store-error.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * Makes the database file if there is none, for this user alone (mode 0600), so that it is there whole or not at all,
 * also after a power cut: made under another name, synced, linked to its own, and the folder synced. Of several that
 * make the same file at once, the first wins and the others open it. Takes away what a crash during a making left.
 * Throws `STORE_IO`, `STORE_FULL`, `STORE_SETTINGS`.
 */
export function ensureSqliteFile(path: string, settings: SqliteSettings): void {
  removeDrafts(path);
  if (!existsSync(dirname(path))) return; // SQLite says what is wrong with the path.
  try {
    if (!existsSync(path)) createWhole(path, settings);
    // Each time, because whoever made the file may have died before its name was durable.
    syncFolder(dirname(path));
  } catch (error) {
    throw creationFailed(path, error);
  }
}

function createWhole(path: string, settings: SqliteSettings): void {
  const draft = `${path}.new-${process.pid}-${randomBytes(8).toString("hex")}`;
  try {
    closeSync(openSync(draft, "wx", 0o600));
    makeDatabase(draft, settings);
    sync(draft);
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    for (const ending of DRAFT_FILES) rmSync(`${draft}${ending}`, { force: true });
  }
}

/** The database, and what SQLite lays beside it while it works. */
const DRAFT_FILES = ["", "-journal", "-wal", "-shm"];

/** The header with application id, page size and WAL mode; closing leaves the one file. */
function makeDatabase(draft: string, settings: SqliteSettings): void {
  const connection = new SqliteConnection(draft, { readOnly: false, lockWaitMs: 0 });
  try {
    applySettings(connection, settings);
  } finally {
    connection.close();
  }
}

/** Those of makers that are no more; another one's that is taken by mistake makes its maker fail, and nothing worse. */
function removeDrafts(path: string): void {
  const prefix = `${basename(path)}.new-`;
  let names: readonly string[];
  try {
    names = readdirSync(dirname(path));
  } catch {
    return; // SQLite says what is wrong with the path.
  }
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const maker = /^(\d+)-[0-9a-f]{16}(?:-\w+)?$/.exec(name.slice(prefix.length))?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) rmSync(join(dirname(path), name), { force: true });
  }
}

/** A process makes its files one by one, so a draft under its own number is of one before it. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

function sync(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function creationFailed(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code?.startsWith("STORE_") === true) return cause;
  const full = code === "ENOSPC" || code === "EDQUOT";
  const message = `the new file \`${path}\` could not be made: \`${code ?? "unknown"}\``;
  return storeError({ code: full ? "STORE_FULL" : "STORE_IO", message, cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
