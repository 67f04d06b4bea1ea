import type { ExactJson } from "@writ/canon";
import { requestReader, type RequestHead } from "../automation/request-fields.ts";
import { SIDE_EFFECT_CLASSES } from "../governance/attestation.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { BACKEND_POSTURES, IDENTITY_NEEDS, NETWORK_EGRESS, OPERATION_MODES } from "./backend-classes.ts";

/** One typed step that wants to run on a backend (spec kernel.md §24). A digest or reference that is missing is `""`. */
export interface TypedExecution extends RequestHead {
  readonly operation_id: string;
  readonly step_id: string;
  readonly operation_mode: (typeof OPERATION_MODES)[number];
  readonly side_effect_class: (typeof SIDE_EFFECT_CLASSES)[number];
  readonly backend_class: string;
  /** The class of the backend that the step was planned for. */
  readonly planned_backend_class: string;
  readonly network_egress: (typeof NETWORK_EGRESS)[number];
  readonly identity_need: (typeof IDENTITY_NEEDS)[number];
  readonly posture: (typeof BACKEND_POSTURES)[number];
  readonly capability_descriptor_digest: string;
  readonly step_execution_spec_digest: string;
  readonly payload_digest: string;
  readonly receipt_required: boolean;
  readonly output_digest_ref: string;
  readonly secret_refs: readonly string[];
  readonly required_capabilities: readonly string[];
  readonly capability_descriptors: readonly string[];
}

/** Reads a request. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseTypedExecution(value: ExactJson): TypedExecution {
  const read = requestReader(value, "typed_execution", FIELDS);
  const digest = (key: string): string => digestOrNothing(read.optionalText(key), key);
  const mode = read.choice("operation_mode", OPERATION_MODES, "unsupported_typed_execution_operation_mode");
  const request = {
    ...read.head,
    operation_id: read.text("operation_id"),
    step_id: read.text("step_id"),
    operation_mode: mode,
    side_effect_class: read.choice("side_effect_class", SIDE_EFFECT_CLASSES, "unsupported_side_effect_class"),
    backend_class: read.text("backend_class"),
    planned_backend_class: read.text("planned_backend_class"),
    network_egress: read.choice("network_egress", NETWORK_EGRESS, "unsupported_typed_execution_network_egress"),
    identity_need: read.choice("identity_need", IDENTITY_NEEDS, "unsupported_typed_execution_identity_need"),
    posture: read.choice("posture", BACKEND_POSTURES, "unsupported_typed_execution_posture"),
    capability_descriptor_digest: digest("capability_descriptor_digest"),
    step_execution_spec_digest: digest("step_execution_spec_digest"),
    payload_digest: digest("payload_digest"),
    receipt_required: read.flag("receipt_required"),
    output_digest_ref: read.optionalText("output_digest_ref"),
    secret_refs: read.texts("secret_refs"),
    required_capabilities: read.texts("required_capabilities"),
    capability_descriptors: read.texts("capability_descriptors"),
  };
  if (request.backend_class !== request.planned_backend_class)
    throw recordRefusal("typed_execution_backend_class_mismatch");
  return request;
}

export function typedExecutionDigest(request: TypedExecution): string {
  const recordType = "govengine.typed_execution_governance.TypedExecutionRequest";
  return kernelRecordDigest({ recordType, schemaVersion: "v0.1", record: { ...request } });
}

function digestOrNothing(text: string, key: string): string {
  if (text !== "" && !/^sha256:[0-9a-f]{64}$/.test(text)) throw recordRefusal(`invalid_typed_execution_${key}`);
  return text;
}

const FIELDS =
  "operation_id step_id operation_mode side_effect_class backend_class planned_backend_class network_egress " +
  "identity_need posture capability_descriptor_digest step_execution_spec_digest payload_digest receipt_required " +
  "output_digest_ref secret_refs required_capabilities capability_descriptors";
