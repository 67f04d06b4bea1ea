import type { ExactJson } from "@writ/canon";
import { integerMember, member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { closedRecord, instantField, scannedMap } from "../admission/record-head.ts";
import { recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** One link of an imported audit ledger (spec kernel.md §20.4). The product's own log is the ledger room's. */
export interface AuditLedgerEntry {
  readonly entry_id: string;
  /** 0-based. */
  readonly sequence: number;
  readonly record: ExactRecord;
  readonly record_digest: string;
  /** Empty when the entry is about no event. */
  readonly event_digest: string;
  /** Empty in the first entry. */
  readonly previous_entry_digest: string;
  readonly entry_digest: string;
  readonly recorded_at: string;
  readonly schema_version: "v0.1";
  readonly metadata: ExactRecord;
}

/** Reads an entry; whether its digests are right is the verifier's question. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAuditLedgerEntry(value: ExactJson): AuditLedgerEntry {
  const given = recordOf(value, "invalid_audit_ledger_entry");
  const entry_id = requiredText(given, "entry_id", "missing_audit_ledger_entry_id");
  const sequence = integerMember(given, "sequence");
  if (sequence === undefined || sequence < 0) throw recordRefusal("invalid_audit_ledger_sequence");
  const record = recordOf(member(given, "record"), "missing_audit_ledger_record");
  if (Object.keys(record).length === 0) throw recordRefusal("missing_audit_ledger_record");
  if (textField(given, "record_digest") === "") throw recordRefusal("missing_audit_ledger_record_digest");
  const version = textField(given, "schema_version", "v0.1");
  const entry = {
    entry_id,
    sequence,
    record,
    record_digest: digestField(given, "record", false),
    event_digest: digestField(given, "event", true),
    previous_entry_digest: digestField(given, "previous_entry", true),
    entry_digest: digestField(given, "entry", false),
  };
  if (version !== "v0.1") throw recordRefusal(`unknown_audit_ledger_entry_schema_version:${version}`);
  closedRecord(given, FIELDS, "audit_ledger_entry");
  return {
    ...entry,
    recorded_at: instantField(given, "recorded_at", "invalid_audit_ledger_recorded_at"),
    schema_version: "v0.1",
    metadata: scannedMap(given, "metadata"),
  };
}

/** The digest of an entry with its own digest blank. Throws `LEGACY_VALUE`. */
export function auditEntryDigest(entry: Omit<AuditLedgerEntry, "entry_digest">): string {
  const recordType = "govengine.admission.AuditLedgerEntry";
  return kernelRecordDigest({ recordType, record: { ...entry, entry_digest: "" } });
}

/** `sha256:` and 64 lower-case hex digits; the reference looks at the prefix alone (§27 no. 13). */
export function isDigestReference(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function digestField(record: ExactRecord, name: string, optional: boolean): string {
  const digest = textField(record, `${name}_digest`);
  if (optional && digest === "") return digest;
  const short = name === "previous_entry" ? "previous" : name;
  const accepted = digest.startsWith("sha256:") ? 13 : undefined;
  if (!isDigestReference(digest)) throw recordRefusal(`invalid_audit_ledger_${short}_digest`, accepted);
  return digest;
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "entry_id sequence record record_digest event_digest previous_entry_digest entry_digest recorded_at " +
    "schema_version metadata"
  ).split(" "),
);
