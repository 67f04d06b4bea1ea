import type { JsonValue } from "@writ/canon";
import type { Contract } from "@writ/kernel";

import type { Decided } from "./decision-maker.ts";
import type { Draft } from "./journal.ts";

export interface DecisionEntry {
  readonly id: string;
  readonly actionId: string;
  readonly digest: string;
  readonly contract: Contract;
  readonly contractText: string;
  readonly decided: Decided;
  readonly purpose: "propose" | "check" | "confirm" | "change";
  readonly auth: string;
  readonly credential: string;
  readonly live: boolean;
  /** The approvals suffice for what policy holds: together they allow, and so the entry says. */
  readonly released?: boolean;
  readonly refs?: Draft["refs"];
}

/** The `policy.decision` entry: what was decided in `data`, what it was decided from in erasable private fields. */
export function decisionDraft(entry: DecisionEntry): Draft {
  const { decided, contract } = entry;
  const { decision } = decided;
  const data: { [key: string]: JsonValue } = {
    action_id: entry.actionId,
    action_digest: entry.digest,
    action: contract.action,
    tool: decided.tool,
    outcome: entry.released === true ? "allow" : decision.outcome,
    determining: decision.determining,
    erroring: decision.erroring,
    holds: decision.holds.map(({ policy, requirement, approvals }) => ({ policy, requirement, approvals })),
    spoke: decision.spoke,
    advice: decision.advice,
    effects: contract.effects,
    policy_digest: decided.policyDigest,
    policy_engine: decided.policyEngine,
    governance: { ...decided.governance },
    roster_version: decided.rosterVersion,
    purpose: entry.purpose,
    auth: entry.auth,
    credential: entry.credential,
    live: entry.live,
  };
  if (entry.released === true) data["released"] = true;
  return {
    kind: "policy.decision",
    id: entry.id,
    data,
    ...(entry.refs !== undefined && { refs: entry.refs }),
    private: { contract: entry.contractText, entities: decided.inputs },
  };
}

/** The `approval.requested` entry that opens a hold. */
export function holdDraft(hold: {
  readonly actionId: string;
  readonly digest: string;
  readonly decided: Decided;
  readonly decisionId: string;
  readonly generation: number;
  readonly expiresAt: string;
}): Draft {
  const { decided } = hold;
  return {
    kind: "approval.requested",
    refs: [{ rel: "decision", id: hold.decisionId }],
    data: {
      action_id: hold.actionId,
      action_digest: hold.digest,
      generation: hold.generation,
      approvals_required: decided.approvalsRequired,
      requirements: decided.decision.holds.map(({ policy, requirement, approvals }) => ({
        policy,
        requirement,
        approvals,
      })),
      expires_at: hold.expiresAt,
    },
  };
}
