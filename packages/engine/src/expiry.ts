import { engineError } from "./errors.ts";
import type { EngineError } from "./errors.ts";
import { answeredGuard } from "./redecide.ts";
import type { Plan } from "./transition.ts";
import { expiryOf } from "./views/action-record.ts";
import type { ActionRecord, Expiry } from "./views/action-record.ts";

/** What of the action is over at `nowMs`; undefined while nothing is. */
export function expiredPart(record: ActionRecord, nowMs: number): Expiry["part"] | undefined {
  const expiry = expiryOf(record);
  return expiry !== null && nowMs >= expiry.ms ? expiry.part : undefined;
}

/** Ends an action whose time is over; the refusal is for a caller who came too late. */
export function planExpiry(record: ActionRecord, part: Expiry["part"]): Plan {
  return {
    drafts: [{ kind: "x.action.expired", data: { action_id: record.id, action_digest: record.digest, reason: part } }],
    once: record.state === "held" ? [answeredGuard(record)] : [],
    refusal: tooLate(record, part),
  };
}

function tooLate(record: ActionRecord, part: Expiry["part"]): EngineError {
  const code = part === "hold" ? "HOLD_EXPIRED" : part === "approval" ? "APPROVAL_EXPIRED" : "TICKET_EXPIRED";
  return engineError({
    code,
    message: `the ${part} of action \`${record.id}\` has expired`,
    reason: "every yes has an end, and the clock going back does not move it",
    next: "propose the action again",
    details: { id: record.id },
  });
}
