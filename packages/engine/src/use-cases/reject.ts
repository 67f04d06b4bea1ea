import { actionView } from "../action-view.ts";
import { requireAnswerable } from "../answer.ts";
import type { Context } from "../context.ts";
import type { ActionView } from "../documents.ts";
import { expiredPart, planExpiry } from "../expiry.ts";
import { NOTE_MAX, optionalText, requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { principalText } from "../principal.ts";
import { answeredGuard } from "../redecide.ts";
import { requireOperator, requireStanding } from "../rights.ts";
import type { Plan } from "../transition.ts";
import { transition } from "../transition.ts";
import type { ActionRecord } from "../views/action-record.ts";

/** An operator's no to a held action; it is final. */
export async function reject(
  context: Context,
  caller: Caller,
  id: string,
  answer: { readonly note?: string } = {},
): Promise<ActionView> {
  requireOperator(caller, "reject actions");
  requireUuid("id", id);
  const note = optionalText("note", answer.note, NOTE_MAX);
  const action = await transition(context, { tenant: caller.tenant, id }, ({ record }) => {
    requireStanding(context, caller, "reject actions");
    requireAnswerable(caller, record, undefined);
    const part = expiredPart(record, context.clock.now());
    return part === undefined ? planRefusal(caller, record, note) : planExpiry(record, part);
  });
  return actionView(action, context.rules.texts);
}

function planRefusal(caller: Caller, record: ActionRecord, note: string | undefined): Plan {
  return {
    caller,
    once: [answeredGuard(record)],
    drafts: [
      {
        kind: "approval.refused",
        approver: principalText(caller.principal),
        refs: [{ rel: "decision", id: record.decision.entry }],
        data: { action_id: record.id, action_digest: record.digest, auth: caller.auth },
        ...(note !== undefined && { private: { note } }),
      },
    ],
  };
}
