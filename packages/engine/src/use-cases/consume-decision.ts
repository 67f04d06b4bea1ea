import { sha256Hex, type ExactJson } from "@writ/canon";
import {
  trustDecision,
  type ExactRecord,
  type SignedRecord,
  type SigningPolicy,
  type VerifierPort,
} from "@writ/kernel";
import { checkGovernanceDecision, consumeDecision as evaluateConsumption } from "@writ/kernel/governance";
import type { Consumption } from "@writ/kernel/governance";

import type { Context } from "../context.ts";
import { claimOnce } from "../once-only.ts";
import type { Caller } from "../port.ts";
import { requireRunner } from "../rights.ts";

export interface DecisionUse {
  readonly decision: ExactJson;
  /** An unsigned decision is never consumed. */
  readonly signed: SignedRecord | undefined;
  readonly trust: { readonly policy: SigningPolicy; readonly verifier: VerifierPort };
  /** What is about to run; every fact the decision binds is compared. */
  readonly facts: ExactRecord;
}

export type DecisionConsumption = Consumption | { readonly status: "rejected"; readonly reason_code: string };

/**
 * Consumes a signed governance decision right before I/O (spec kernel.md §23.4). INVARIANT: `allowed` is answered after
 * its claim is durable under its guard, so a decision starts one thing, once, whichever process asks.
 */
export async function consumeDecision(
  context: Context,
  caller: Caller,
  { decision, signed, trust, facts }: DecisionUse,
): Promise<DecisionConsumption> {
  requireRunner(caller, "consume governance decisions");
  const checked = checkGovernanceDecision(decision);
  const trusted = trustDecision(checked, signed, trust.policy, trust.verifier);
  if (!trusted.trusted) return { status: "rejected", reason_code: trusted.reason_code };
  const outcome = evaluateConsumption(checked, facts, { nowMs: context.clock.now(), isClaimed: () => false });
  if (outcome.status === "rejected") return outcome;
  const claimed = await claimOnce(context, caller, {
    kind: "x.governance.decision.consumed",
    data: { decision_id: checked.decision_id, decision_digest: checked.decision_digest },
    once: [`governance-decision:${sha256Hex(outcome.claim)}:consumed`],
  });
  return claimed.ok ? outcome : { status: "rejected", reason_code: "governance_decision_reused" };
}
