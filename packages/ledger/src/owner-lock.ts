import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { isWritError } from "@writ/canon";
import { openSqlite } from "@writ/store";

import { ledgerError } from "./ledger-error.ts";

/** The right to write one SQLite log, until released or until the process ends. */
export interface OwnerLock {
  release(): Promise<void>;
}

export interface OwnerLockOptions {
  /** The log's database file; the lock lies beside it as `<path>-owner`. */
  readonly path: string;
  /** Where others can reach the owner; told to those who are turned away. */
  readonly socket?: string;
}

/**
 * Takes the log for this process: an exclusive transaction on a lock file beside it, which the operating system frees
 * when the process dies (spec ledger.md §5). Throws `LEDGER_OWNED` with the owner's pid and socket.
 */
export async function lockOwner({ path, socket }: OwnerLockOptions): Promise<OwnerLock> {
  const lock = openSqlite({ path: `${path}-owner`, durable: "rebuildable", busyTimeoutMs: 0, pageSize: 4096 });
  const released = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const held = lock.write(async () => {
    taken.resolve();
    await released.promise;
  });
  held.catch(taken.reject);
  try {
    await taken.promise;
  } catch (error) {
    await lock.close();
    throw isWritError(error, "STORE_BUSY") ? owned(path) : error;
  }
  nameOwner(path, socket);
  return {
    async release() {
      rmSync(namePath(path), { force: true });
      released.resolve();
      await held;
      await lock.close();
    },
  };
}

/** The name tag is a help for people and clients; the lock alone decides. A crash leaves the old tag under a free lock. */
function nameOwner(path: string, socket: string | undefined): void {
  const draft = `${namePath(path)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, ...(socket === undefined ? {} : { socket }) }), {
    mode: 0o600,
  });
  renameSync(draft, namePath(path));
}

function namePath(path: string): string {
  return `${path}-owner.json`;
}

function owned(path: string) {
  const { pid, socket } = readOwner(path);
  return ledgerError({
    code: "LEDGER_OWNED",
    message: `the log \`${path}\` is open in process \`${pid ?? "unknown"}\``,
    reason: "one process owns a log's file",
    next: socket === undefined ? "stop that process, or append through it" : `append through its socket \`${socket}\``,
    details: { pid: pid ?? null, socket: socket ?? null },
  });
}

function readOwner(path: string): { readonly pid?: number; readonly socket?: string } {
  try {
    const tag: unknown = JSON.parse(readFileSync(namePath(path), "utf8"));
    if (typeof tag !== "object" || tag === null) return {};
    return {
      ...("pid" in tag && typeof tag.pid === "number" ? { pid: tag.pid } : {}),
      ...("socket" in tag && typeof tag.socket === "string" ? { socket: tag.socket } : {}),
    };
  } catch {
    return {};
  }
}
