import type { ExactJson } from "@writ/canon";
import { parseCapabilityInventory, parseCapabilityRequirements } from "../capability/capability.ts";
import { isExactRecord, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseScopeBinding, type ScopePolicyBinding } from "../domain-scope/scope-binding.ts";
import { compilePolicyPack, type PolicyPack } from "../policy-pack/compile.ts";
import { parseApprovalAttestation, type ApprovalAttestation } from "./attestation.ts";
import { checkRequestBindings } from "./request-bindings.ts";
import { attestationDigestOf, parseRequestScalars, SCALARS, type RequestScalars } from "./subject.ts";
import { boundedMap, closedRecord } from "./v1-record.ts";

/** A governance request whose parts agree with each other and with their digests (spec kernel.md §23.1). */
export interface GovernanceRequest extends RequestScalars, RequestParts {
  readonly schema_version: "v1";
  /** `""` when there is no attestation. */
  readonly approval_attestation_digest: string;
}

export interface RequestParts {
  readonly policy_pack: PolicyPack;
  readonly execution_facts: ExactRecord;
  readonly requested_scope: ExactRecord;
  readonly scope_policy_binding: ScopePolicyBinding;
  readonly capability_requirements: ExactRecord;
  readonly capability_inventory: ExactRecord;
  readonly approval_attestation: ApprovalAttestation | null;
}

/** Reads a request and holds its parts against each other. Throws `GOVERNANCE_RECORD_INVALID`, first fault first. */
export function parseGovernanceRequest(value: ExactJson | undefined): GovernanceRequest {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_governance_request",
    unknown: "unknown_governance_request_field",
  });
  const parts = partsOf(record);
  const request = {
    ...parseRequestScalars(record),
    ...parts,
    approval_attestation_digest: attestationDigestOf(record),
  };
  refuseForbiddenKeys("governance", request.execution_facts);
  refuseForbiddenKeys("governance", request.requested_scope);
  checkRequestBindings(request);
  return request;
}

/** Digest of the whole request, the pack in its compiled form. */
export function governanceRequestDigest(request: GovernanceRequest): string {
  const recordType = "govengine.governance.GovernanceRequest";
  return kernelRecordDigest({ recordType, record: request as unknown as ExactRecord });
}

function partsOf(record: ExactRecord): RequestParts {
  const pack = memberOrNull(record, "policy_pack");
  if (!isExactRecord(pack)) throw recordRefusal("invalid_governance_policy_pack");
  const policy_pack = compilePolicyPack(pack);
  const execution_facts = boundedMap(member(record, "execution_facts"), "invalid_governance_execution_facts");
  const requested_scope = boundedMap(member(record, "requested_scope"), "invalid_governance_requested_scope");
  const attestation = memberOrNull(record, "approval_attestation");
  return {
    policy_pack,
    execution_facts,
    requested_scope,
    scope_policy_binding: parseScopeBinding(member(record, "scope_policy_binding")),
    capability_requirements: parseCapabilityRequirements(memberOrNull(record, "capability_requirements")),
    capability_inventory: parseCapabilityInventory(memberOrNull(record, "capability_inventory")),
    approval_attestation: attestation === null ? null : parseApprovalAttestation(attestation),
  };
}

const FIELDS: ReadonlySet<string> = new Set([
  ...SCALARS,
  "schema_version",
  "policy_pack",
  "execution_facts",
  "requested_scope",
  "scope_policy_binding",
  "capability_requirements",
  "capability_inventory",
  "approval_attestation",
  "approval_attestation_digest",
]);
