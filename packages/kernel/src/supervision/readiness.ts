/** What a live local runner must have before it is ready (spec kernel.md §15). */
export const LIVE_RUNNER_PREREQUISITES = [
  "runtime_admission_allowed",
  "approved_execution_ticket",
  "valid_trust_decision",
  "guarded_strict_when_runtime_consumable",
  "replay_freshness_claimed",
  "live_runner_profile_enabled",
  "receipt_obligation_bound",
  "argv_only_steps",
  "cwd_allowlist_enforced",
  "env_allowlist_enforced",
  "positive_timeout_required",
  "max_output_enforced",
  "output_digests_recorded",
  "redaction_policy_available",
  "bounded_receipt_for_all_outcomes",
] as const;

export type LiveRunnerPrerequisite = (typeof LIVE_RUNNER_PREREQUISITES)[number];

export interface LiveRunnerReadiness {
  readonly status: "ready" | "not_applicable";
  readonly ready: boolean;
  readonly reason_code:
    | "local_subprocess_runner_prerequisites_satisfied"
    | "local_subprocess_runner_prerequisites_incomplete";
  readonly blockers: readonly string[];
  readonly required_next_actions: readonly string[];
  readonly satisfied_prerequisites: readonly LiveRunnerPrerequisite[];
  readonly missing_prerequisites: readonly LiveRunnerPrerequisite[];
  readonly evidence_refs: readonly string[];
  readonly non_claims: readonly string[];
}

/**
 * Whether a live runner is ready: every prerequisite needs a reference to its evidence; one without counts as missing.
 */
export function liveRunnerReadiness(
  evidence: Readonly<Partial<Record<LiveRunnerPrerequisite, string>>>,
): LiveRunnerReadiness {
  const refOf = (name: LiveRunnerPrerequisite): string => evidence[name]?.trim() ?? "";
  const satisfied = LIVE_RUNNER_PREREQUISITES.filter((name) => refOf(name) !== "");
  const missing = LIVE_RUNNER_PREREQUISITES.filter((name) => refOf(name) === "");
  const ready = missing.length === 0;
  return {
    status: ready ? "ready" : "not_applicable",
    ready,
    reason_code: `local_subprocess_runner_prerequisites_${ready ? "satisfied" : "incomplete"}`,
    blockers: missing.map((name) => `missing:${name}`),
    required_next_actions: ready ? [] : STAY_DRY,
    satisfied_prerequisites: satisfied,
    missing_prerequisites: missing,
    evidence_refs: [...new Set(satisfied.map(refOf))],
    non_claims: ["being ready starts nothing and allows nothing"],
  };
}

const STAY_DRY = [
  "keep_dry_run_runner_default",
  "defer_local_subprocess_runner_to_follow_up",
  "implement_host_owned_live_runner_policy_before_any_live_backend",
];
