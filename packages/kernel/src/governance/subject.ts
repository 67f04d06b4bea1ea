import { member, type ExactRecord } from "../compat/exact-record.ts";
import { isGovernanceIdentifier } from "../compat/governance-identifier.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { SIDE_EFFECT_CLASSES } from "./attestation.ts";
import { digestOf, epochOf, textOf, versionOf } from "./v1-record.ts";

/** The 18 fields that name what is governed; their digest is what an approver says yes to. */
export interface RequestScalars {
  readonly transaction_id: string;
  readonly operation_id: string;
  readonly step_id: string;
  readonly attempt_id: string;
  readonly policy_pack_digest: string;
  readonly policy_epoch: number;
  readonly execution_facts_digest: string;
  readonly execution_spec_digest: string;
  readonly payload_digest: string;
  readonly requested_scope_digest: string;
  readonly scope_policy_binding_digest: string;
  readonly capability_requirements_digest: string;
  readonly capability_inventory_digest: string;
  readonly side_effect_class: (typeof SIDE_EFFECT_CLASSES)[number];
  readonly runtime_instance_id: string;
  readonly lease_id: string;
  readonly lease_epoch: number;
  readonly fencing_token_digest: string;
}

/** Reads the 18 fields and the version in the reference's order. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRequestScalars(record: ExactRecord): RequestScalars & { readonly schema_version: "v1" } {
  const digest = (key: string, name = `governance_${key}`): string => digestOf(record, key, name);
  const part = (key: string): string => digest(key, key);
  const parsed = {
    transaction_id: identifierOf(record, "transaction_id"),
    operation_id: identifierOf(record, "operation_id"),
    step_id: identifierOf(record, "step_id"),
    attempt_id: identifierOf(record, "attempt_id"),
    policy_pack_digest: digest("policy_pack_digest"),
    policy_epoch: epochOf(record, "policy_epoch", "invalid_governance_policy_epoch"),
    execution_facts_digest: digest("execution_facts_digest"),
    execution_spec_digest: digest("execution_spec_digest"),
    payload_digest: digest("payload_digest"),
    requested_scope_digest: digest("requested_scope_digest"),
    scope_policy_binding_digest: part("scope_policy_binding_digest"),
    capability_requirements_digest: part("capability_requirements_digest"),
    capability_inventory_digest: part("capability_inventory_digest"),
    side_effect_class: textOf(record, "side_effect_class", "missing_governance_side_effect_class"),
    runtime_instance_id: identifierOf(record, "runtime_instance_id"),
    lease_id: identifierOf(record, "lease_id"),
    lease_epoch: epochOf(record, "lease_epoch", "invalid_governance_lease_epoch"),
    fencing_token_digest: digest("fencing_token_digest"),
    schema_version: versionOf(record, "governance_request"),
  };
  attestationDigestOf(record);
  // The closed set is looked at after the form of every field.
  const side_effect_class = SIDE_EFFECT_CLASSES.find((one) => one === parsed.side_effect_class);
  if (side_effect_class === undefined) throw recordRefusal("unsupported_governance_side_effect_class");
  return { ...parsed, side_effect_class };
}

/** Digest of what is governed: a change of any of its 18 fields is another subject. */
export function governanceSubjectDigest(request: RequestScalars): string {
  const record = Object.fromEntries(SCALARS.map((key) => [key, request[key]]));
  return kernelRecordDigest({ recordType: "govengine.governance.GovernanceSubject", record });
}

/** What a request names as the digest of its attestation, `""` when it names nothing; its form is checked with its binding. */
export function attestationDigestOf(record: ExactRecord): string {
  const found = member(record, "approval_attestation_digest") ?? "";
  if (typeof found !== "string") throw recordRefusal("invalid_approval_attestation_digest");
  return stripSpace(found);
}

function identifierOf(record: ExactRecord, key: string): string {
  const text = textOf(record, key, `missing_governance_${key}`);
  if (!isGovernanceIdentifier(text)) throw recordRefusal("invalid_governance_identifier", 12);
  return text;
}

export const SCALARS = [
  "transaction_id",
  "operation_id",
  "step_id",
  "attempt_id",
  "policy_pack_digest",
  "policy_epoch",
  "execution_facts_digest",
  "execution_spec_digest",
  "payload_digest",
  "requested_scope_digest",
  "scope_policy_binding_digest",
  "capability_requirements_digest",
  "capability_inventory_digest",
  "side_effect_class",
  "runtime_instance_id",
  "lease_id",
  "lease_epoch",
  "fencing_token_digest",
] as const satisfies readonly (keyof RequestScalars)[];
