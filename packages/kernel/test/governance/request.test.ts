import { describe, expect, test } from "vitest";
import { parseGovernanceRequest } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { approvedSample, digit, requestSample, type Json } from "./request-sample.ts";

const request = requestSample();
const refusal = (more: Json, base = request): string | undefined =>
  refusalOf(() => parseGovernanceRequest({ ...base, ...more }));
const part = (name: string): Json => request[name] as Json;

test("a whole request is accepted, with an approval of it and without", () => {
  expect(refusal({})).toBeUndefined();
  expect(refusal(approvedSample(request))).toBeUndefined();
});

describe("a request is refused for the first of its faults", () => {
  test.each<[string, Json]>([
    ["unknown_governance_request_field", { extra: 1, policy_pack: null }],
    ["invalid_governance_policy_pack", { policy_pack: null, execution_facts: {} }],
    ["invalid_governance_execution_facts", { execution_facts: {}, requested_scope: {} }],
    ["json_boundary_max_collection_length", { execution_facts: { list: Array.from({ length: 1_001 }, () => 1) } }],
    ["json_boundary_max_string_length", { execution_facts: { text: "x".repeat(65_537) } }],
    ["invalid_governance_requested_scope", { requested_scope: [], scope_policy_binding: null }],
    ["invalid_scope_policy_binding", { scope_policy_binding: null, capability_requirements: null }],
    ["invalid_operation_capability_requirements", { capability_requirements: 1, capability_inventory: 1 }],
    ["invalid_capability_inventory_binding", { capability_inventory: 1, approval_attestation: 1 }],
    ["invalid_approval_attestation", { approval_attestation: 1, schema_version: "v2" }],
    ["unknown_governance_request_schema_version", { schema_version: "v2", side_effect_class: "odd" }],
    ["invalid_governance_request_schema_version", { schema_version: null }],
    ["missing_governance_transaction_id", { transaction_id: 1, operation_id: "" }],
    ["invalid_governance_identifier", { operation_id: "operacja-ż" }],
    ["missing_governance_policy_pack_digest", { policy_pack_digest: "" }],
    ["invalid_governance_policy_pack_digest", { policy_pack_digest: "sha256:A" }],
    ["invalid_governance_policy_epoch", { policy_epoch: true }],
    ["invalid_governance_payload_digest", { payload_digest: "2".repeat(64), lease_id: "" }],
    ["missing_governance_side_effect_class", { side_effect_class: "", lease_id: "" }],
    ["missing_governance_lease_id", { side_effect_class: "odd", lease_id: " " }],
    ["invalid_governance_lease_epoch", { lease_epoch: -1 }],
    ["missing_governance_fencing_token_digest", { fencing_token_digest: null }],
    ["invalid_approval_attestation_digest", { approval_attestation_digest: 1 }],
    ["approval_attestation_without_payload", { approval_attestation_digest: "x" }],
    [
      "unsupported_governance_side_effect_class",
      { side_effect_class: "odd", execution_facts: { a: [{ " Token": 1 }] } },
    ],
    ["forbidden_governance_input", { execution_facts: { a: [{ " Token": 1 }] } }],
    ["forbidden_governance_input", { requested_scope: { Authorization: 1 } }],
    ["policy_pack_digest_mismatch", { policy_pack_digest: digit("0"), execution_facts_digest: digit("0") }],
    ["execution_facts_digest_mismatch", { execution_facts_digest: digit("0"), requested_scope_digest: digit("0") }],
    ["requested_scope_digest_mismatch", { requested_scope_digest: digit("0") }],
    ["scope_policy_binding_digest_mismatch", { scope_policy_binding_digest: digit("0") }],
    ["capability_requirements_digest_mismatch", { capability_requirements_digest: digit("0") }],
    ["capability_inventory_digest_mismatch", { capability_inventory_digest: digit("0"), operation_id: "other" }],
    ["policy_pack_epoch_mismatch", { policy_epoch: 1, execution_facts_digest: digit("0") }],
    ["self_authorized_scope_policy", { requested_scope: { a: [{ Allowed_Ports: [1] }] } }],
    ["raw_destination_detail_forbidden", { requested_scope: { requested_destination: { at: [{ " Host": "h" }] } } }],
    ["capability_requirements_operation_id_mismatch", { operation_id: "other", step_id: "other" }],
    ["capability_requirements_step_id_mismatch", { step_id: "other" }],
    ["capability_requirements_execution_spec_digest_mismatch", { execution_spec_digest: digit("0") }],
    ["capability_requirements_side_effect_class_mismatch", { side_effect_class: "mutation" }],
    ["capability_inventory_runtime_instance_id_mismatch", { runtime_instance_id: "other" }],
    ["approval_attestation_without_payload", { approval_attestation_digest: digit("0") }],
  ])("%s", (reason, more) => {
    expect(refusal(more)).toBe(reason);
  });

  test("its parts in their own words", () => {
    expect(refusal({ scope_policy_binding: { ...part("scope_policy_binding"), extra: 1 } })).toBe(
      "unknown_scope_policy_binding_field",
    );
    expect(refusal({ capability_inventory: { ...part("capability_inventory"), plugin_registered: true } })).toBe(
      "self_attested_capability_support",
    );
  });
});

