import { formatInstant } from "@writ/canon";

import type { Context } from "./context.ts";
import type { Decided } from "./decision-maker.ts";
import { decisionDraft, holdDraft } from "./decision-draft.ts";
import type { Draft } from "./journal.ts";
import type { CountedApproval } from "./requirements.ts";
import { asksMore, goodApprovals, progress } from "./requirements.ts";
import type { Plan } from "./transition.ts";
import { contractOf } from "./transition.ts";
import type { ActionRecord } from "./views/action-record.ts";
import type { StoredAction } from "./views/fold.ts";

/** Decides an action again, as its proposer asked it, under what is in force now. */
export function decideAgain({ decisions }: Context, action: StoredAction): Decided {
  const { tenant, principal, credential, live } = action.record;
  return decisions.decide({ tenant, principal, credential, contract: contractOf(action).contract, live });
}

/** The entry of such a decision. */
export function againDraft(
  action: StoredAction,
  decided: Decided,
  options: { readonly id: string; readonly purpose: "confirm" | "change"; readonly released?: boolean },
): Draft {
  const { record } = action;
  const { contract, text } = contractOf(action);
  return decisionDraft({
    ...options,
    actionId: record.id,
    digest: record.digest,
    contract,
    contractText: text,
    decided,
    auth: record.auth,
    credential: record.credential,
    live: record.live,
    refs: [{ rel: "decision", id: record.decision.entry }],
  });
}

/** True where today's decision asks for more than the hold that is open or was answered. */
export function isStricter({ hold }: ActionRecord, { outcome, decision }: Decided): boolean {
  return outcome === "hold" && (hold === null || asksMore(decision.holds, hold.requirements));
}

/** Whether the approvals that still count, and `added`, are all that a decision asks for. */
export function isSatisfied(
  context: Context,
  action: StoredAction,
  decided: Decided,
  added?: CountedApproval,
): boolean {
  if (decided.outcome !== "hold") return decided.outcome === "allow";
  const good = goodApprovals(action.record.hold?.approvals ?? [], context.clock.now());
  const approvals = added === undefined ? good : [...good, added];
  return progress(decided.decision.holds, approvals, contractOf(action).contract.on_behalf_of).satisfied;
}

/** Opens a hold anew, with what today's decision asks for. */
export function reopenDraft(context: Context, record: ActionRecord, decided: Decided, decisionId: string): Draft {
  const expiresAt = formatInstant(context.clock.now() + context.lifetimes.hold);
  const generation = (record.hold?.generation ?? 0) + 1;
  return holdDraft({ actionId: record.id, digest: record.digest, decided, decisionId, generation, expiresAt });
}

export function revokedDraft(record: ActionRecord, reason: "policy" | "governance", decisionId: string): Draft {
  return {
    kind: "x.action.revoked",
    refs: [{ rel: "decision", id: decisionId }],
    data: { action_id: record.id, action_digest: record.digest, reason },
  };
}

/** The guard that one answer to an open hold claims. Ids are chosen by proposers, so two tenants may have the same. */
export function answeredGuard({ tenant, id, hold }: ActionRecord): string {
  return `hold:${tenant}:${id}:${hold?.generation ?? 0}:answered`;
}

/**
 * What changed governance or policies mean for an action that may still happen: nothing, a revocation, or a hold
 * opened anew. `always` also records a decision that changes nothing, for actions about to be used.
 */
export function planChange(context: Context, action: StoredAction, always: boolean): Plan | undefined {
  const { record } = action;
  if (context.decisions.isCurrent(record)) return undefined;
  const decided = decideAgain(context, action);
  const id = context.journal.newId();
  // What was released stays released as long as its approvals are all that is asked for now.
  const released = record.state === "released" && isSatisfied(context, action, decided);
  const decision = againDraft(action, decided, { id, purpose: "change", released });
  const reopens = needsReopening(context, action, decided);
  // A ticket binds the decision and approvals it was issued on; it does not survive a new hold. Nothing survives the
  // token it was proposed with, whatever the policies ask about callers.
  const ends = (reopens && record.ticket !== null) || context.decisions.isRevoked(record);
  if (ends || decided.outcome === "deny" || decided.outcome === "not_evaluated") {
    const once = record.state === "held" ? [answeredGuard(record)] : [];
    return { drafts: [decision, revokedDraft(record, "governance", id)], once };
  }
  if (reopens) {
    const once = record.state === "held" ? [answeredGuard(record)] : [];
    return { drafts: [decision, reopenDraft(context, record, decided, id)], once };
  }
  return always ? { drafts: [decision] } : undefined;
}

/** A held action re-opens when more is asked; a ready one when its approvals do not suffice. */
function needsReopening(context: Context, action: StoredAction, decided: Decided): boolean {
  if (decided.outcome !== "hold") return false;
  return action.record.state === "held" ? isStricter(action.record, decided) : !isSatisfied(context, action, decided);
}
