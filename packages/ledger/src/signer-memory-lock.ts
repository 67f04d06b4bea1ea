import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { signerError } from "./signer-error.ts";

export interface MemoryLock {
  release(): void;
}

/** Longer than another process keeps the lock after its last signature. */
const WAIT_MS = 3_000;

/**
 * The lock between processes that sign with one memory. It is SQLite's exclusive lock on a file without content:
 * the operating system frees it when its holder dies, however it dies. Throws `SIGNER_BUSY` after a wait.
 */
export function acquireMemoryLock(path: string): MemoryLock {
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, "a", 0o600));
    database = new DatabaseSync(path, { timeout: WAIT_MS });
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    throw signerError({
      code: "SIGNER_BUSY",
      message: "another process is signing with this memory",
      reason: `a memory is held by one process at a time; waited \`${WAIT_MS}\` ms`,
      next: "stop the other process, or sign through it with `writ signer`",
      cause: error,
    });
  }
  const held = database;
  return { release: () => held.close() };
}
