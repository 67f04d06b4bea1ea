import type { ExactJson } from "@writ/canon";
import { closedRecord, scannedMap } from "../admission/record-head.ts";
import { integerMember, member, type ExactRecord } from "../compat/exact-record.ts";
import { flagField, oneOf, recordOf, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { isDigestReference } from "./ledger-entry.ts";

export interface AuditAppendResult {
  readonly status: "appended" | "rejected";
  readonly entry_id: string;
  /** −1 when nothing was appended. */
  readonly sequence: number;
  readonly entry_digest: string;
  readonly reason_code: string;
  readonly blockers: readonly string[];
  readonly metadata: ExactRecord;
}

export interface AuditVerification {
  readonly status: "verified" | "failed" | "empty";
  readonly verified: boolean;
  readonly checked_entries: number;
  readonly last_entry_id: string;
  readonly last_entry_digest: string;
  readonly reason_code: string;
  readonly blockers: readonly string[];
  readonly metadata: ExactRecord;
}

/** What a verification says in public. */
export type AuditVerificationSummary = Pick<
  AuditVerification,
  "status" | "verified" | "reason_code" | "checked_entries" | "last_entry_id" | "last_entry_digest"
> & { readonly blocker_count: number };

/** Reads an append's result (spec kernel.md §20.4). Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAuditAppendResult(value: ExactJson): AuditAppendResult {
  const record = recordOf(value, "invalid_audit_ledger_append");
  const status = statusOf(record, ["appended", "rejected"] as const, "unknown_audit_ledger_append_status");
  const result = {
    status,
    entry_id: textField(record, "entry_id"),
    sequence: integerOr(record, "sequence", -1, "invalid_audit_ledger_append_sequence"),
    entry_digest: textField(record, "entry_digest"),
    reason_code: textField(record, "reason_code", "recorded"),
    blockers: textsField(record, "blockers", "invalid_admission_sequence"),
  };
  if (status === "appended") {
    if (result.entry_id === "") throw recordRefusal("missing_audit_ledger_append_entry_id");
    if (result.sequence < 0) throw recordRefusal("invalid_audit_ledger_append_sequence");
    if (result.entry_digest === "") throw recordRefusal("missing_audit_ledger_append_digest");
  } else if (result.blockers.length === 0) throw recordRefusal("audit_ledger_rejection_without_reason");
  if (result.entry_digest !== "" && !isDigestReference(result.entry_digest))
    throw recordRefusal("invalid_audit_ledger_append_digest");
  closedRecord(record, new Set([...Object.keys(result), "metadata"]), "audit_ledger_append");
  return { ...result, metadata: scannedMap(record, "metadata") };
}

/** Reads a verification's result. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAuditVerification(value: ExactJson): AuditVerification {
  const record = recordOf(value, "invalid_audit_ledger_verification");
  const statuses = ["verified", "failed", "empty"] as const;
  const status = statusOf(record, statuses, "unknown_audit_ledger_verification_status");
  const result = {
    status,
    verified: flagField(record, "verified", status === "verified"),
    checked_entries: integerOr(record, "checked_entries", 0, "invalid_audit_ledger_checked_entries"),
    last_entry_id: textField(record, "last_entry_id"),
    last_entry_digest: textField(record, "last_entry_digest"),
    reason_code: textField(record, "reason_code", status),
    blockers: textsField(record, "blockers", "invalid_admission_sequence"),
  };
  const fault = VERIFICATION_RULES.find(([, breaks]) => breaks(result));
  if (fault !== undefined) throw recordRefusal(fault[0]);
  closedRecord(record, new Set([...Object.keys(result), "metadata"]), "audit_ledger_verification");
  return { ...result, metadata: scannedMap(record, "metadata") };
}

export function summarizeAuditVerification(result: AuditVerification): AuditVerificationSummary {
  const { status, verified, reason_code, blockers, checked_entries, last_entry_id, last_entry_digest } = result;
  const blocker_count = blockers.length;
  return { status, verified, reason_code, blocker_count, checked_entries, last_entry_id, last_entry_digest };
}

type Rule = readonly [string, (result: Omit<AuditVerification, "metadata">) => boolean];

const VERIFICATION_RULES: readonly Rule[] = [
  ["invalid_audit_ledger_checked_entries", ({ checked_entries: count }) => count < 0],
  ["audit_ledger_verified_status_mismatch", ({ status, verified }) => verified !== (status === "verified")],
  ["audit_ledger_verified_without_entries", ({ verified, checked_entries: count }) => verified && count === 0],
  ["missing_audit_ledger_last_entry_id", ({ verified, last_entry_id: id }) => verified && id === ""],
  ["missing_audit_ledger_last_digest", ({ verified, last_entry_digest: digest }) => verified && digest === ""],
  ["invalid_audit_ledger_last_digest", ({ last_entry_digest: digest }) => digest !== "" && !isDigestReference(digest)],
  ["audit_ledger_verified_with_blockers", ({ verified, blockers }) => verified && blockers.length > 0],
  ["audit_ledger_failed_without_blockers", ({ status, blockers }) => status === "failed" && blockers.length === 0],
  ["audit_ledger_empty_with_entries", ({ status, checked_entries: count }) => status === "empty" && count > 0],
];

function statusOf<Word extends string>(record: ExactRecord, words: readonly Word[], reason: string): Word {
  return oneOf(words, textField(record, "status", "missing"), reason);
}

function integerOr(record: ExactRecord, key: string, fallback: number, reason: string): number {
  if (member(record, key) === undefined) return fallback;
  const found = integerMember(record, key);
  if (found === undefined) throw recordRefusal(reason);
  return found;
}
