/**
 * Who owns what (spec kernel.md §1, §25). Named here once: the report, the conformance of profiles and the tests read
 * these lists and repeat none of them.
 */
export const BOUNDARY = {
  kernel_owns: [
    "artifact_state_transitions",
    "controlled_execution_gates",
    "runner_request_receipt_envelopes",
    "policy_trust_boundary_decisions",
    "ooda_control_decisions",
    "sclite_lifecycle_bridge",
  ],
  profile_owns: [
    "domain_taxonomy",
    "domain_policy_meaning",
    "domain_tool_semantics",
    "domain_evidence_expectations",
    "operator_workflow_language",
  ],
  runtime_owns: [
    "operator_ui",
    "concrete_tool_execution",
    "state_storage",
    "credential_handling",
    "carrier_adapter_integration",
  ],
  sclite_owns: ["schemas", "canonicalization", "artifact_chain_verification", "review_bundle_verdicts"],
  forbidden_profile_ownership: [
    "govengine_core_modules",
    "sclite_schema_authority",
    "live_execution_authority",
    "credential_or_key_store",
    "carrier_adapter_ownership",
    "pki_or_kms_ownership",
    "product_ux_ownership",
  ],
  non_claims: ["does_not_execute", "does_not_store", "does_not_hold_keys", "does_not_define_domain_policy"],
} as const;

/** What a domain profile may build on. */
export const PROFILE_CONSUMES = [
  "govengine_artifact_governance_core",
  "govengine_planning_contracts_core",
  "govengine_admission_policy_core",
  "govengine_evidence_review_core",
  "govengine_controlled_execution_core",
  "govengine_domain_profile_sdk",
  "sclite_lifecycle_artifacts",
  "sclite_review_bundles",
] as const;

/** The words in which a runtime shows that it keeps the contracts. */
export const CONTRACT_PROOF_WORDS = [
  "objective",
  "policy_constraints",
  "task_plan",
  "runner_bounds",
  "runtime_snapshot",
  "review_result",
  "change_order",
] as const;
