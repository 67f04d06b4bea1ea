import { canonicalize, parseInstant, sha256Hex, type JsonValue } from "@writ/canon";
import { absolutePath } from "./absolute-path.ts";
import { boolean, instant, integer, list, nullable, oneOf, record, refuse, sha256, text, uuid } from "./fields.ts";
import type { FileEffect, OutputDigest, Receipt, Refusal } from "./records.ts";

/** How much a receipt lists; an entry of the log holds at most 32 KiB, so a receipt stays well under it. */
export const RECEIPT_BOUNDS = { files: 96, refusals: 64 } as const;

export const RECEIPT_OUTCOMES = [
  "dry_run",
  "succeeded",
  "failed",
  "timed_out",
  "output_limit",
  "interrupted",
  "not_started",
  "unfinished",
] as const;

/** Reads a receipt strictly, and refuses one that contradicts itself. @throws WritError `RECEIPT_INVALID`. */
export function parseReceipt(value: JsonValue): Receipt {
  const at = { code: "RECEIPT_INVALID", path: "" } as const;
  const receipt = readReceipt(value, at);
  if (parseInstant(receipt.ended_at) < parseInstant(receipt.started_at)) throw refuse(at, "ends before it starts");
  if ((receipt.mode === "dry") !== (receipt.outcome === "dry_run")) {
    const neverRan =
      receipt.outcome === "not_started" || receipt.outcome === "unfinished" || receipt.outcome === "interrupted";
    if (!neverRan) throw refuse(at, `says \`${receipt.outcome}\` of a ${receipt.mode} run`);
  }
  if (receipt.outcome === "succeeded" && receipt.exit_code !== 0)
    throw refuse(at, "says `succeeded` without exit code 0");
  return receipt;
}

/** SHA-256 of the receipt's RFC 8785 bytes, 64 lower-case hex digits. */
export function receiptDigest(receipt: Receipt): string {
  return sha256Hex(canonicalize(receipt as unknown as JsonValue));
}

const output = record<OutputDigest>({ sha256, bytes: integer(0, Number.MAX_SAFE_INTEGER), truncated: boolean });

const file = record<FileEffect>({
  path: absolutePath,
  change: oneOf(["created", "changed", "deleted"]),
  sha256: nullable(sha256),
  bytes: nullable(integer(0, Number.MAX_SAFE_INTEGER)),
});

const refusal = record<Refusal>({
  kind: oneOf(["write", "read", "network", "environment", "limit", "sandbox"]),
  target: text({ min: 1, max: 4096 }),
  detail: text({ min: 0, max: 1024 }),
});

const readReceipt = record<Receipt>({
  schema: oneOf(["writ.receipt.v1"]),
  id: uuid,
  ticket_id: uuid,
  action_id: uuid,
  action_digest: sha256,
  intent: uuid,
  mode: oneOf(["dry", "live"]),
  outcome: oneOf(RECEIPT_OUTCOMES),
  exit_code: nullable(integer(0, 255)),
  signal: nullable(text({ min: 1, max: 16, form: /^SIG[A-Z0-9+]+$/, what: "a signal's name" })),
  started_at: instant,
  ended_at: instant,
  stdout: output,
  stderr: output,
  files: list(file, RECEIPT_BOUNDS.files),
  files_truncated: boolean,
  refusals: list(refusal, RECEIPT_BOUNDS.refusals),
  sandbox: nullable(text({ min: 1, max: 256 })),
});
