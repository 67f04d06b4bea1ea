import type { CapabilityDecision } from "../capability/capability.ts";
import type { ScopeDecision } from "../domain-scope/scope-policy.ts";
import type { EnforcementPlan } from "../policy-pack/enforcement.ts";
import type { PolicyVerdict } from "../policy-pack/evaluate.ts";
import type { GovernanceDecision } from "./decision.ts";
import type { RequestScalars } from "./subject.ts";

/** What every gate said. */
export interface Gates {
  readonly request: Pick<RequestScalars, "side_effect_class">;
  /** The verdict before an approval was looked at, and after. */
  readonly initial: PolicyVerdict;
  readonly verdict: PolicyVerdict;
  readonly plan: EnforcementPlan;
  readonly scope: ScopeDecision;
  readonly capability: CapabilityDecision;
  readonly approved: boolean;
}

export interface Outcome {
  readonly status: GovernanceDecision["status"];
  readonly reason_code: string;
  readonly allowed: boolean;
  /** In the order of the gates, each once; empty exactly when it is allowed. */
  readonly blockers: readonly string[];
}

/** The status of a transaction, the first gate that is shut giving the reason (spec kernel.md §23.3, step 10). */
export function outcomeOf(found: Gates): Outcome {
  const { initial, verdict, plan, scope, capability, approved } = found;
  const unapproved =
    !approved && (found.request.side_effect_class === "mutation" || initial.decision === "approval_required");
  const incompatible = capability.status === "compatible" ? [] : [capability.reason_code];
  const missing = unapproved ? ["approval_attestation_required"] : [];
  const blockers = [...new Set([...plan.blockers, ...scope.blockers, ...incompatible, ...missing])];
  const refused = (status: "denied" | "approval_required", reason_code: string): Outcome => ({
    status,
    reason_code,
    allowed: false,
    blockers,
  });
  const waits = verdict.decision === "approval_required";
  if (plan.status === "blocked" && !waits) return refused("denied", plan.reason_code);
  if (scope.status === "denied") return refused("denied", scope.reason_code);
  if (incompatible.length > 0) return refused("denied", capability.reason_code);
  if (unapproved || waits) return refused("approval_required", "approval_attestation_required");
  return { status: "allowed", reason_code: "all_governance_gates_passed", allowed: true, blockers: [] };
}
