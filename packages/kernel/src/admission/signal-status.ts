import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { scliteTextV01 } from "../compat/sclite-json-v01.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { GUARD_PASSES, POLICY_PASSES, TICKET_PASSES, TRUST_PASSES } from "./gate-summary.ts";
import { TRUST_BLOCKERS } from "./signal-blockers.ts";

/** The eight summaries an admission is composed of; an absent one is the empty map. */
export interface AdmissionSignals {
  readonly prepared_execution_contract: ExactRecord;
  readonly policy_decision: ExactRecord;
  readonly execution_ticket: ExactRecord;
  readonly trust_decision: ExactRecord;
  readonly sclite_guarded_strict: ExactRecord;
  readonly replay_freshness: ExactRecord;
  readonly runner_profile: ExactRecord;
  readonly receipt_obligation: ExactRecord;
}

export function isContractPrepared(contract: ExactRecord): boolean {
  if (denies(contract, "allowed")) return false;
  return ["prepared", "passed", "ok", "allowed"].includes(firstWord(contract, "status", "contract_status"));
}

export function policyStatus(policy: ExactRecord): string {
  if (isEmpty(policy)) return "missing";
  if (denies(policy, "allowed")) return "denied";
  if (flag(policy, "allowed") === true) return "allowed";
  return firstWord(policy, "decision", "status", "outcome", "policy_decision_status") || "unknown";
}

export function ticketStatus(ticket: ExactRecord): string {
  if (isEmpty(ticket)) return "missing";
  if (denies(ticket, "allowed")) return "denied";
  const approval = member(ticket, "approval");
  const nested = isExactRecord(approval) ? firstWord(approval, "status") : "";
  return firstWord(ticket, "status", "approval_status", "ticket_status") || nested || "unknown";
}

export function trustStatus(trust: ExactRecord): string {
  if (isEmpty(trust)) return "missing";
  const said = firstWord(trust, "reason_code", "blocker", "error_code");
  if (TRUST_BLOCKERS.has(said)) return said;
  if (denies(trust, "trusted")) return "denied";
  if (flag(trust, "trusted") === true) return "trusted";
  return firstWord(trust, "trust_status", "status", "verification_status") || "unknown";
}

/** The newest rule: a guard that says it is blocked or not allowed has failed. */
export function guardStatus(guard: ExactRecord): string {
  if (isEmpty(guard)) return "missing";
  if (["guarded", "kernel_guard_present"].some((key) => denies(guard, key))) return "not_guarded";
  if (["strict", "strict_lifecycle", "guarded_strict"].some((key) => denies(guard, key))) return "not_strict";
  const failed = ["blocked", "failed", "denied"].includes(firstWord(guard, "status"));
  if (failed || flag(guard, "allowed") === false) return "failed";
  return firstWord(guard, "verification_status", "guarded_status", "status") || "missing";
}

/** The newest rule: the guard's answer and the separate one are reconciled, and the worse one wins. */
export function replayStatus({ replay_freshness, sclite_guarded_strict }: AdmissionSignals): string {
  const ofGuard = firstWord(sclite_guarded_strict, "replay_status");
  const separate = firstWord(replay_freshness, "replay_status", "status");
  const bad = [ofGuard, separate].find((status) => UNFRESH.has(status));
  if (bad !== undefined) return bad;
  if (separate === "") return ofGuard || "missing";
  if (ofGuard === "") return "missing";
  return ofGuard === separate ? ofGuard : "replayed";
}

const UNFRESH: ReadonlySet<string> = new Set(["replayed", "stale", "expired", "blocked", "failed"]);

/** A JSON boolean or undefined; the reference's texts for booleans are refused (§27 no. 11). */
export function flag(record: ExactRecord, key: string): boolean | undefined {
  const found = member(record, key);
  if (found === undefined || found === null || typeof found === "boolean") return found ?? undefined;
  throw recordRefusal(
    `invalid_boolean:${typeof found === "string" ? stripSpace(found).toLowerCase() || "missing" : key}`,
    11,
  );
}

/** Whether the flag is there and is not true; null is no yes. */
export function denies(record: ExactRecord, key: string): boolean {
  return Object.hasOwn(record, key) && flag(record, key) !== true;
}

/**
 * What the first of the keys that is there and not null says, trimmed and in lower case; else empty. A word that opens a
 * gate opens it only as it is spelled: the reference's gate and its composer disagree about `Allowed` (§27 no. 21).
 */
export function firstWord(record: ExactRecord, ...keys: readonly string[]): string {
  const found = keys.map((key) => member(record, key) ?? null).find((value) => value !== null) ?? "";
  const said = typeof found === "string" ? stripSpace(found) : scliteTextV01(found);
  const word = said.toLowerCase();
  if (word !== said && OPENING.has(word)) throw recordRefusal(`status_spelled_otherwise:${said}`, 21);
  return word;
}

const OPENING: ReadonlySet<string> = new Set([
  ...POLICY_PASSES,
  ...TICKET_PASSES,
  ...TRUST_PASSES,
  ...GUARD_PASSES,
  "prepared",
  "fresh",
  "required",
]);

export function isEmpty(record: ExactRecord): boolean {
  return Object.keys(record).length === 0;
}