describe("an approval is of exactly this request", () => {
  test.each<[string, Json]>([
    ["approval_subject_digest_mismatch", { subject_digest: digit("0"), operation_id: "other" }],
    ["approval_operation_id_mismatch", { operation_id: "other", step_id: "other" }],
    ["approval_step_id_mismatch", { step_id: "other", attempt_id: "other" }],
    ["approval_attempt_id_mismatch", { attempt_id: "other", execution_spec_digest: digit("0") }],
    ["approval_execution_spec_digest_mismatch", { execution_spec_digest: digit("0") }],
    ["approval_execution_facts_digest_mismatch", { execution_facts_digest: digit("0") }],
    ["approval_target_scope_digest_mismatch", { target_scope_digest: digit("0") }],
    ["approval_policy_pack_digest_mismatch", { policy_pack_digest: digit("0") }],
    ["approval_side_effect_class_mismatch", { approved_side_effect_class: "mutation", policy_epoch: 1 }],
    ["approval_policy_epoch_mismatch", { policy_epoch: 1 }],
  ])("%s", (reason, changes) => {
    expect(refusal(approvedSample(request, changes))).toBe(reason);
  });

  test("and its digest is looked at before what it is bound to", () => {
    const approved = approvedSample(request, { operation_id: "other" });
    expect(refusal({ ...approved, approval_attestation_digest: digit("0") })).toBe(
      "approval_attestation_digest_mismatch",
    );
  });
});

describe("an attestation is refused for the first of its faults", () => {
  const good = (approvedSample(request)["approval_attestation"] ?? {}) as Json;
  test.each<[string, Json]>([
    ["unknown_approval_attestation_field", { extra: 1 }],
    ["unknown_approval_attestation_schema_version", { schema_version: "v2" }],
    ["missing_approval_id", { approval_id: 1 }],
    ["invalid_approval_subject_digest", { subject_digest: "x" }],
    ["invalid_approval_policy_epoch", { policy_epoch: -1 }],
    ["unsupported_approval_side_effect_class", { approved_side_effect_class: "odd" }],
    ["missing_approval_approver_ref", { approver_ref: " " }],
    ["invalid_approval_issued_at", { issued_at: "2026-07-15T12:00:00" }],
    ["missing_approval_expires_at", { expires_at: null }],
    ["invalid_approval_validity_window", { issued_at: good["expires_at"] ?? null }],
    ["invalid_approval_validity_window", { not_before: good["expires_at"] ?? null }],
    ["missing_approval_revocation_ref", { revocation_ref: "" }],
    ["invalid_signature_ref", { signature_ref: 1 }],
    ["invalid_signature_ref", { signature_ref: "signature" }],
    ["invalid_revocation_ref", { revocation_ref: "revocations" }],
    ["missing_approval_revocation_ref", { revocation_ref: " ", approval_id: 1 }],
  ])("%s", (reason, more) => {
    expect(refusal({ approval_attestation: { ...good, ...more } })).toBe(reason);
  });
});
