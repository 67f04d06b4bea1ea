import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, recordOf, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { packText } from "./pack-text.ts";

/** What is asked of a policy pack (spec kernel.md §22.1). */
export interface PackRequest {
  readonly request_id: string;
  readonly subject_ref: string;
  readonly schema_version: "v0.1";
  readonly principal: ExactRecord;
  readonly action: ExactRecord;
  readonly resource: ExactRecord;
  readonly context: ExactRecord;
  readonly evidence_refs: readonly string[];
  readonly metadata: ExactRecord;
}

/** Reads a request. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parsePackRequest(value: ExactJson): PackRequest {
  const record = recordOf(value, "invalid_policy_request");
  const request_id = packText(record, ["request_id", "id"], { reason: "missing_policy_request_id" });
  const subject_ref = packText(record, "subject_ref", { reason: "missing_policy_request_subject_ref" });
  const version = textField(record, "schema_version", "v0.1");
  if (version !== "v0.1") throw recordRefusal(`unknown_policy_request_schema_version:${version}`);
  const metadata = mapField(record, "metadata", "invalid_policy_metadata");
  refuseForbiddenKeys("policy", metadata);
  if (Object.keys(record).some((key) => !FIELDS.has(key))) throw recordRefusal("unknown_policy_request_field", 12);
  return {
    request_id,
    subject_ref,
    schema_version: "v0.1",
    principal: factsField(record, "principal"),
    action: factsField(record, "action"),
    resource: factsField(record, "resource"),
    context: factsField(record, "context"),
    evidence_refs: textsField(record, "evidence_refs", "invalid_policy_sequence"),
    metadata,
  };
}

/** Facts are free-form as metadata are, and searched as they are (spec kernel.md §2.3, §27 no. 12). */
function factsField(record: ExactRecord, key: string): ExactRecord {
  const facts = mapField(record, key, "invalid_policy_request");
  refuseForbiddenKeys("policy", facts, 12);
  return facts;
}

export function packRequestDigest(request: PackRequest): string {
  const recordType = "govengine.policy.model.PolicyRequest";
  return kernelRecordDigest({ recordType, schemaVersion: "v0.1", record: { ...request } });
}

const FIELDS: ReadonlySet<string> = new Set(
  "request_id id subject_ref schema_version principal action resource context evidence_refs metadata".split(" "),
);
