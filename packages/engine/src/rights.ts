import type { Context } from "./context.ts";
import { forbidden } from "./errors.ts";
import type { Caller } from "./port.ts";
import { checkCaller } from "./principal.ts";

/** Operators answer, change and look at everything of their tenant. */
export function requireOperator(caller: Caller, what: string): void {
  checkCaller(caller);
  if (caller.rights !== "operator" || caller.principal.type !== "operator") {
    throw forbidden(what, "only an operator may");
  }
}

/** Asked at the very step, because a token may be revoked between the door and here. */
export function requireStanding(context: Pick<Context, "decisions">, caller: Caller, what: string): void {
  if (context.decisions.isRevoked(caller)) throw forbidden(what, "the token was revoked");
}

/** Viewers never propose, and an agent's credential does not pass for a person. */
export function requireProposer(caller: Caller): void {
  checkCaller(caller);
  const { rights, principal } = caller;
  if (rights !== "operator" && rights !== "agent") throw forbidden("propose actions", "viewers only read");
  // Policy takes an operator principal for the operator in person.
  if (rights === "agent" && principal.type === "operator") {
    throw forbidden("act as an operator", "its credential is an agent's");
  }
}

/** Operators and viewers read their tenant's log; agents see their own actions alone. */
export function requireReader(caller: Caller, what: string): void {
  checkCaller(caller);
  if (caller.rights !== "operator" && caller.rights !== "viewer")
    throw forbidden(what, "agents see their own actions alone");
}

/**
 * A receipt is what the runner measured, never its own agent's word: tickets are redeemed and receipts sealed for
 * operators, whose machine runs the runner. An agent's actions are run by `run`, or told by `complete` as a claim.
 */
export function requireRunner(caller: Caller, what: string): void {
  checkCaller(caller);
  if (caller.rights !== "operator") throw forbidden(what, "a receipt is measured by the runner, not told by an agent");
}
