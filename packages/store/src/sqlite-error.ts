import { isWritError } from "@writ/canon";
import type { WritError } from "@writ/canon";

import type { StoreErrorCode } from "./port.ts";
import { storeError } from "./store-error.ts";

/** What `node:sqlite` or the driver threw, as a `StoreErrorCode` (spec ledger.md §6). */
export function sqliteError(error: unknown, doing: string): WritError<StoreErrorCode> {
  if (isWritError<StoreErrorCode>(error)) return error;
  const extended = resultCode(error);
  if (extended === undefined) {
    const code = isOutOfRange(error) ? "STORE_VALUE" : "STORE_STATEMENT";
    return storeError({ code, message: `sqlite could not ${doing}`, cause: error });
  }
  const code = BY_EXTENDED_CODE.get(extended) ?? BY_PRIMARY_CODE.get(extended & 0xff) ?? "STORE_IO";
  return storeError({
    code,
    message: `sqlite could not ${doing}: result \`${extended}\``,
    cause: error,
    details: { result: extended },
  });
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}

/** An integer column outside ±(2^53−1) is refused by `node:sqlite` itself. */
function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}

/** https://www.sqlite.org/rescode.html; a code that is not listed counts as a failure of the system. */
const BY_PRIMARY_CODE: ReadonlyMap<number, StoreErrorCode> = new Map<number, StoreErrorCode>([
  [1, "STORE_STATEMENT"], // ERROR
  [5, "STORE_BUSY"], // BUSY
  [6, "STORE_BUSY"], // LOCKED
  [8, "STORE_READ_ONLY"], // READONLY
  [10, "STORE_IO"], // IOERR
  [11, "STORE_FORMAT"], // CORRUPT
  [13, "STORE_FULL"], // FULL
  [14, "STORE_IO"], // CANTOPEN
  [15, "STORE_BUSY"], // PROTOCOL: lost the race for the WAL's locks
  [17, "STORE_BUSY"], // SCHEMA: changed under the statement, after SQLite's own retries
  [18, "STORE_VALUE"], // TOOBIG
  [19, "STORE_CONSTRAINT"], // CONSTRAINT
  [20, "STORE_VALUE"], // MISMATCH
  [25, "STORE_STATEMENT"], // RANGE: more parameters than places
  [26, "STORE_FORMAT"], // NOTADB
]);

const BY_EXTENDED_CODE: ReadonlyMap<number, StoreErrorCode> = new Map<number, StoreErrorCode>([
  [1032, "STORE_IO"], // READONLY_DBMOVED: the file was moved or removed under the handle
  [3091, "STORE_VALUE"], // CONSTRAINT_DATATYPE: a STRICT table refused the type
]);
