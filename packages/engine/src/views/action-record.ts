import type { ActionName, Effect, PrincipalRef, Receipt, Ticket } from "@writ/kernel";
import type { HoldRequirement } from "@writ/policy";

import type { EntryPointer, GovernanceStamp } from "../documents.ts";
import type { ActionState } from "../request.ts";

/** One action as the log tells it: everything but its contract, which is erasable and lies beside it. */
export interface ActionRecord {
  readonly id: string;
  readonly tenant: string;
  readonly run: string | null;
  readonly state: ActionState;
  readonly action: ActionName;
  readonly digest: string;
  readonly principal: PrincipalRef;
  /** What the proposer proved itself with. */
  readonly credential: string;
  readonly auth: string;
  readonly live: boolean;
  readonly trial: boolean;
  readonly decision: DecisionFacts;
  readonly hold: HoldRecord | null;
  /** Who ended the hold, and with which entry. */
  readonly answered: { readonly by: string; readonly entry: string } | null;
  readonly ticket: Ticket | null;
  readonly intent: IntentRecord | null;
  readonly receipt: Receipt | null;
  readonly claim: { readonly outcome: "done" | "failed"; readonly at: string; readonly entry: string } | null;
  readonly end_reason: string | null;
  readonly proposed_at: string;
  readonly updated_at: string;
  readonly entries: readonly EntryPointer[];
  /** Log index of the proposal; also the order of lists. */
  readonly index: number;
  /** Counts the entries that changed the action: the guard that makes its transitions one after the other. */
  readonly version: number;
}

/** The facts of a `policy.decision` entry that readers are shown. */
export interface DecisionFacts {
  readonly entry: string;
  readonly index: number;
  readonly purpose: "propose" | "check" | "confirm" | "change";
  readonly outcome: "allow" | "hold" | "deny" | "not_evaluated";
  readonly determining: readonly string[];
  readonly erroring: readonly string[];
  readonly holds: readonly HoldRequirement[];
  readonly spoke: readonly string[];
  readonly advice: readonly string[];
  readonly effects: readonly Effect[];
  readonly policy_digest: string;
  readonly policy_engine: string;
  readonly governance: GovernanceStamp;
  readonly roster_version: number;
}

export interface HoldRecord {
  readonly generation: number;
  readonly requirements: readonly HoldRequirement[];
  readonly approvals_required: number;
  readonly approvals: readonly ApprovalRecord[];
  readonly expires_at: string;
}

export interface ApprovalRecord {
  readonly approver: PrincipalRef;
  readonly auth: "token" | "socket" | "trial";
  readonly at: string;
  readonly expires_at: string;
  readonly entry: string;
}

export interface IntentRecord {
  /** Entry id of the `execution.intent`. */
  readonly id: string;
  readonly at: string;
  readonly deadline: string;
  readonly by: PrincipalRef;
  /** The highest fence that was granted for it; 0 for an intent from before there were leases. */
  readonly fence: number;
}

export const FINAL_STATES: ReadonlySet<ActionState> = new Set<ActionState>([
  "executed",
  "failed",
  "rejected",
  "expired",
  "revoked",
  "denied",
  "not_evaluated",
]);

export interface Expiry {
  readonly part: "hold" | "approval" | "ticket";
  /** UTC milliseconds; from this instant on it is over. */
  readonly ms: number;
}

/** What ends the action by itself, and when; null when nothing does. */
export function expiryOf({ state, hold, ticket }: ActionRecord): Expiry | null {
  if (state === "held" && hold !== null) return { part: "hold", ms: Date.parse(hold.expires_at) };
  if (state !== "open" && state !== "released") return null;
  if (ticket !== null) return { part: "ticket", ms: Date.parse(ticket.expires_at) };
  if (state === "open" || hold === null) return null;
  return { part: "approval", ms: approvalsEnd(hold) };
}

/** A release stands as long as enough approvals do: until the first of the longest-lived ones ends. */
function approvalsEnd({ approvals, approvals_required }: HoldRecord): number {
  const ends = approvals.map((one) => Date.parse(one.expires_at)).toSorted((one, other) => other - one);
  return ends[Math.min(approvals_required, ends.length) - 1] ?? 0;
}
