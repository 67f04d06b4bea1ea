import { statSync } from "node:fs";

import { isWritError } from "@writ/canon";
import { checkpointWal, openSqlite } from "@writ/store";

import { probeDisk } from "./disk-probe.ts";
import { busyError, deathOf, openError } from "./failure.ts";
import { corrupt } from "./ledger-error.ts";
import type { OpenLedger } from "./log-ledger.ts";
import { everyUnheld, openLedger } from "./open-ledger.ts";
import type { OpenLedgerOptions } from "./open-ledger.ts";
import { lockOwner } from "./owner-lock.ts";
import { keepWal } from "./wal-keeper.ts";

export interface OpenLedgerFileOptions extends Omit<
  OpenLedgerOptions,
  "database" | "log" | "truncateWal" | "probeDisk"
> {
  /** The database file; its folder must exist. */
  readonly path: string;
  /** Where other processes reach this one; told to those who find the log owned. */
  readonly socket?: string;
}

/** `WRIT` in ASCII: the application id in the header of a log's file. */
export const LEDGER_APPLICATION_ID = 0x57524954;

/**
 * Opens a SQLite log as its one owner, and keeps its WAL short beside the writer. Throws `LEDGER_OWNED` when another
 * process has it, `LEDGER_CORRUPT` where the file is damaged, and what `openLedger` throws.
 */
export async function openLedgerFile(options: OpenLedgerFileOptions): Promise<OpenLedger> {
  const { path, socket, ...rest } = options;
  const every = options.every ?? everyUnheld;
  const lock = await lockOwner({ path, ...(socket === undefined ? {} : { socket }) });
  try {
    requireWhole(path);
    const database = openSqlite({ path, applicationId: LEDGER_APPLICATION_ID });
    let ledger: OpenLedger;
    try {
      ledger = await openLedger({
        ...rest,
        every,
        database,
        truncateWal: () => truncateWal(path),
        probeDisk: () => probeDisk(path),
      });
    } catch (error) {
      await database.close();
      throw error;
    }
    let commits = 0;
    ledger.onCommit(() => commits++);
    const stop = keepWal({ path, commits: () => commits, every, failed: (error) => ledger.stop(deathOf(error)) });
    ledger.onClose(async () => {
      stop();
      await lock.release();
    });
    return ledger;
  } catch (error) {
    await lock.release();
    throw openError(error);
  }
}

/** A log's file appears under its name with its first page; SQLite would begin a new database in a shorter one. */
function requireWhole(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? FIRST_PAGE;
  if (size < FIRST_PAGE) throw corrupt("the file of the log is cut off", `it has ${size} bytes, fewer than one page`);
}

const FIRST_PAGE = 512;

/** Cuts the WAL to nothing, as an erasure needs. A reader in the way is waited for, up to a bound. */
async function truncateWal(path: string): Promise<void> {
  for (let attempt = 0; attempt < TRUNCATE_ATTEMPTS; attempt++) {
    try {
      if (!checkpointWal(path, "truncate").busy) return;
    } catch (error) {
      if (!isWritError(error, "STORE_BUSY")) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, TRUNCATE_PAUSE_MS));
  }
  throw busyError(TRUNCATE_ATTEMPTS * TRUNCATE_PAUSE_MS, undefined);
}

/** Five seconds of pauses in all. */
const TRUNCATE_ATTEMPTS = 200;
const TRUNCATE_PAUSE_MS = 25;
