import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExactJson } from "@writ/canon";
import {
  appendAuditRecord,
  auditEntryDigest,
  auditLedgerLine,
  auditLedgerPage,
  parseAuditAppendResult,
  parseAuditLedgerEntry,
  parseAuditRecord,
  parseAuditVerification,
  readAuditLedger,
  recordLines,
  summarizeAuditVerification,
  verifyAuditLedger,
  type AuditLedgerEntry,
} from "@writ/kernel/governance";
import type { ExactRecord } from "../../src/compat/exact-record.ts";
import { refusalOf } from "../refusal.ts";

const hex = `sha256:${"a".repeat(64)}`;
const recordedAt = "2026-01-01T00:00:00Z";

function record(id: string): ReturnType<typeof parseAuditRecord> {
  return parseAuditRecord({
    record_id: id,
    record_type: "admission_decision",
    subject_ref: "task:1",
    subject_kind: "task",
    detail: "Zoë",
  });
}

function ledger(length: number): readonly AuditLedgerEntry[] {
  const entries: AuditLedgerEntry[] = [];
  for (let index = 0; index < length; index++) {
    const { entry } = appendAuditRecord(entries.at(-1) ?? null, record(`r${String(index)}`), { recordedAt });
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

describe("an append", () => {
  test("links to the true tail, however long the ledger is", () => {
    const entries = ledger(150);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 150 }, (_, index) => index));
    expect(entries[149]).toMatchObject({
      entry_id: "audit-ledger-entry-149",
      previous_entry_digest: entries[148]?.entry_digest,
    });
    expect(verifyAuditLedger(entries)).toMatchObject({ status: "verified", verified: true, checked_entries: 150 });
  });

  test("says what it did", () => {
    const { result, entry } = appendAuditRecord(null, record("r"), { recordedAt, previousDigest: "" });
    expect(result).toMatchObject({
      status: "appended",
      entry_id: "audit-ledger-entry-0",
      sequence: 0,
      reason_code: "recorded",
    });
    expect(result.entry_digest).toBe(entry?.entry_digest);
    expect(parseAuditAppendResult({ ...result })).toEqual(result);
  });

  test("under another tail than the true one is rejected", () => {
    const { result, entry } = appendAuditRecord(ledger(1)[0] ?? null, record("r"), { recordedAt, previousDigest: hex });
    expect(entry).toBeNull();
    expect(result).toMatchObject({
      status: "rejected",
      sequence: -1,
      blockers: ["audit_ledger_previous_digest_mismatch"],
    });
    expect(parseAuditAppendResult({ ...result })).toEqual(result);
  });

  test("of a digest that is none is refused", () => {
    expect(refusalOf(() => appendAuditRecord(null, record("r"), { recordedAt, eventDigest: "sha256:x" }))).toBe(
      "invalid_audit_ledger_event_digest",
    );
  });
});

describe("verification", () => {
  const entries = ledger(3);
  const second = entries[1] as AuditLedgerEntry;
  const sealed = (change: Partial<AuditLedgerEntry>): AuditLedgerEntry => {
    const { entry_digest: _, ...unsealed } = { ...second, ...change };
    return { ...unsealed, entry_digest: auditEntryDigest(unsealed) };
  };
  test.each([
    ["audit_ledger_sequence_mismatch", sealed({ sequence: 2 })],
    ["audit_ledger_previous_digest_mismatch", sealed({ previous_entry_digest: hex })],
    ["audit_ledger_entry_digest_mismatch", { ...second, recorded_at: "2026-01-02T00:00:00Z" }],
    ["audit_ledger_entry_digest_mismatch", { ...second, entry_digest: hex }],
  ])("%s", (reason, changed) => {
    const result = verifyAuditLedger([entries[0] as AuditLedgerEntry, changed, entries[2] as AuditLedgerEntry]);
    expect(result).toMatchObject({ status: "failed", verified: false, reason_code: reason, blockers: [reason] });
    expect(result).toMatchObject({ checked_entries: 3, last_entry_id: "audit-ledger-entry-2" });
    expect(parseAuditVerification({ ...result })).toEqual(result);
  });

  test("of nothing is empty and no pass", () => {
    const result = verifyAuditLedger([]);
    expect(result).toMatchObject({ status: "empty", verified: false, checked_entries: 0, blockers: [] });
    expect(summarizeAuditVerification(result)).toEqual({
      status: "empty",
      verified: false,
      reason_code: "audit_ledger_empty",
      blocker_count: 0,
      checked_entries: 0,
      last_entry_id: "",
      last_entry_digest: "",
    });
  });

  test("fails for an entry left out, moved or given twice", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 2], { minLength: 1 }), (order) => {
        const shown = order.map((index) => entries[index] as AuditLedgerEntry);
        const straight = order.every((index, place) => index === place);
        expect(verifyAuditLedger(shown).verified).toBe(straight);
      }),
    );
  });
});

