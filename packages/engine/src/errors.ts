import { WritError } from "@writ/canon";
import type { WritErrorFields } from "@writ/canon";

import type { EngineErrorCode } from "./error-code.ts";

export type EngineError = WritError<EngineErrorCode>;

/** A `WritError` of this room. */
export function engineError(fields: WritErrorFields<EngineErrorCode>): EngineError {
  return new WritError<EngineErrorCode>(fields);
}

/** A field that is missing, of another form, or out of its bounds. */
export function invalidRequest(field: string, rule: string): EngineError {
  return engineError({
    code: "REQUEST_INVALID",
    message: `\`${field}\` is not valid`,
    reason: rule,
    next: "correct the field and ask again",
    details: { field },
  });
}

export function forbidden(what: string, reason: string): EngineError {
  return engineError({
    code: "FORBIDDEN",
    message: `the caller may not ${what}`,
    reason,
    next: "ask with the credential of somebody who may",
  });
}

export function actionNotFound(id: string): EngineError {
  return engineError({
    code: "ACTION_NOT_FOUND",
    message: `there is no action \`${id.slice(0, 64)}\``,
    reason: "no proposal of this tenant that the caller may see has this id",
    next: "list the actions to find the id",
  });
}

export function ticketNotFound(id: string): EngineError {
  return engineError({
    code: "TICKET_NOT_FOUND",
    message: `there is no ticket \`${id.slice(0, 64)}\``,
    reason: "no ticket of this tenant has this id",
    next: "issue a ticket for an allowed or released action",
  });
}

export function digestMismatch(id: string, actual: string, given: string): EngineError {
  return engineError({
    code: "ACTION_DIGEST_MISMATCH",
    message: `action \`${id}\` has digest \`${actual}\`, not \`${given.slice(0, 64)}\``,
    reason: "a yes, a retry and a ticket are for one exact action",
    next: "propose the other action under an id of its own",
    details: { id, digest: actual },
  });
}

/** The same contract, but not the same proposal: what is outside the digest differs. */
export function otherProposal(id: string, digest: string, field: "live" | "run"): EngineError {
  return engineError({
    code: "ACTION_DIGEST_MISMATCH",
    message: `action \`${id}\` was proposed with another \`${field}\``,
    reason: "a retry under an id is the same proposal, word for word",
    next: "propose the other action under an id of its own",
    details: { id, digest },
  });
}

/** The action is in a state in which the call means nothing. */
export function settled(id: string, state: string): EngineError {
  return engineError({
    code: "ACTION_SETTLED",
    message: `action \`${id}\` is \`${state}\``,
    reason: "final states never change",
    next: "propose it again if it should still happen",
    details: { id, state },
  });
}

export function concurrentChange(what: string): EngineError {
  return engineError({
    code: "CONCURRENT_CHANGE",
    message: `${what} changed while this was decided`,
    reason: "somebody else's change came first, several times",
    next: "look at it again, then repeat the request",
  });
}
