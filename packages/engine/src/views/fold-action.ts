import type { ActionName, Effect, Receipt, Ticket } from "@writ/kernel";
import type { HoldRequirement } from "@writ/policy";

import type { ActionEventType } from "../event.ts";
import type { GovernanceStamp } from "../documents.ts";
import { parsePrincipal } from "../principal.ts";
import type { ActionState } from "../request.ts";
import type { ActionRecord, DecisionFacts } from "./action-record.ts";
import { textOf } from "./fold-entry.ts";
import type { FoldEntry } from "./fold-entry.ts";
import { mayFollow } from "./may-follow.ts";

export interface FoldedAction {
  readonly record: ActionRecord;
  readonly event: ActionEventType | null;
}

/** Id of the action an entry is about, null when it is about none. */
export function actionOf({ kind, data }: FoldEntry): string | null {
  if (!STEPS.has(kind)) return null;
  if (kind === "policy.decision" && data["purpose"] === "check") return null;
  const inner = (data["ticket"] ?? data["receipt"] ?? data) as { readonly action_id?: unknown };
  return typeof inner.action_id === "string" ? inner.action_id : null;
}

/** True for the entry that begins an action: folding it needs no record. */
export function beginsAction({ kind, data }: FoldEntry): boolean {
  return kind === "policy.decision" && data["purpose"] === "propose";
}

/**
 * The action after an entry: a pure function of the record before and the entry, so that views made at once and
 * views rebuilt are equal. An entry that comes too late to count (a second answer) only joins the list of entries.
 */
export function foldAction(before: ActionRecord | undefined, entry: FoldEntry): FoldedAction | undefined {
  if (before === undefined) return beginsAction(entry) ? propose(entry) : undefined;
  const step = lawful(before.state, STEPS.get(entry.kind)?.(before, entry));
  const pointer = { index: entry.index, id: entry.id, kind: entry.kind };
  return {
    record: {
      ...before,
      ...step?.change,
      entries: [...before.entries, pointer],
      updated_at: entry.at,
      version: before.version + 1,
    },
    event: step?.event ?? null,
  };
}

/** Only what the kernel's lifecycle allows changes a record; an entry that says otherwise is kept and changes nothing. */
function lawful(from: ActionState, step: Step): Step {
  const to = step?.change.state;
  return to === undefined || mayFollow(from, to) ? step : undefined;
}

type Step = { readonly change: Partial<ActionRecord>; readonly event: ActionEventType | null } | undefined;

const STEPS: ReadonlyMap<string, (record: ActionRecord, entry: FoldEntry) => Step> = new Map([
  ["policy.decision", decideAgain],
  ["approval.requested", requestApproval],
  ["approval.given", giveApproval],
  ["approval.refused", refuse],
  ["ticket.issued", issue],
  ["ticket.spent", () => undefined],
  ["execution.intent", intend],
  ["execution.receipt", receive],
  ["x.action.completed", claim],
  ["x.action.expired", expire],
  ["x.action.revoked", revoke],
]);

function propose(entry: FoldEntry): FoldedAction {
  const { data } = entry;
  const decision = decisionFacts(entry);
  const state = BEGINNINGS[decision.outcome];
  const record: ActionRecord = {
    id: textOf(data["action_id"]),
    tenant: entry.who.tenant,
    run: entry.run === data["action_id"] ? null : entry.run,
    state,
    action: data["action"] as ActionName,
    digest: textOf(data["action_digest"]),
    principal: parsePrincipal(entry.who.agent ?? ""),
    credential: textOf(data["credential"]),
    auth: textOf(data["auth"]),
    live: data["live"] === true,
    trial: data["trial"] === true,
    decision,
    hold: null,
    answered: null,
    ticket: null,
    intent: null,
    receipt: null,
    claim: null,
    end_reason: null,
    proposed_at: entry.at,
    updated_at: entry.at,
    entries: [{ index: entry.index, id: entry.id, kind: entry.kind }],
    index: entry.index,
    version: 1,
  };
  return {
    record,
    event: decision.outcome === "allow" ? "action_proposed" : state === "held" ? null : "action_denied",
  };
}

const BEGINNINGS: { readonly [outcome in DecisionFacts["outcome"]]: ActionState } = {
  allow: "open",
  hold: "held",
  deny: "denied",
  not_evaluated: "not_evaluated",
};

/** A decision about an action that exists: it releases, or it is one of a group whose next entry says what follows. */
function decideAgain(record: ActionRecord, entry: FoldEntry): Step {
  if (!isOpen(record.state)) return undefined;
  const decision = decisionFacts(entry);
  if (entry.data["released"] !== true || record.state !== "held") return { change: { decision }, event: null };
  const by = record.hold?.approvals.at(-1);
  return {
    change: {
      decision,
      state: "released",
      answered: { by: by === undefined ? "policy" : `${by.approver.type}:${by.approver.id}`, entry: entry.id },
    },
    event: "action_released",
  };
}

