import type { ExactRecord } from "../../src/compat/exact-record.ts";

/** The reference's two fixtures of a profile's declarations (spec kernel.md §25). */
export const PROFILE_FIXTURES: readonly ExactRecord[] = [
  {
    profile: {
      name: "ravenclaw-security",
      owner: "host",
      owns: ["domain_taxonomy", "domain_tool_semantics", "domain_evidence_expectations"],
      consumes: ["govengine_controlled_execution_core", "sclite_lifecycle_artifacts", "sclite_review_bundles"],
    },
    resource_types: ["web_target", "host"],
    task_families: ["recon", "validation"],
    planning_stages: ["observe", "hypothesise", "probe", "review"],
    capabilities: ["http_probe"],
    runner_profiles: [{ name: "dry-run", mode: "dry_run" }],
    policy_hooks: ["scope_policy"],
    evidence_rules: [{ name: "receipt_bounded_claims", receipt_bound: true }],
  },
  {
    profile: {
      name: "tecrax-infra-ops",
      owner: "host",
      owns: ["domain_taxonomy", "operator_workflow_language"],
      consumes: ["govengine_planning_contracts_core", "govengine_domain_profile_sdk"],
    },
    resource_types: ["host", "service"],
    task_families: ["inventory", "maintenance"],
    planning_stages: ["observe", "plan", "review"],
    capabilities: ["service_status"],
    runner_profiles: [
      { name: "dry-run", mode: "dry_run" },
      { name: "lab", mode: "local_fixture" },
    ],
    policy_hooks: ["change_window"],
    evidence_rules: [{ name: "receipt_bounded_claims", receipt_bound: true }],
  },
];
