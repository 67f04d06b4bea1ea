import { parseRfc3339 } from "@writ/canon";
import { member, sameExact, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import type { GovernanceDecision } from "./decision.ts";

export type Consumption =
  | { readonly status: "allowed"; readonly reason_code: "governance_decision_claimed"; readonly claim: string }
  | {
      readonly status: "rejected";
      readonly reason_code:
        | "governance_decision_not_allowed"
        | "governance_decision_binding_drift"
        | "governance_decision_expired"
        | "governance_decision_reused";
    };

/**
 * Whether a decision may be consumed now, right before I/O (spec kernel.md §23.4): every bound fact is equal, the time
 * is before its expiry, and its claim (digest and nonce) is new. The caller takes `claim` under a unique key in the same
 * transaction. Throws `INSTANT_INVALID` for an expiry that is no time.
 */
export function consumeDecision(
  { authorization, decision_digest }: GovernanceDecision,
  facts: ExactRecord,
  when: { readonly nowMs: number; readonly isClaimed: (claim: string) => boolean },
): Consumption {
  if (authorization === null) return { status: "rejected", reason_code: "governance_decision_not_allowed" };
  if (BOUND_FACTS.some((key) => !sameFact(authorization, facts, key)))
    return { status: "rejected", reason_code: "governance_decision_binding_drift" };
  if (when.nowMs >= parseRfc3339(textOrEmpty(authorization, "expires_at")))
    return { status: "rejected", reason_code: "governance_decision_expired" };
  const claim = `${decision_digest}|${textOrEmpty(authorization, "nonce").trim()}`;
  if (when.isClaimed(claim)) return { status: "rejected", reason_code: "governance_decision_reused" };
  return { status: "allowed", reason_code: "governance_decision_claimed", claim };
}

/** Equal and present on both sides: a fact nobody states is a drift. */
function sameFact(authorization: ExactRecord, facts: ExactRecord, key: string): boolean {
  const [bound, actual] = [member(authorization, key), member(facts, key)];
  return bound !== undefined && actual !== undefined && sameExact(bound, actual);
}

const BOUND_FACTS = [
  "operation_id",
  "step_id",
  "attempt_id",
  "runtime_instance_id",
  "lease_id",
  "lease_epoch",
  "fencing_token_digest",
  "execution_spec_digest",
  "payload_digest",
  "requested_scope_digest",
  "capability_inventory_digest",
  "inventory_epoch",
] as const;
