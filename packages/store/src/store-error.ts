import { WritError } from "@writ/canon";

import type { StoreErrorCode } from "./port.ts";

/** What happened in words; the reason and the remedy come from the code's row in the table below. */
export interface StoreFailure {
  readonly code: StoreErrorCode;
  readonly message: string;
  /** In place of the code's usual reason and remedy. */
  readonly reason?: string;
  readonly next?: string;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The error every driver throws: one of `StoreErrorCode`, with the same reason and remedy from each driver. */
export function storeError(failure: StoreFailure): WritError<StoreErrorCode> {
  return new WritError<StoreErrorCode>({ ...ANSWERS[failure.code], ...failure });
}

const ANSWERS: { readonly [code in StoreErrorCode]: { readonly reason: string; readonly next: string } } = {
  STORE_BUSY: {
    reason: "another transaction is in the way; nothing was written",
    next: "run the transaction again, after a short random wait",
  },
  STORE_FULL: {
    reason: "the disk or quota is full; nothing was written",
    next: "make room, then open the store again",
  },
  STORE_IO: {
    reason: "the system failed to read, write or sync; what reached the disk is unknown to this handle",
    next: "close the store, look at the disk, and start again with a full check",
  },
  STORE_OUTCOME_UNKNOWN: {
    reason: "the connection went away while COMMIT was under way",
    next: "connect again and look up whether the rows are there",
  },
  STORE_LOST: { reason: "the connection went away before COMMIT; nothing was written", next: "run it again" },
  STORE_CONSTRAINT: { reason: "a constraint of the schema refused it; nothing was written", next: "correct the rows" },
  STORE_SETTINGS: {
    reason: "without this setting an acknowledged commit could be lost or changed",
    next: "correct the setting of the database, then open it again",
  },
  STORE_FORMAT: {
    reason: "the file or schema is not one that this version reads and writes",
    next: "check the path; use the newest version; restore a damaged file from its backup",
  },
  STORE_VALUE: {
    reason: "columns hold null, well-formed text without NUL, bytes, and integers within ±(2^53-1)",
    next: "convert the value first",
  },
  STORE_STATEMENT: {
    reason: "the statement does not fit the schema or the dialect",
    next: "apply the migrations first; report it if they are applied",
  },
  STORE_READ_ONLY: { reason: "the store was opened for reading alone", next: "open it for writing" },
  STORE_CLOSED: { reason: "the store or the transaction is over", next: "open the store again" },
};