export function decisionFacts({ id, index, data }: FoldEntry): DecisionFacts {
  return {
    entry: id,
    index,
    purpose: data["purpose"] as DecisionFacts["purpose"],
    outcome: data["outcome"] as DecisionFacts["outcome"],
    determining: data["determining"] as readonly string[],
    erroring: data["erroring"] as readonly string[],
    holds: data["holds"] as unknown as readonly HoldRequirement[],
    spoke: data["spoke"] as readonly string[],
    advice: data["advice"] as readonly string[],
    effects: data["effects"] as readonly Effect[],
    policy_digest: textOf(data["policy_digest"]),
    policy_engine: textOf(data["policy_engine"]),
    governance: data["governance"] as unknown as GovernanceStamp,
    roster_version: Number(data["roster_version"]),
  };
}

/** Opens a hold, or opens it anew; approvals that were given stay given. */
function requestApproval(record: ActionRecord, { data }: FoldEntry): Step {
  if (!isOpen(record.state)) return undefined;
  return {
    change: {
      state: "held",
      answered: null,
      hold: {
        generation: Number(data["generation"]),
        requirements: data["requirements"] as unknown as readonly HoldRequirement[],
        approvals_required: Number(data["approvals_required"]),
        approvals: record.hold?.approvals ?? [],
        expires_at: textOf(data["expires_at"]),
      },
    },
    event: "action_held",
  };
}

function giveApproval(record: ActionRecord, { id, at, who, data }: FoldEntry): Step {
  if (record.state !== "held" || record.hold === null) return undefined;
  const approver = parsePrincipal(who.approver ?? "");
  const approval = {
    approver,
    auth: data["auth"] as "token" | "socket" | "trial",
    at,
    expires_at: textOf(data["expires_at"]),
    entry: id,
  };
  const others = record.hold.approvals.filter(
    (one) => one.approver.type !== approver.type || one.approver.id !== approver.id,
  );
  return { change: { hold: { ...record.hold, approvals: [...others, approval] } }, event: null };
}

function refuse(record: ActionRecord, { id, who }: FoldEntry): Step {
  if (record.state !== "held") return undefined;
  return {
    change: { state: "rejected", end_reason: "rejected", answered: { by: who.approver ?? "", entry: id } },
    event: "action_rejected",
  };
}

function issue(record: ActionRecord, { data }: FoldEntry): Step {
  if (record.ticket !== null || !isReady(record.state)) return undefined;
  return { change: { ticket: data["ticket"] as unknown as Ticket }, event: null };
}

function intend(record: ActionRecord, { id, at, who, data }: FoldEntry): Step {
  if (!isReady(record.state)) return undefined;
  const intent = {
    id,
    at,
    deadline: textOf(data["deadline"]),
    by: parsePrincipal(who.agent ?? ""),
    fence: fenceOf(data),
  };
  return { change: { state: "running", intent }, event: null };
}

function receive(record: ActionRecord, { data }: FoldEntry): Step {
  if (record.state !== "running") return undefined;
  const receipt = data["receipt"] as unknown as Receipt;
  const intent = record.intent === null ? null : { ...record.intent, fence: fenceOf(data, record.intent.fence) };
  const done = receipt.outcome === "dry_run" || receipt.outcome === "succeeded";
  return {
    change: { receipt, intent, state: done ? "executed" : "failed" },
    event: done ? "action_executed" : "action_failed",
  };
}

/** Entries from before there were leases name no fence. */
function fenceOf(data: FoldEntry["data"], before = 0): number {
  const fence = data["fence"];
  return typeof fence === "number" ? fence : before;
}

function claim(record: ActionRecord, { id, at, data }: FoldEntry): Step {
  if (!isReady(record.state)) return undefined;
  const outcome = data["outcome"] === "done" ? "done" : "failed";
  return {
    change: { claim: { outcome, at, entry: id }, state: outcome === "done" ? "executed" : "failed" },
    event: outcome === "done" ? "action_executed" : "action_failed",
  };
}

function expire(record: ActionRecord, { id, data }: FoldEntry): Step {
  if (!isOpen(record.state)) return undefined;
  const change = { state: "expired", end_reason: textOf(data["reason"]), answered: { by: "time", entry: id } } as const;
  return { change, event: "action_expired" };
}

function revoke(record: ActionRecord, { id, data }: FoldEntry): Step {
  if (!isOpen(record.state)) return undefined;
  const change = {
    state: "revoked",
    end_reason: textOf(data["reason"]),
    answered: { by: "policy", entry: id },
  } as const;
  return { change, event: "action_revoked" };
}

function isReady(state: ActionState): boolean {
  return state === "open" || state === "released";
}

function isOpen(state: ActionState): boolean {
  return state === "held" || isReady(state);
}
