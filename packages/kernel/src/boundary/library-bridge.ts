import { governedDescriptor, type GovernedDescriptor } from "../artifacts/governed-descriptor.ts";
import type { ArtifactDescriptor } from "../artifacts/descriptor.ts";
import type { LegacyFailure } from "../artifacts/failure.ts";
import type { VerifiedChain } from "../artifacts/verify-chain.ts";
import { textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";

/** What the kernel makes of a verified chain (spec kernel.md §25). */
export interface BridgedState {
  readonly descriptor: GovernedDescriptor;
  readonly lifecycle_state: "blocked" | "verified_chain" | "verified_lifecycle";
  readonly chain_status: "passed" | "failed";
  readonly signature_status: string;
  readonly blocked_reasons: readonly string[];
  readonly next_actions: readonly string[];
}

export type ReviewState = "review_bundle_passed" | "review_required" | "blocked";

/** What the kernel makes of a review's verdict. */
export interface BridgedReview {
  readonly state: ReviewState;
  readonly blockers: readonly string[];
  readonly next_actions: readonly string[];
}

/** A chain that failed blocks with its text; one that was verified is a lifecycle only when its semantics were checked. */
export function bridgeChain(
  manifest: { readonly descriptor: ArtifactDescriptor; readonly signature_policy: ExactRecord },
  verification: VerifiedChain | LegacyFailure,
): BridgedState {
  const descriptor = governedDescriptor(manifest.descriptor, { role: "artifact_chain_manifest" });
  const signature_status = signatureStatus(manifest.signature_policy);
  if (!verification.ok) {
    return {
      descriptor,
      lifecycle_state: "blocked",
      chain_status: "failed",
      signature_status,
      blocked_reasons: [verification.text],
      next_actions: ["repair_artifact_chain", "rerun_sclite_lifecycle_verification"],
    };
  }
  const checked = verification.result.semantic_checks.length > 0;
  return {
    descriptor,
    lifecycle_state: checked ? "verified_lifecycle" : "verified_chain",
    chain_status: "passed",
    signature_status,
    blocked_reasons: [],
    next_actions: [],
  };
}

/** A review's verdict; `undefined` is a review that could not be made. A verdict nobody knows blocks (§27 no. 10). */
export function bridgeReview(
  review:
    | {
        readonly verdict: string;
        readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
      }
    | undefined,
): BridgedReview {
  if (review === undefined)
    return {
      state: "blocked",
      blockers: ["sclite_review_verdict:error"],
      next_actions: ["repair_sclite_review_bundle", "rerun_sclite_review"],
    };
  const { verdict, checks } = review;
  if (verdict === "pass") return { state: "review_bundle_passed", blockers: [], next_actions: [] };
  const open = checks.filter(({ status }) => status !== "pass");
  const named = open.map(({ name, status, detail }) => `${name}:${status}:${detail}`);
  return {
    state: verdict === "review" ? "review_required" : "blocked",
    blockers: named.length > 0 ? named : [`sclite_review_verdict:${verdict}`],
    next_actions: ["review_sclite_bundle", "repair_or_accept_bundle_by_policy"],
  };
}

const KNOWN_MODES: ReadonlySet<string> = new Set(["integrity_only", "not_signed_integrity_only", "not_required"]);

/** A mode that says more than integrity needs a decision about trust before it counts. */
function signatureStatus(policy: ExactRecord): string {
  const mode = textOrEmpty(policy, "mode");
  return KNOWN_MODES.has(mode) ? mode : "requires_trust_decision";
}
