import { isUuidv7, parseInstant, WritError, type JsonValue } from "@writ/canon";
import {
  checkTicket,
  contractDigest,
  evaluatePreconditions,
  parseContract,
  parseLease,
  parseTicket,
} from "@writ/kernel";
import type { Blocked } from "./refusal.ts";
import type { RunnerErrorCode } from "./error-code.ts";
import type { Execution } from "./execution.ts";

/**
 * Reads what must be sound before a receipt can even be written about it.
 *
 * @throws WritError `RUNNER_EXECUTION_INVALID`, `CONTRACT_INVALID`, `TICKET_INVALID`, `LEASE_INVALID`.
 */
export function checkExecution(execution: Execution): void {
  parseContract(execution.contract as unknown as JsonValue);
  parseTicket(execution.ticket as unknown as JsonValue);
  parseLease(execution.lease as unknown as JsonValue);
  const { intent, receiptId } = execution;
  const wrong = !isUuidv7(intent) ? "intent" : receiptId !== undefined && !isUuidv7(receiptId) ? "receiptId" : null;
  if (wrong !== null) throw invalid(wrong);
  // Callers that no compiler has looked at: what is absent is never evidence.
  const { evidence, currentFence }: Partial<Execution> = execution;
  if (evidence === undefined) throw invalid("evidence");
  if (typeof currentFence !== "function") throw invalid("currentFence");
  try {
    parseInstant(execution.deadline);
  } catch (cause) {
    throw invalid("deadline", cause);
  }
}

/**
 * Whether ticket, contract and intent authorise this run now; null when they do. Digests are computed here again, so
 * a contract changed after it was decided never starts; and the whole precondition chain is run on the log's evidence.
 */
export function checkAuthority(execution: Execution, now: number, sandboxed: boolean): Blocked | null {
  const { contract, ticket, deadline, evidence } = execution;
  const use = { actionId: ticket.action_id, contractDigest: contractDigest(contract), now, spent: false };
  const checked = checkTicket(ticket, use);
  if (!checked.ok) return notAuthorised(`the ticket does not authorise this: ${checked.refusal}`);
  if (now >= parseInstant(deadline)) return notAuthorised("the deadline of the intent has passed");
  const live = ticket.mode === "live";
  const profile = { name: live ? "live" : "dry-run", allowed: true, liveBackendEnabled: sandboxed };
  const gate = evaluatePreconditions({ contract, ticket, ...evidence, profile, live, now });
  return gate.allowed ? null : notAuthorised(gate.blockers.join(", "), gate.nextActions.join(", "));
}

function notAuthorised(reason: string, next = "ask for a new ticket for this action"): Blocked {
  return { code: "RUNNER_NOT_AUTHORISED", reason, next };
}

function invalid(field: string, cause?: unknown): WritError<RunnerErrorCode> {
  return new WritError({
    code: "RUNNER_EXECUTION_INVALID",
    message: `\`${field}\` of the execution is malformed`,
    reason: "a receipt names its intent, and without that no run can be accounted for",
    next: "hand on what redeeming the ticket answered",
    details: { field },
    ...(cause !== undefined && { cause }),
  });
}
