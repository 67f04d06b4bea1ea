import type { JsonValue } from "@writ/canon";
import { boolean, inside, list, oneOf, record, refuse, type Place } from "../fields.ts";
import { plainText } from "./spec-fields.ts";

export const AUDITOR_DECISIONS = ["approve", "revise", "reject", "owner_approval_required", "not_reviewed"] as const;
export const ENGINE_STATUSES = ["completed", "dry-run", "blocked", "timeout", "failed", "error", "not_run"] as const;
export const VERDICTS = ["none", "heuristic", "weak_signal", "probable", "confirmed"] as const;
export const SUCCESS_STATUSES = ["met", "partial", "not_met", "not_provided"] as const;

/** What is known of one execution when its signals are told (spec kernel.md §12). */
export interface SignalFacts {
  readonly auditor_decision: (typeof AUDITOR_DECISIONS)[number];
  readonly engine_status: (typeof ENGINE_STATUSES)[number];
  readonly verdict: (typeof VERDICTS)[number];
  readonly qualification_disposition: string;
  readonly workflow_promotable: boolean;
  readonly success_status: (typeof SUCCESS_STATUSES)[number];
  readonly success_evidence: readonly string[];
  /** Empty: the gap that the status stands for. */
  readonly success_gap: string;
  readonly evidence: readonly string[];
  readonly reasons: readonly string[];
  readonly host_signal: string;
}

/** Most lines of one list; the contract keeps the first six. */
const LINES_MAX = 64;

/** Reads the facts strictly. What did not run has found nothing. Throws `SECURITY_PROFILE_INVALID` with the path to the field. */
export function parseSignalFacts(value: JsonValue): SignalFacts {
  const at: Place = { code: "SECURITY_PROFILE_INVALID", path: "" };
  const facts = readFacts(value, at);
  const ran = facts.engine_status !== "dry-run" && facts.engine_status !== "not_run";
  if (!ran && facts.verdict !== "none") throw refuse(inside(at, "verdict"), "speaks of what did not run");
  return facts;
}

const lines = list(plainText(1_024, 1), LINES_MAX);

const readFacts = record<SignalFacts>({
  auditor_decision: oneOf(AUDITOR_DECISIONS),
  engine_status: oneOf(ENGINE_STATUSES),
  verdict: oneOf(VERDICTS),
  qualification_disposition: plainText(256),
  workflow_promotable: boolean,
  success_status: oneOf(SUCCESS_STATUSES),
  success_evidence: lines,
  success_gap: plainText(256),
  evidence: lines,
  reasons: lines,
  host_signal: plainText(256),
});
