import type { ExactJson } from "@writ/canon";
import { kernelRecordDigest } from "@writ/kernel";
import {
  approvalAttestationDigest,
  capabilityInventoryDigest,
  capabilityRequirementsDigest,
  compilePolicyPack,
  governanceSubjectDigest,
  parseApprovalAttestation,
  parseGovernanceRequest,
  parseCapabilityInventory,
  parseCapabilityRequirements,
  policyPackDigest,
} from "@writ/kernel/governance";
import { evaluateScopePolicy } from "@writ/kernel/security";

export type Json = Readonly<Record<string, ExactJson>>;

export const digit = (character: string): string => `sha256:${character.repeat(64)}`;

export function without(record: Json, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

const rule = {
  rule_id: "govern-mutation",
  effect: "approval_required",
  conditions: [{ path: "action.mode", operator: "eq", value: "mutation" }],
  reason_code: "mutation_requires_approval",
  obligations: [{ obligation_id: "receipt", kind: "receipt" }],
  constraints: [{ constraint_id: "bounded-output", kind: "output_limit", value: 4096 }],
};
const reading = { ...rule, rule_id: "read", effect: "allow", conditions: [{ ...rule.conditions[0], value: "read" }] };

export const packSample: Json = {
  policy_id: "production",
  version: "1",
  schema_version: "v1",
  issuer_ref: "organization:example",
  policy_epoch: 42,
  validity: { not_before: "2026-07-15T12:00:00Z", expires_at: "2026-07-15T13:00:00Z" },
  rules: [rule, reading],
};

export const activationSample: Json = {
  binding_id: "activation",
  policy_id: "production",
  policy_version: "1",
  policy_pack_digest: policyPackDigest(compilePolicyPack(packSample)),
  policy_epoch: 42,
  issuer_ref: "organization:example",
  trust_ref: "trust",
  status: "active",
  not_before: "2026-07-15T12:00:00Z",
  expires_at: "2026-07-15T13:00:00Z",
};

/** A request that is whole; `mode` is what its facts and its requirements say of the action. */
export function requestSample(mode: "mutation" | "read_only" = "read_only", parts: Json = {}): Json {
  const [operation_id, step_id, execution_spec_digest] = ["op", "step", digit("1")];
  const pack = compilePolicyPack(parts["policy_pack"] ?? packSample);
  const pack_digest = policyPackDigest(pack);
  const facts: Json = {
    request_id: "tx",
    subject_ref: "governance:op:step:attempt",
    action: { mode: mode === "mutation" ? "mutation" : "read" },
    resource: { criticality: "low" },
    ...(parts["facts"] as Json | undefined),
  };
  const scope: Json = { target_namespace: "service", ...(parts["scope"] as Json | undefined) };
  const binding = bindingSample(pack_digest);
  const requirements = requirementsSample({ operation_id, step_id, execution_spec_digest, side_effect_class: mode });
  return {
    transaction_id: "tx",
    operation_id,
    step_id,
    attempt_id: "attempt",
    policy_pack: parts["policy_pack"] ?? packSample,
    policy_pack_digest: pack_digest,
    policy_epoch: 42,
    execution_facts: facts,
    execution_facts_digest: kernelRecordDigest({ recordType: "govengine.governance.ExecutionFacts", record: facts }),
    execution_spec_digest,
    payload_digest: digit("2"),
    requested_scope: scope,
    requested_scope_digest: kernelRecordDigest({ recordType: "govengine.governance.RequestedScope", record: scope }),
    scope_policy_binding: binding,
    scope_policy_binding_digest: evaluateScopePolicy(scope, binding).policy_binding_digest,
    capability_requirements: requirements,
    capability_requirements_digest: capabilityRequirementsDigest(parseCapabilityRequirements(requirements)),
    capability_inventory: inventorySample,
    capability_inventory_digest: capabilityInventoryDigest(parseCapabilityInventory(inventorySample)),
    side_effect_class: mode,
    runtime_instance_id: "runtime",
    lease_id: "lease",
    lease_epoch: 9,
    fencing_token_digest: digit("3"),
  };
}

/** The same with an approval of exactly this request, changed afterwards by `changes` and digested again. */
export function approvedSample(request: Json, changes: Json = {}): Json {
  const asked = parseGovernanceRequest(request);
  const attestation: Json = {
    approval_id: "approval",
    subject_digest: governanceSubjectDigest(asked),
    operation_id: asked.operation_id,
    step_id: asked.step_id,
    attempt_id: asked.attempt_id,
    execution_spec_digest: asked.execution_spec_digest,
    execution_facts_digest: asked.execution_facts_digest,
    target_scope_digest: asked.requested_scope_digest,
    policy_pack_digest: asked.policy_pack_digest,
    policy_epoch: asked.policy_epoch,
    approved_side_effect_class: asked.side_effect_class,
    approver_ref: "operator:alice",
    approver_role: "admin",
    trust_domain: "organization:example",
    issued_at: "2026-07-15T12:00:00Z",
    not_before: "2026-07-15T12:00:00Z",
    expires_at: "2026-07-15T12:15:00Z",
    revocation_ref: "revocations:v1",
    signature_ref: "signature:1",
    ...changes,
  };
  const digest = approvalAttestationDigest(parseApprovalAttestation(attestation));
  return { ...request, approval_attestation: attestation, approval_attestation_digest: digest };
}

const inventorySample: Json = {
  inventory_id: "inventory",
  runtime_instance_id: "runtime",
  runtime_version: "1",
  inventory_epoch: 7,
  source_ref: "registry",
  attestation_ref: "attested",
  backend_classes: ["http_api"],
  side_effect_classes: ["mutation", "read_only"],
  capabilities: ["update"],
};

function requirementsSample(bound: Json): Json {
  return {
    requirements_id: "requirements",
    required_backend_class: "http_api",
    required_capabilities: ["update"],
    ...bound,
  };
}

function bindingSample(pack_digest: string): Json {
  return {
    binding_id: "scope",
    policy_pack_digest: pack_digest,
    policy_epoch: 42,
    source_ref: "source",
    attestation_ref: "attested",
    allowed_target_namespaces: ["service"],
    network_allowed: false,
    allowed_schemes: [],
    allowed_ports: [],
    allowed_address_classes: [],
    redirect_policy: "deny",
    private_networks_allowed: false,
  };
}
