import { memberOrNull, sameExact } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { authorizedFacts } from "./authorization.ts";
import type { GovernanceDecision } from "./decision.ts";
import { governanceRequestDigest, type GovernanceRequest } from "./request.ts";

/** Whether a checked decision is about exactly this request (spec kernel.md §23.3). Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkDecisionBinding(decision: GovernanceDecision, request: GovernanceRequest): void {
  if (decision.transaction_id !== request.transaction_id)
    throw recordRefusal("governance_decision_transaction_id_mismatch");
  if (decision.request_digest !== governanceRequestDigest(request))
    throw recordRefusal("governance_decision_request_digest_mismatch");
  const { authorization } = decision;
  if (authorization === null) return;
  for (const [key, asked] of Object.entries(authorizedFacts(request)))
    if (!sameExact(memberOrNull(authorization, key), asked)) throw recordRefusal(`authorization_${key}_mismatch`);
}
