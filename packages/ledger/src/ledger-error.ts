import { WritError } from "@writ/canon";
import type { WritErrorFields } from "@writ/canon";

import type { LedgerErrorCode } from "./port.ts";

export type LedgerError = WritError<LedgerErrorCode>;

export function ledgerError(fields: WritErrorFields<LedgerErrorCode>): LedgerError {
  return new WritError<LedgerErrorCode>(fields);
}

/** An entry or group that is refused before it is queued. */
export function invalidEntry(message: string, reason: string): LedgerError {
  return ledgerError({ code: "ENTRY_INVALID", message, reason, next: "correct the entry and append it again" });
}

/** An entry, field or group over its bound. */
export function tooLarge(what: string, actual: number, limit: number): LedgerError {
  return ledgerError({
    code: "ENTRY_TOO_LARGE",
    message: `${what} has ${actual}, at most ${limit} are allowed`,
    reason: "every payload of the log is bounded",
    next: "split it, or keep the content elsewhere and record its digest",
    details: { actual, limit },
  });
}

/** An index or size outside the log. */
export function outOfRange(message: string): LedgerError {
  return ledgerError({
    code: "INDEX_OUT_OF_RANGE",
    message,
    reason: "indexes count from 0 and sizes end at the head",
    next: "ask for the head first and stay below its size",
  });
}

/** Stored bytes that contradict each other or the format. */
export function corrupt(message: string, reason: string, cause?: unknown): LedgerError {
  return ledgerError({
    code: "LEDGER_CORRUPT",
    message,
    reason,
    next: "run `writ verify` on the database, and restore it from a copy that verifies",
    cause,
  });
}
