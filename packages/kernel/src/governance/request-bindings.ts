import { member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { capabilityInventoryDigest, capabilityRequirementsDigest } from "../capability/capability.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { checkScopeClaims, scopePolicyBindingDigest } from "../domain-scope/scope-policy.ts";
import { policyPackDigest, type PolicyPack } from "../policy-pack/compile.ts";
import { approvalAttestationDigest, type ApprovalAttestation } from "./attestation.ts";
import type { GovernanceRequest } from "./request.ts";
import { governanceSubjectDigest, type RequestScalars } from "./subject.ts";
import { isDigest } from "./v1-record.ts";

/** Holds every part of a request against its digest, its siblings and its approval (spec kernel.md §23.1, §23.2). */
export function checkRequestBindings(request: GovernanceRequest): void {
  for (const [reason, holds, stricter] of [...digestRules(request), ...siblingRules(request)])
    if (!holds()) throw recordRefusal(reason, stricter);
  const { approval_attestation: attestation, approval_attestation_digest: digest } = request;
  if (attestation === null) {
    if (digest !== "") throw recordRefusal("approval_attestation_without_payload");
    return;
  }
  if (!isDigest(digest)) throw recordRefusal("invalid_approval_attestation_digest");
  if (digest !== approvalAttestationDigest(attestation)) throw recordRefusal("approval_attestation_digest_mismatch");
  checkApprovalBinding(attestation, request);
}

/** Whether an approval is for exactly this request; the first fact that differs names the refusal (§23.2). */
export function checkApprovalBinding(attestation: ApprovalAttestation, request: RequestScalars): void {
  const pairs: readonly (readonly [name: string, approved: unknown, asked: unknown])[] = [
    ["subject_digest", attestation.subject_digest, governanceSubjectDigest(request)],
    ["operation_id", attestation.operation_id, request.operation_id],
    ["step_id", attestation.step_id, request.step_id],
    ["attempt_id", attestation.attempt_id, request.attempt_id],
    ["execution_spec_digest", attestation.execution_spec_digest, request.execution_spec_digest],
    ["execution_facts_digest", attestation.execution_facts_digest, request.execution_facts_digest],
    ["target_scope_digest", attestation.target_scope_digest, request.requested_scope_digest],
    ["policy_pack_digest", attestation.policy_pack_digest, request.policy_pack_digest],
    ["side_effect_class", attestation.approved_side_effect_class, request.side_effect_class],
    ["policy_epoch", attestation.policy_epoch, request.policy_epoch],
  ];
  const different = pairs.find(([, approved, asked]) => approved !== asked);
  if (different !== undefined) throw recordRefusal(`approval_${different[0]}_mismatch`);
}

/** With the rule of spec kernel.md §27 where the reference may not look. */
type Rule = readonly [reason: string, holds: () => boolean, stricter?: number];

function digestRules(request: GovernanceRequest): readonly Rule[] {
  const facts = (): string => digest("ExecutionFacts", request.execution_facts);
  const scope = (): string => {
    checkScopeClaims(request.requested_scope);
    return digest("RequestedScope", request.requested_scope);
  };
  const rule = (key: keyof RequestScalars, made: () => string): Rule => [
    `${key}_mismatch`,
    () => request[key] === made(),
  ];
  return [
    rule("policy_pack_digest", () => policyPackDigest(request.policy_pack)),
    // The epoch is written three times, and an older reference never looks at the pack's own.
    ["policy_pack_epoch_mismatch", () => isOfEpoch(request.policy_pack, request.policy_epoch), 4],
    rule("execution_facts_digest", facts),
    rule("requested_scope_digest", scope),
    rule("scope_policy_binding_digest", () => scopePolicyBindingDigest(request.scope_policy_binding)),
    rule("capability_requirements_digest", () => capabilityRequirementsDigest(request.capability_requirements)),
    rule("capability_inventory_digest", () => capabilityInventoryDigest(request.capability_inventory)),
  ];
}

function siblingRules(request: GovernanceRequest): readonly Rule[] {
  const { scope_policy_binding: scope, capability_requirements: requirements, capability_inventory: offer } = request;
  const required = (key: "operation_id" | "step_id" | "execution_spec_digest" | "side_effect_class"): Rule => [
    `capability_requirements_${key}_mismatch`,
    () => member(requirements, key) === request[key],
  ];
  return [
    ["scope_policy_pack_digest_mismatch", () => scope.policy_pack_digest === request.policy_pack_digest],
    ["scope_policy_epoch_mismatch", () => scope.policy_epoch === request.policy_epoch],
    required("operation_id"),
    required("step_id"),
    required("execution_spec_digest"),
    required("side_effect_class"),
    [
      "capability_inventory_runtime_instance_id_mismatch",
      () => member(offer, "runtime_instance_id") === request.runtime_instance_id,
    ],
  ];
}

function isOfEpoch({ schema_version, policy_epoch }: PolicyPack, epoch: number): boolean {
  return schema_version !== "v1" || policy_epoch === epoch;
}

function digest(type: "ExecutionFacts" | "RequestedScope", record: ExactRecord): string {
  return kernelRecordDigest({ recordType: `govengine.governance.${type}`, record });
}