test("any change of any field of any entry is refused", () => {
  const entries = ledger(2).map((entry) => JSON.parse(auditLedgerLine(entry)) as ExactRecord);
  const names = Object.keys(entries[0] ?? {});
  fc.assert(
    fc.property(fc.nat(1), fc.constantFrom(...names), fc.jsonValue(), (index, name, value) => {
      const changed = entries.map((entry, at) => (at === index ? { ...entry, [name]: value as ExactJson } : entry));
      fc.pre(JSON.stringify(changed) !== JSON.stringify(entries));
      let verdict = false;
      const reason = refusalOf(() => {
        const read = changed.map(parseAuditLedgerEntry);
        // White space around a text and a default that is left out change no content.
        fc.pre(JSON.stringify(read.map(auditLedgerLine)) !== JSON.stringify(ledger(2).map(auditLedgerLine)));
        verdict = verifyAuditLedger(read).verified;
      });
      expect(reason !== undefined || !verdict).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe("the file", () => {
  const lines = ledger(3).map(auditLedgerLine);

  test("is ASCII, and reads back to what was written", () => {
    expect(lines.join("")).toMatch(/^[ -~]+$/);
    expect(lines[0]).toContain(String.raw`Zo\u00eb`);
    expect([...readAuditLedger(lines)]).toEqual(ledger(3));
  });

  test("with a line that is no entry names the line", () => {
    expect(refusalOf(() => [...readAuditLedger([lines[0] ?? "", "", "{}"])])).toBe("invalid_audit_ledger_jsonl:3");
    expect(refusalOf(() => [...readAuditLedger(["{"])])).toBe("invalid_audit_ledger_jsonl:1");
  });

  test("with a line that is longer than any entry names the line, and does not read it", () => {
    const long = `${(lines[0] ?? "").trimEnd()}${" ".repeat(1_048_576)}`;
    expect(refusalOf(() => [...readAuditLedger([lines[0] ?? "", long])])).toBe("invalid_audit_ledger_jsonl:2");
  });

  test("is cut at line feeds, and bytes that are no text are named by their line", () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect([...recordLines(bytes("a\n\nb"))]).toEqual(["a", "", "b"]);
    expect([...recordLines(bytes("a\n"))]).toEqual(["a"]);
    expect([...recordLines(bytes(""))]).toEqual([]);
    const wrong = new Uint8Array([0x61, 0x0a, 0xff]);
    expect(refusalOf(() => [...recordLines(wrong)])).toBe("invalid_audit_ledger_jsonl:2");
  });

  test("is read in pages, and a page is never taken for the whole", () => {
    const entries = ledger(5);
    expect(auditLedgerPage(entries, { limit: 2 })).toEqual(entries.slice(0, 2));
    expect(auditLedgerPage(entries, { afterEntryId: "audit-ledger-entry-1", limit: 2 })).toEqual(entries.slice(2, 4));
    expect(auditLedgerPage(entries, {})).toEqual(entries);
    for (const limit of [0, -1, 1.5, Number.NaN])
      expect(refusalOf(() => auditLedgerPage(entries, { limit }))).toBe("invalid_audit_ledger_read_limit");
    expect(refusalOf(() => auditLedgerPage(entries, { afterEntryId: "none" }))).toBe("unknown_audit_ledger_entry_id");
    expect(verifyAuditLedger(auditLedgerPage(entries, { afterEntryId: "audit-ledger-entry-1" })).verified).toBe(false);
  });
});

const entry = ledger(1)[0] as AuditLedgerEntry;
const appended = { status: "appended", entry_id: "e", sequence: 0, entry_digest: hex };
const verified = { status: "verified", verified: true, checked_entries: 1, last_entry_id: "e", last_entry_digest: hex };

test.each<[string, (value: ExactJson) => object, ExactRecord]>([
  ["missing_audit_ledger_entry_id", parseAuditLedgerEntry, { ...entry, entry_id: "" }],
  ["invalid_audit_ledger_sequence", parseAuditLedgerEntry, { ...entry, sequence: -1 }],
  ["invalid_audit_ledger_sequence", parseAuditLedgerEntry, { ...entry, sequence: true }],
  ["missing_audit_ledger_record", parseAuditLedgerEntry, { ...entry, record: {} }],
  ["missing_audit_ledger_record", parseAuditLedgerEntry, { ...entry, record: null }],
  ["missing_audit_ledger_record_digest", parseAuditLedgerEntry, { ...entry, record_digest: "" }],
  ["invalid_audit_ledger_record_digest", parseAuditLedgerEntry, { ...entry, record_digest: "a".repeat(64) }],
  ["invalid_audit_ledger_event_digest", parseAuditLedgerEntry, { ...entry, event_digest: "md5:1" }],
  ["invalid_audit_ledger_previous_digest", parseAuditLedgerEntry, { ...entry, previous_entry_digest: "sha256:AB" }],
  ["invalid_audit_ledger_entry_digest", parseAuditLedgerEntry, { ...entry, entry_digest: "sha256:" }],
  ["unknown_audit_ledger_entry_schema_version:v9", parseAuditLedgerEntry, { ...entry, schema_version: "v9" }],
  ["unknown_audit_ledger_append_status:done", parseAuditAppendResult, { ...appended, status: "done" }],
  ["unknown_audit_ledger_append_status:missing", parseAuditAppendResult, {}],
  ["missing_audit_ledger_append_entry_id", parseAuditAppendResult, { ...appended, entry_id: "" }],
  ["invalid_audit_ledger_append_sequence", parseAuditAppendResult, { ...appended, sequence: -1 }],
  ["missing_audit_ledger_append_digest", parseAuditAppendResult, { ...appended, entry_digest: "" }],
  ["invalid_audit_ledger_append_digest", parseAuditAppendResult, { ...appended, entry_digest: "sha256:x" }],
  ["audit_ledger_rejection_without_reason", parseAuditAppendResult, { status: "rejected", blockers: [] }],
  ["unknown_audit_ledger_verification_status:ok", parseAuditVerification, { ...verified, status: "ok" }],
  ["invalid_audit_ledger_checked_entries", parseAuditVerification, { ...verified, checked_entries: -1 }],
  ["audit_ledger_verified_status_mismatch", parseAuditVerification, { ...verified, verified: false }],
  ["audit_ledger_verified_status_mismatch", parseAuditVerification, { ...verified, status: "failed" }],
  ["audit_ledger_verified_without_entries", parseAuditVerification, { ...verified, checked_entries: 0 }],
  ["missing_audit_ledger_last_entry_id", parseAuditVerification, { ...verified, last_entry_id: "" }],
  ["missing_audit_ledger_last_digest", parseAuditVerification, { ...verified, last_entry_digest: "" }],
  ["invalid_audit_ledger_last_digest", parseAuditVerification, { ...verified, last_entry_digest: "x" }],
  ["audit_ledger_verified_with_blockers", parseAuditVerification, { ...verified, blockers: ["b"] }],
  ["audit_ledger_failed_without_blockers", parseAuditVerification, { ...verified, status: "failed", verified: false }],
  ["audit_ledger_empty_with_entries", parseAuditVerification, { status: "empty", checked_entries: 1 }],
])("%s", (reason, read, value) => {
  expect(refusalOf(() => read(value))).toBe(reason);
});
