import { canonicalize, formatInstant, formatUuid, sha256Hex, uuidv7, type JsonValue } from "@writ/canon";
import { parseReceipt, RECEIPT_BOUNDS, type Receipt, type Refusal } from "@writ/kernel";
import type { Execution } from "./execution.ts";

/** A receipt is part of one entry of at most 32 KiB; this leaves room for the rest of the entry. */
const RECEIPT_BYTES_MAX = 24 * 1024;

const NO_OUTPUT = { sha256: sha256Hex(""), bytes: 0, truncated: false };

/** What a run found out; all else of the receipt follows from the execution. */
export type Findings = Pick<Receipt, "outcome"> &
  Partial<Omit<Receipt, "schema" | "id" | "ticket_id" | "action_id" | "action_digest" | "intent" | "mode">>;

/**
 * The receipt of an execution. Lists are cut so that the whole stays within bounds, and say so: `files_truncated`, and a
 * last refusal that counts the others. `startedAt` is UTC milliseconds.
 */
export function sealReceipt(execution: Execution, findings: Findings, at: { started: number; ended: number }): Receipt {
  const { ticket, intent } = execution;
  const whole: Receipt = {
    schema: "writ.receipt.v1",
    id: execution.receiptId ?? formatUuid(uuidv7(at.started, crypto.getRandomValues(new Uint8Array(10)))),
    ticket_id: ticket.id,
    action_id: ticket.action_id,
    action_digest: ticket.action_digest,
    intent,
    mode: ticket.mode,
    exit_code: null,
    signal: null,
    started_at: formatInstant(at.started),
    // A clock that was set back in between does not end a run before it began.
    ended_at: formatInstant(Math.max(at.started, at.ended)),
    stdout: NO_OUTPUT,
    stderr: NO_OUTPUT,
    files: [],
    files_truncated: false,
    sandbox: null,
    ...findings,
    refusals: (findings.refusals ?? []).map(bounded),
  };
  return parseReceipt(cut(whole) as unknown as JsonValue);
}

/** Shortens the longer list, an eighth at a time, until the receipt fits. */
function cut(whole: Receipt): Receipt {
  let files = Math.min(whole.files.length, RECEIPT_BOUNDS.files);
  let refusals = Math.min(whole.refusals.length, RECEIPT_BOUNDS.refusals);
  for (;;) {
    const receipt: Receipt = {
      ...whole,
      files: whole.files.slice(0, files),
      files_truncated: whole.files_truncated || files < whole.files.length,
      refusals: shortened(whole.refusals, refusals),
    };
    if (Buffer.byteLength(canonicalize(receipt as unknown as JsonValue)) <= RECEIPT_BYTES_MAX) return receipt;
    if (files >= refusals) files = Math.floor((files * 7) / 8);
    else refusals = Math.floor((refusals * 7) / 8);
  }
}

/** Of a list that is cut each kind keeps as many as the others, so that a flood of one hides none. */
function shortened(refusals: readonly Refusal[], length: number): readonly Refusal[] {
  if (length >= refusals.length) return refusals;
  const kept = byTurns(Object.values(Object.groupBy(refusals, ({ kind }) => kind))).slice(0, Math.max(0, length - 1));
  const count = refusals.length - kept.length;
  return [...kept, { kind: "limit", target: "refusals", detail: `${String(count)} further refusals are not listed` }];
}

function byTurns<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const turns = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: turns }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}

function bounded({ kind, target, detail }: Refusal): Refusal {
  return { kind, target: printable(target, 1024), detail: printable(detail, 512) };
}

/** Text from a process or a file name, made fit for a record: no NUL, no broken surrogate, not empty. */
function printable(text: string, max: number): string {
  const clean = text.replaceAll("\0", "�").slice(0, max).toWellFormed();
  return clean === "" ? "?" : clean;
}
