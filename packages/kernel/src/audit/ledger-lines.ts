import { parseJsonExact } from "@writ/canon";
import { compareCodePoints } from "../compat/code-points.ts";
import { asciiText, pythonNumbers, writeLegacyJson } from "../compat/python-json.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseAuditLedgerEntry, type AuditLedgerEntry } from "./ledger-entry.ts";
import { onRefusal } from "../on-refusal.ts";

/** Longest line in UTF-16 code units: a record at the boundary's own size. */
const LINE_MAX = 1_048_576;

/** One entry as the reference's file store writes it: ASCII, sorted, without spaces (spec kernel.md §20.4). */
export function auditLedgerLine(entry: AuditLedgerEntry): string {
  return writeLegacyJson({ ...entry }, { order: compareCodePoints, text: asciiText, ...pythonNumbers });
}

/**
 * Reads such a file to its end, line by line: an entry that cannot be read is refused by its number, counted from 1.
 * Throws `GOVERNANCE_RECORD_INVALID` with `invalid_audit_ledger_jsonl:<line>`.
 */
export function* readAuditLedger(lines: Iterable<string>): Generator<AuditLedgerEntry> {
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    yield readLine(line, number);
  }
}

/** The lines of a file; bytes that are not UTF-8 make no line. Throws `GOVERNANCE_RECORD_INVALID`. */
export function* recordLines(file: Uint8Array): Generator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [start, number] = [0, 0];
  while (start < file.length) {
    const found = file.indexOf(LINE_FEED, start);
    const end = found === -1 ? file.length : found;
    number++;
    yield decoded(decoder, file.subarray(start, end), number);
    start = end + 1;
  }
}

/** A page of a ledger after an entry; `limit` bounds the page and never the verification. */
export function auditLedgerPage(
  entries: Iterable<AuditLedgerEntry>,
  { afterEntryId = "", limit = 100 }: { readonly afterEntryId?: string; readonly limit?: number },
): readonly AuditLedgerEntry[] {
  if (!Number.isSafeInteger(limit) || limit < 1) throw recordRefusal("invalid_audit_ledger_read_limit");
  const page: AuditLedgerEntry[] = [];
  let reached = afterEntryId === "";
  for (const entry of entries) {
    if (page.length === limit) break;
    if (reached) page.push(entry);
    reached ||= entry.entry_id === afterEntryId;
  }
  if (!reached) throw recordRefusal("unknown_audit_ledger_entry_id", 10);
  return page;
}

const LINE_FEED = 0x0a;

function decoded(decoder: InstanceType<typeof TextDecoder>, line: Uint8Array, number: number): string {
  try {
    return decoder.decode(line);
  } catch {
    throw recordRefusal(`invalid_audit_ledger_jsonl:${String(number)}`);
  }
}

function readLine(line: string, number: number): AuditLedgerEntry {
  const invalid = (rule?: number): Error => recordRefusal(`invalid_audit_ledger_jsonl:${String(number)}`, rule);
  if (line.length > LINE_MAX) throw invalid(12);
  return onRefusal(
    () => parseAuditLedgerEntry(parseJsonExact(line, { maxBytes: 4 * LINE_MAX })),
    () => {
      throw invalid();
    },
  );
}
