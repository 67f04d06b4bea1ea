import { kernelRecordDigest } from "../compat/record-digest.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import type { AuditRecord } from "../admission/audit-record.ts";
import { auditEntryDigest, isDigestReference, parseAuditLedgerEntry, type AuditLedgerEntry } from "./ledger-entry.ts";
import type { AuditAppendResult, AuditVerification } from "./ledger-result.ts";

/** What an append adds to a record. */
export interface AuditAppend {
  readonly recordedAt: string;
  readonly eventDigest?: string;
  /** What the caller believes the tail is; another one refuses the append. */
  readonly previousDigest?: string;
  readonly metadata?: ExactRecord;
}

export type Appended =
  | { readonly result: AuditAppendResult & { readonly status: "appended" }; readonly entry: AuditLedgerEntry }
  | { readonly result: AuditAppendResult & { readonly status: "rejected" }; readonly entry: null };

/**
 * The entry after `tail`, which is the last one there is and never the last of a page (§27 no. 9). Throws
 * `GOVERNANCE_RECORD_INVALID`.
 */
export function appendAuditRecord(tail: AuditLedgerEntry | null, record: AuditRecord, append: AuditAppend): Appended {
  const previous = tail?.entry_digest ?? "";
  if (append.previousDigest !== undefined && append.previousDigest !== previous)
    return { result: rejected("audit_ledger_previous_digest_mismatch"), entry: null };
  const sequence = (tail?.sequence ?? -1) + 1;
  const content = { ...record, event_refs: [...record.event_refs] };
  const unsealed = {
    entry_id: `audit-ledger-entry-${String(sequence)}`,
    sequence,
    record: content,
    record_digest: kernelRecordDigest({ recordType: "govengine.admission.GovAuditRecord", record: content }),
    event_digest: append.eventDigest ?? "",
    previous_entry_digest: previous,
    recorded_at: append.recordedAt,
    schema_version: "v0.1",
    metadata: append.metadata ?? {},
  } as const;
  const entry = parseAuditLedgerEntry({ ...unsealed, entry_digest: auditEntryDigest(unsealed) });
  const { entry_id, entry_digest } = entry;
  const result = { status: "appended", entry_id, sequence, entry_digest, reason_code: "recorded" } as const;
  return { result: { ...result, blockers: [], metadata: {} }, entry };
}

/**
 * Verifies every entry from the first to the last. On failure the counts describe the whole input, as the reference's
 * do, and the reason is the first fault.
 */
export function verifyAuditLedger(entries: Iterable<AuditLedgerEntry>): AuditVerification {
  let last: AuditLedgerEntry | null = null;
  let fault: string | undefined;
  let count = 0;
  for (const entry of entries) {
    fault ??= faultOf(entry, count, last?.entry_digest ?? "");
    last = entry;
    count++;
  }
  const status = last === null ? "empty" : fault === undefined ? "verified" : "failed";
  return {
    status,
    verified: status === "verified",
    checked_entries: count,
    last_entry_id: last?.entry_id ?? "",
    last_entry_digest: last?.entry_digest ?? "",
    reason_code: fault ?? (status === "empty" ? "audit_ledger_empty" : "verified"),
    blockers: fault === undefined ? [] : [fault],
    metadata: {},
  };
}

function faultOf(entry: AuditLedgerEntry, sequence: number, previous: string): string | undefined {
  if (entry.sequence !== sequence) return "audit_ledger_sequence_mismatch";
  if (entry.previous_entry_digest !== previous) return "audit_ledger_previous_digest_mismatch";
  const { entry_digest, ...unsealed } = entry;
  const sealed = isDigestReference(entry_digest) && auditEntryDigest(unsealed) === entry_digest;
  return sealed ? undefined : "audit_ledger_entry_digest_mismatch";
}

function rejected(blocker: string): AuditAppendResult & { readonly status: "rejected" } {
  const nothing = { entry_id: "", sequence: -1, entry_digest: "", metadata: {} };
  return { status: "rejected", ...nothing, reason_code: blocker, blockers: [blocker] };
}
