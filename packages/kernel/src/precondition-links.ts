/**
 * The links of the precondition chain in the order in which they are checked and reported, each with the step that
 * restores it (spec kernel.md §14). How a link is checked is the gate's own: the product's takes artifacts, a summary
 * of the reference's comes as words.
 */
export const PRECONDITION_LINKS = [
  ["missing_prepared_execution_contract", "prepare_execution_contract"],
  ["missing_or_invalid_policy_decision", "obtain_policy_decision"],
  ["missing_or_invalid_execution_ticket", "approve_execution_ticket"],
  ["missing_or_invalid_trust_decision", "verify_trust_decision"],
  ["runner_profile_not_allowed", "select_allowed_runner_profile"],
  ["live_backend_disabled", "select_allowed_runner_profile"],
  ["missing_or_invalid_kernel_guard", "verify_guarded_strict_bundle"],
  ["missing_or_replayed_guarded_root", "record_guard_replay_freshness"],
] as const;

export type Blocker = (typeof PRECONDITION_LINKS)[number][0];

/** How a gate checks each link; no link can be left out. */
export type LinkChecks<Given> = { readonly [Link in Blocker]: (given: Given) => boolean };

export type BlockedReason = "replay_detected" | "kernel_guard_required" | "execution_disabled" | "raw_intent_rejected";

/** All links that do not hold, in order. */
export function missingLinks<Given>(checks: LinkChecks<Given>, given: Given): readonly Blocker[] {
  return PRECONDITION_LINKS.map(([link]) => link).filter((link) => !checks[link](given));
}

/** Why a blocked gate is closed: of several reasons the first of `BlockedReason`. */
export function blockedReason(blockers: readonly Blocker[], isReplayed: boolean): BlockedReason {
  if (isReplayed) return "replay_detected";
  if (blockers.includes("missing_or_invalid_kernel_guard") || blockers.includes("missing_or_replayed_guarded_root"))
    return "kernel_guard_required";
  return blockers.includes("live_backend_disabled") ? "execution_disabled" : "raw_intent_rejected";
}

/** Only the steps that are missing, once each (spec kernel.md §27 no. 26). */
export function missingSteps(blockers: readonly Blocker[]): readonly string[] {
  return [...new Set(blockers.map(stepFor))];
}

/** The step that restores a link. */
export function stepFor(blocker: Blocker): string {
  return STEPS[blocker];
}

const STEPS = Object.fromEntries(PRECONDITION_LINKS) as Readonly<Record<Blocker, string>>;
