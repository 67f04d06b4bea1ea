import type { ExactJson } from "@writ/canon";
import { countCodePoints } from "../compat/code-points.ts";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { closedRecord, epochOf, isDigest, textOf, versionOf } from "./v1-record.ts";

/** What a runtime says it did, bound to a decision (spec kernel.md §23.5); read, and its own digest verified. */
export interface ReceiptBinding extends ExactRecord {
  readonly receipt_id: string;
  readonly receipt_digest: string;
}

/** Reads a runtime receipt binding and checks its own digest. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkReceiptBinding(value: ExactJson): ReceiptBinding {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_runtime_receipt_binding",
    unknown: "unknown_runtime_receipt_binding_field",
  });
  const receipt_id = textOf(record, "receipt_id", "missing_runtime_receipt_id");
  const facts = Object.fromEntries(FACTS.map((key) => [key, factOf(record, key)]));
  const terminal_status = textOf(record, "terminal_status", "missing_runtime_receipt_terminal_status");
  const output_digests = outputDigestsOf(record);
  const output_bytes = epochOf(record, "output_bytes", "invalid_runtime_receipt_output_bytes");
  const schema_version = versionOf(record, "runtime_receipt");
  const named = requiredDigest(record, "receipt_digest", "invalid_runtime_receipt_digest");
  if (!TERMINAL.has(terminal_status)) throw recordRefusal("unknown_runtime_receipt_terminal_status");
  const binding = { schema_version, receipt_id, ...facts, terminal_status, output_digests, output_bytes };
  const receipt_digest = kernelRecordDigest({
    recordType: "govengine.receipt_conformance.RuntimeReceiptBinding",
    record: { ...binding, receipt_digest: "" },
  });
  if (named !== receipt_digest) throw recordRefusal("runtime_receipt_digest_mismatch");
  return { ...binding, receipt_digest };
}

function factOf(record: ExactRecord, key: string): ExactJson {
  const name = key === "runtime_permit_digest" ? "permit_digest" : key;
  if (TEXTS.has(key)) return textOf(record, key, `missing_runtime_receipt_${name}`);
  const invalid = `invalid_runtime_receipt_${name}`;
  return EPOCHS.has(key) ? epochOf(record, key, invalid) : requiredDigest(record, key, invalid);
}

/** A digest that is missing is as invalid as one of another form. */
function requiredDigest(record: ExactRecord, key: string, invalid: string): string {
  const text = textOf(record, key, invalid);
  if (!isDigest(text)) throw recordRefusal(invalid);
  return text;
}

function outputDigestsOf(record: ExactRecord): ExactRecord {
  const digests = member(record, "output_digests");
  if (!isExactRecord(digests)) throw recordRefusal("invalid_runtime_receipt_output_digests");
  if (Object.keys(digests).length > OUTPUTS_MAX) throw recordRefusal("runtime_receipt_output_digests_too_large");
  const read = new Map<string, string>();
  for (const [key, digest] of Object.entries(digests)) {
    const name = stripSpace(key);
    if (name === "" || countCodePoints(name) > OUTPUT_NAME_MAX)
      throw recordRefusal("invalid_runtime_receipt_output_digest_name");
    if (read.has(name)) throw recordRefusal("duplicate_runtime_receipt_output_digest_name");
    if (typeof digest !== "string" || !isDigest(digest)) throw recordRefusal("invalid_runtime_receipt_output_digest");
    read.set(name, digest);
  }
  return Object.fromEntries(read);
}

const OUTPUTS_MAX = 16;
const OUTPUT_NAME_MAX = 64;
const TERMINAL: ReadonlySet<string> = new Set(["completed", "failed", "indeterminate"]);
const TEXTS: ReadonlySet<string> = new Set(["operation_id", "step_id", "attempt_id", "runtime_instance_id"]);
const EPOCHS: ReadonlySet<string> = new Set(["lease_epoch", "inventory_epoch", "policy_epoch"]);

/** In the order of the record; the lease is named by a digest here. */
const FACTS: readonly string[] = (
  "operation_id step_id attempt_id runtime_instance_id decision_digest runtime_permit_digest lease_id lease_epoch " +
  "fencing_token_digest execution_spec_digest payload_digest requested_scope_digest capability_inventory_digest " +
  "inventory_epoch policy_pack_digest policy_epoch"
).split(" ");

const FIELDS: ReadonlySet<string> = new Set([
  ...FACTS,
  ..."schema_version receipt_id terminal_status output_digests output_bytes receipt_digest".split(" "),
]);
