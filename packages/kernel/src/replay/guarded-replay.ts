import type { LegacyFailure } from "../artifacts/failure.ts";
import type { VerifiedGuard } from "../guard/verify.ts";
import type { ReplayDecision, ReplayRecord } from "./replay.ts";

/** A guarded bundle's verification and its freshness as one answer (spec kernel.md §20.5). */
export interface GuardedReplay {
  readonly status: "allowed" | "blocked";
  readonly allowed: boolean;
  readonly verification_status: "passed" | "failed";
  readonly replay_status: ReplayDecision["replay_status"] | "not_checked";
  readonly root_chain_digest: string;
  readonly guard_root_tag: string;
  readonly chain_id: string;
  readonly key_id: string;
  readonly ticket_id: string;
  readonly run_id: string;
  readonly blocker: string;
  readonly next_action: string;
  readonly replay_decision: ReplayDecision | null;
}

/**
 * Allowed exactly when the bundle passed a strict verification and was never seen: a new guard over the same payload is
 * still a replay. `verified` is undefined where no verifier is there; `replay` is asked only for what passed.
 */
export function guardedReplay(
  bundle: Pick<ReplayRecord, "chain_id" | "ticket_id" | "run_id">,
  given: { readonly strict: boolean; readonly verified: VerifiedGuard | LegacyFailure | undefined },
  replay: (record: ReplayRecord) => ReplayDecision,
): GuardedReplay {
  const { strict, verified } = given;
  if (!strict)
    return failed(bundle, "strict_lifecycle_required_for_runtime_consumable_guard", "rerun_with_strict_lifecycle");
  if (verified === undefined)
    return failed(bundle, "sclite_secure_profile_unavailable", "install_sclite_with_kernel_guard_secure_profile");
  if (!verified.ok)
    return failed(bundle, `guard_verification_failed:${verified.text}`, "reject_or_review_unguarded_bundle");
  if (verified.result.lifecycle_status !== "passed")
    return failed(
      bundle,
      "guard_verification_failed:strict lifecycle verification did not pass",
      "reject_or_review_unguarded_bundle",
    );
  const { root_chain_digest, guard_root_tag, key_id, guard_profile } = verified.result;
  const observed = {
    root_tag: guard_root_tag,
    key_id,
    root_chain_digest,
    guard_profile,
    observed_at: "",
    metadata: {},
  };
  const decision = replay({ ...bundle, ...observed });
  const fresh = decision.allowed && decision.replay_status === "fresh";
  return {
    status: fresh ? "allowed" : "blocked",
    allowed: fresh,
    verification_status: "passed",
    replay_status: decision.replay_status,
    root_chain_digest,
    guard_root_tag,
    key_id,
    ...about(bundle),
    blocker: fresh ? "" : decision.blocker || "guarded_root_not_fresh",
    next_action: fresh ? "" : decision.next_action || "reject_or_review_replayed_guarded_bundle",
    replay_decision: decision,
  };
}

type Bundle = Pick<ReplayRecord, "chain_id" | "ticket_id" | "run_id">;

function about({ chain_id, ticket_id, run_id }: Bundle): Bundle {
  return { chain_id, ticket_id, run_id };
}

function failed(bundle: Bundle, blocker: string, next_action: string): GuardedReplay {
  return {
    status: "blocked",
    allowed: false,
    verification_status: "failed",
    replay_status: "not_checked",
    root_chain_digest: "",
    guard_root_tag: "",
    key_id: "",
    ...about(bundle),
    blocker,
    next_action,
    replay_decision: null,
  };
}
