import { isWritError, WritError } from "@writ/canon";

import { IdTaken } from "./commit.ts";
import { corrupt, ledgerError } from "./ledger-error.ts";
import type { LedgerError } from "./ledger-error.ts";
import type { LedgerErrorCode } from "./port.ts";

/** What a failed transaction means for the writer (spec ledger.md §6, failure classes). */
export type Failure =
  /** Nothing happened: try the batch again. */
  | "again"
  /** An id of the batch is taken: try again and look first. */
  | "look"
  /** Nobody knows whether it happened: try again and look first; what is found is ours. */
  | "unknown"
  /** Nothing happened and the disk is full: refuse until a probe write succeeds. */
  | "full"
  /** The writer must not go on. */
  | "dead";

const FAILURES: { readonly [code: string]: Failure } = {
  STORE_BUSY: "again",
  STORE_LOST: "again",
  STORE_OUTCOME_UNKNOWN: "unknown",
  STORE_FULL: "full",
  LEDGER_FULL: "full",
  // A taken id among nodes; whatever else it is, it comes again on the careful try and ends the writer.
  STORE_CONSTRAINT: "look",
};

export function failureOf(error: unknown): Failure {
  if (error instanceof IdTaken) return "look";
  return (isWritError(error) ? FAILURES[error.code] : undefined) ?? "dead";
}

/** Codes of this room that go to the caller as they are. */
const OWN_CODES: ReadonlySet<string> = new Set<LedgerErrorCode>([
  "LEDGER_FORKED",
  "LEDGER_CORRUPT",
  "SIGNER_REFUSED",
  "SIGNER_UNREACHABLE",
]);

function isOwn(error: unknown): error is LedgerError {
  return isWritError(error) && OWN_CODES.has(error.code);
}

/** The error that everyone waiting and everyone later gets from a writer that stopped. */
export function deathOf(error: unknown): LedgerError {
  if (isOwn(error)) return error;
  if (isDamage(error)) return damaged(error);
  return ledgerError({
    code: "LEDGER_FAILED",
    message: "the log's writer has stopped after a failed write",
    reason: "after a failed write or sync nobody can tell what the disk holds until it is read again",
    next: "check the disk, then open the log again: the start checks everything",
    cause: error,
    details: isWritError(error) ? { store: error.code } : {},
  });
}

export function fullError(cause: unknown): LedgerError {
  if (isWritError<LedgerErrorCode>(cause, "LEDGER_FULL")) return cause;
  return ledgerError({
    code: "LEDGER_FULL",
    message: "the disk or quota of the log is full",
    reason: "nothing that needs a record may happen without one",
    next: "free some space; the log goes on by itself when a probe write succeeds",
    cause,
  });
}

export function busyError(waitedMs: number, cause: unknown): LedgerError {
  return ledgerError({
    code: "LEDGER_BUSY",
    message: `the database stayed busy for ${waitedMs} ms`,
    reason: "somebody else holds a lock of the log's database",
    next: "find what holds it, and append the entry again with the same id",
    cause,
  });
}

export function closedError(): LedgerError {
  return new WritError({
    code: "LEDGER_CLOSED",
    message: "the log is closed",
    reason: "`close` was called",
    next: "open the log again",
  });
}

/** What a caller hears when the file of a log cannot be opened; a log of a newer version is not damaged. */
export function openError(error: unknown): unknown {
  return isDamage(error) ? damaged(error) : error;
}

/** SQLite met a page that is none, or a header that is not that of a log (result 11 and 26 of SQLite's rescode). */
function isDamage(error: unknown): error is WritError {
  if (!isWritError(error, "STORE_FORMAT")) return false;
  return "result" in error.details || "wanted" in error.details;
}

function damaged(error: WritError): LedgerError {
  return corrupt("the file of the log is damaged, or is not a log", error.message, error);
}

/** What a caller hears when a read fails: the store's codes are this room's business. */
export function readError(error: unknown): unknown {
  if (!isWritError(error) || !error.code.startsWith("STORE_")) return error;
  if (error.code === "STORE_CLOSED") return closedError();
  if (error.code === "STORE_BUSY" || error.code === "STORE_LOST") return busyError(0, error);
  return ledgerError({
    code: error.code === "STORE_FORMAT" ? "LEDGER_CORRUPT" : "LEDGER_FAILED",
    message: "the log cannot be read",
    reason: error.reason,
    next: error.next,
    cause: error,
    details: { store: error.code },
  });
}
