import type { ExactJson } from "@writ/canon";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { recordOf, textField, writtenTexts } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { isNothing, packText } from "./pack-text.ts";

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
  const parsed = {
    request_id: packText(record, ["request_id", "id"], { reason: "missing_policy_request_id" }),
    subject_ref: packText(record, "subject_ref", { reason: "missing_policy_request_subject_ref" }),
    schema_version: textField(record, "schema_version", "v0.1"),
    principal: mapOf(record, "principal"),
    action: mapOf(record, "action"),
    resource: mapOf(record, "resource"),
    context: mapOf(record, "context"),
    evidence_refs: evidenceOf(record),
    metadata: mapOf(record, "metadata"),
  };
  const { schema_version, principal, action, resource, context, metadata } = parsed;
  if (schema_version !== "v0.1")
    throw recordRefusal(`unknown_policy_request_schema_version:${schema_version || "missing"}`);
  for (const map of [principal, action, resource, context, metadata]) refuseForbiddenKeys("policy", map);
  if (Object.keys(record).some((key) => !FIELDS.has(key))) throw recordRefusal("unknown_policy_request_field", 12);
  return { ...parsed, schema_version };
}

function mapOf(record: ExactRecord, key: string): ExactRecord {
  return recordOf(member(record, key) ?? {}, `invalid_policy_request_${key}`);
}

/** References that say something; one bare text is a list of one, as it is written. */
function evidenceOf(record: ExactRecord): readonly string[] {
  const key = isNothing(member(record, "evidence_refs") ?? null) ? "evidence" : "evidence_refs";
  const refs = writtenTexts(record, key, "invalid_policy_sequence");
  return isExactList(member(record, key)) ? refs.map(stripSpace).filter((ref) => ref !== "") : refs;
}

export function packRequestDigest(request: PackRequest): string {
  const recordType = "govengine.policy.model.PolicyRequest";
  return kernelRecordDigest({ recordType, schemaVersion: "v0.1", record: { ...request } });
}

const FIELDS: ReadonlySet<string> = new Set(
  "request_id id subject_ref schema_version principal action resource context evidence_refs evidence metadata".split(
    " ",
  ),
);
