import { digestMismatch, engineError } from "./errors.ts";
import type { Caller } from "./port.ts";
import { principalText, samePrincipal } from "./principal.ts";
import type { ActionRecord } from "./views/action-record.ts";

/**
 * Refuses answers that cannot count. When several reasons apply: another digest, then an action that was answered or
 * never held, then an answer by its proposer.
 */
export function requireAnswerable(caller: Caller, record: ActionRecord, digest: string | undefined): void {
  if (digest !== undefined && digest !== record.digest) throw digestMismatch(record.id, record.digest, digest);
  if (record.state !== "held") throw notHeld(record);
  if (isProposal(caller, record)) {
    throw engineError({
      code: "APPROVER_IS_PROPOSER",
      message: `\`${principalText(caller.principal)}\` proposed action \`${record.id}\``,
      reason: "nobody answers their own proposal",
      next: "ask another operator",
      details: { id: record.id },
    });
  }
}

/**
 * The proposer, or its token. On the socket and in trial mode one credential serves the agent and the person beside
 * it, so there the principal alone tells them apart.
 */
function isProposal(caller: Caller, record: ActionRecord): boolean {
  if (samePrincipal(caller.principal, record.principal)) return true;
  return caller.auth === "token" && record.auth === "token" && caller.credential === record.credential;
}

function notHeld(record: ActionRecord) {
  const { id, state, answered, hold } = record;
  if (state === "expired" && record.end_reason === "hold") {
    return engineError({
      code: "HOLD_EXPIRED",
      message: `the hold of action \`${id}\` has expired`,
      reason: "a hold waits for a stated time",
      next: "propose the action again",
      details: { id, state },
    });
  }
  if (hold === null) {
    return engineError({
      code: "ACTION_NOT_HELD",
      message: `action \`${id}\` is \`${state}\`, not held`,
      reason: "there is nothing to answer",
      next: "look at the action's state",
      details: { id, state },
    });
  }
  return engineError({
    code: "ACTION_ALREADY_ANSWERED",
    message: `the hold of action \`${id}\` was answered by \`${answered?.by ?? "nobody"}\``,
    reason: "a hold is answered once",
    next: "look at the action's state",
    details: { id, state, by: answered?.by ?? null, entry: answered?.entry ?? null },
  });
}
