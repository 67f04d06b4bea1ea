import type { LegacyFailure } from "../artifacts/failure.ts";
import type { VerifiedChain } from "../artifacts/verify-chain.ts";
import { ticketUseProfile } from "../guard/secure-bundle.ts";
import type { LifecycleFidelity, RoleMap } from "./lifecycle-fidelity.ts";

export type ReviewVerdict = "pass" | "review" | "fail";

export const REVIEW_CHECKS = [
  "schema_validation",
  "chain_integrity",
  "lifecycle_binding",
  "scope_fidelity",
  "ticket_use_profile",
] as const;

export interface ReviewCheck {
  readonly name: (typeof REVIEW_CHECKS)[number];
  readonly status: ReviewVerdict;
  readonly detail: string;
  readonly count?: number;
}

/** `fail` before `review` before `pass`; nothing checked is nothing that passed. */
export function worstOf(verdicts: readonly ReviewVerdict[]): ReviewVerdict {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("review") || verdicts.length === 0 ? "review" : "pass";
}

type Verified = VerifiedChain | LegacyFailure;

export function schemaCheck(verified: Verified, count: number): ReviewCheck {
  const failed = !verified.ok && verified.family === "schema";
  return {
    name: "schema_validation",
    status: failed ? "fail" : "pass",
    detail: failed ? verified.text : "every artifact that was read satisfies its schema",
    count,
  };
}

export function chainCheck(chain: Verified): ReviewCheck {
  const name = "chain_integrity";
  if (!chain.ok) return { name, status: "fail", detail: chain.text };
  return { name, status: "pass", detail: "every digest of the chain agrees", count: chain.result.entry_count };
}

/** Roles that are no lifecycle leave the binding to a reader; artifacts that contradict each other fail. */
export function lifecycleCheck(chain: Verified, lifecycle: Verified): ReviewCheck {
  const name = "lifecycle_binding";
  if (!chain.ok) return { name, status: "review", detail: "the chain is broken, so its bindings were not checked" };
  if (lifecycle.ok) {
    const { semantic_checks: found } = lifecycle.result;
    return { name, status: "pass", detail: "every artifact is bound to those before it", count: found.length };
  }
  const canonical = chain.result.lifecycle_role_summary.status === "canonical";
  return { name, status: canonical ? "fail" : "review", detail: lifecycle.text };
}

export function ticketCheck(artifacts: RoleMap): ReviewCheck {
  const { status, detail } = ticketUseProfile(artifacts, { strict: false });
  return { name: "ticket_use_profile", status, detail: detail === "" ? "the receipt stays within its ticket" : detail };
}

export function scopeCheck({ verdict, status, reason }: LifecycleFidelity): ReviewCheck {
  return { name: "scope_fidelity", status: verdict, detail: `${status}: ${reason}` };
}
