import { formatInstant } from "@writ/canon";

import { actionView } from "../action-view.ts";
import type { Context } from "../context.ts";
import type { ActionView } from "../documents.ts";
import { requireAnswerable } from "../answer.ts";
import { engineError } from "../errors.ts";
import { expiredPart, planExpiry } from "../expiry.ts";
import type { Draft } from "../journal.ts";
import { NOTE_MAX, optionalText, requireDigest, requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { principalText, samePrincipal } from "../principal.ts";
import {
  againDraft,
  answeredGuard,
  decideAgain,
  isSatisfied,
  isStricter,
  reopenDraft,
  revokedDraft,
} from "../redecide.ts";
import { requireOperator, requireStanding } from "../rights.ts";
import type { Plan } from "../transition.ts";
import { transition } from "../transition.ts";
import type { ActionRecord } from "../views/action-record.ts";
import type { StoredAction } from "../views/fold.ts";

export interface Answer {
  readonly digest?: string;
  readonly note?: string;
}

/** An operator's yes to one action (ARCHITECTURE §11, "Holds and change"). */
export async function approve(context: Context, caller: Caller, id: string, answer: Answer = {}): Promise<ActionView> {
  requireOperator(caller, "approve actions");
  requireUuid("id", id);
  const note = optionalText("note", answer.note, NOTE_MAX);
  const digest = answer.digest === undefined ? undefined : requireDigest("digest", answer.digest);
  const action = await transition(context, { tenant: caller.tenant, id }, (action) => {
    requireStanding(context, caller, "approve actions");
    requireAnswerable(caller, action.record, digest);
    const part = expiredPart(action.record, context.clock.now());
    if (part !== undefined) return planExpiry(action.record, part);
    return planApproval(context, caller, action, note);
  });
  return actionView(action, context.rules.texts);
}

function planApproval(context: Context, caller: Caller, action: StoredAction, note: string | undefined): Plan {
  const { record } = action;
  requireNewApprover(context, caller, record);
  const decided = decideAgain(context, action);
  const decisionId = context.journal.newId();
  const approval = approvalDraft(context, caller, record, note);
  const decision = { id: decisionId, purpose: "confirm" } as const;
  const once = [approvalGuard(caller, record)];
  if (decided.outcome === "not_evaluated") return { drafts: [againDraft(action, decided, decision)], caller };
  if (decided.outcome === "deny") {
    const drafts = [approval, againDraft(action, decided, decision), revokedDraft(record, "policy", decisionId)];
    return { drafts, once: [...once, answeredGuard(record)], caller };
  }
  const added = { approver: caller.principal, auth: caller.auth, expires_at: approvalEnd(context) };
  if (isSatisfied(context, action, decided, added)) {
    const drafts = [approval, againDraft(action, decided, { ...decision, released: true })];
    return { drafts, once: [...once, answeredGuard(record)], caller };
  }
  if (!isStricter(record, decided)) return { drafts: [approval], once, caller };
  const drafts = [approval, againDraft(action, decided, decision), reopenDraft(context, record, decided, decisionId)];
  return { drafts, once: [...once, answeredGuard(record)], caller };
}

function approvalDraft(context: Context, caller: Caller, record: ActionRecord, note: string | undefined): Draft {
  return {
    kind: "approval.given",
    approver: principalText(caller.principal),
    refs: [{ rel: "decision", id: record.decision.entry }],
    data: { action_id: record.id, action_digest: record.digest, auth: caller.auth, expires_at: approvalEnd(context) },
    ...(note !== undefined && { private: { note } }),
  };
}

function approvalEnd({ clock, lifetimes }: Context): string {
  return formatInstant(clock.now() + lifetimes.approval);
}

/** One yes for each person; who said yes long ago may say it again once that one has expired. */
function requireNewApprover(context: Context, caller: Caller, record: ActionRecord): void {
  const earlier = record.hold?.approvals.find(({ approver }) => samePrincipal(approver, caller.principal));
  if (earlier === undefined || context.clock.now() >= Date.parse(earlier.expires_at)) return;
  throw engineError({
    code: "APPROVER_REPEATED",
    message: `\`${principalText(caller.principal)}\` has approved action \`${record.id}\` already`,
    reason: "each approval comes from another person",
    next: "ask another operator",
    details: { id: record.id, entry: earlier.entry },
  });
}

/** The first yes of a person claims its own key; one after an expired yes names that one. */
function approvalGuard(caller: Caller, record: ActionRecord): string {
  const earlier = record.hold?.approvals.find(({ approver }) => samePrincipal(approver, caller.principal));
  const key = `approval:${record.tenant}:${record.id}:${principalText(caller.principal)}`;
  return earlier === undefined ? key : `${key}:${earlier.entry}`;
}
