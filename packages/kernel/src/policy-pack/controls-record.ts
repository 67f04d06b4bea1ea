import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { pythonFloat } from "../compat/python-number.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { distinctTexts } from "../governance/v1-record.ts";
import { DEFAULT_CONTROLS, type RuntimeControls } from "./runtime-controls.ts";

/**
 * Reads runtime controls that were stored (spec kernel.md §22.4); the reference casts what it reads, and knows defaults
 * (§27 no. 12). Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function parseRuntimeControls(value: ExactJson | undefined): RuntimeControls {
  if (!isExactRecord(value)) throw recordRefusal("invalid_runtime_controls");
  const record = value;
  if (Object.keys(record).some((key) => !FIELDS.has(key))) throw recordRefusal("unknown_runtime_control", 12);
  const flag = (key: string): boolean => flagOf(record, key);
  const names = (key: string): readonly string[] => distinctTexts(record, key, `invalid_runtime_control_${key}`, 12);
  const controls = {
    timeout_seconds: timeoutOf(record),
    max_steps: limitOf(record, "max_steps", "invalid_runtime_control_max_steps"),
    max_output_bytes: limitOf(record, "max_output_bytes", "invalid_runtime_control_output_limit"),
    receipt_required: flag("receipt_required"),
    output_digest_required: flag("output_digest_required"),
    read_only_required: flag("read_only_required"),
    no_raw_shell: flag("no_raw_shell"),
    mutation_requires_approval: flag("mutation_requires_approval"),
    allowed_network_egress: names("allowed_network_egress"),
    allowed_backend_classes: names("allowed_backend_classes"),
    typed_execution_control_ids: names("typed_execution_control_ids"),
    control_ids: names("control_ids"),
  };
  if (!controls.receipt_required) throw recordRefusal("runtime_receipt_required");
  return controls;
}

function timeoutOf(record: ExactRecord): JsonFraction {
  const found = member(record, "timeout_seconds");
  const seconds = found instanceof JsonFraction ? found.value : found;
  if (typeof seconds !== "number") throw recordRefusal("invalid_runtime_control_timeout", 12);
  if (!Number.isFinite(seconds) || seconds < 0) throw recordRefusal("invalid_runtime_control_timeout");
  return new JsonFraction(pythonFloat(seconds));
}

function limitOf(record: ExactRecord, key: string, reason: string): number {
  const found = member(record, key);
  if (typeof found !== "number" || !Number.isSafeInteger(found)) throw recordRefusal(reason, 12);
  if (found < 0) throw recordRefusal(reason);
  return found;
}

function flagOf(record: ExactRecord, key: string): boolean {
  const found = member(record, key);
  if (typeof found !== "boolean") throw recordRefusal(`invalid_boolean_field:${key}`, 11);
  return found;
}

const FIELDS: ReadonlySet<string> = new Set(Object.keys(DEFAULT_CONTROLS));
