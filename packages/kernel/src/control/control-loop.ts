import type { ExactJson } from "@writ/canon";
import { isExactList, type ExactRecord } from "../compat/exact-record.ts";
import { mapField, recordOf, writtenText } from "./record-fields.ts";
import { recordRefusal } from "./record-refusal.ts";
import { firstInterruption, missingFact, type Orientation } from "./orientation.ts";

export type LoopAction =
  | "abort"
  | "pause"
  | "require_owner_review"
  | "cooldown"
  | "degrade_to_dry_run"
  | "replan_after_step"
  | "continue";

export interface LoopDecision {
  readonly decision: LoopAction;
  readonly reason_code: string;
  readonly cooldown_subject: string;
  readonly interrupting: boolean;
}

export interface Observation {
  readonly kind: string;
  readonly severity: "info" | "warning" | "critical";
  readonly subject: string;
  readonly detail: string;
  readonly facts: ExactRecord;
}

export interface LoopRule {
  readonly decision: LoopAction;
  readonly reason: string;
  readonly subject?: string;
}

/**
 * What to do between two steps (spec kernel.md §18). The orientation's first fault decides; else the most severe
 * observation, not the first (§27 no. 20). A run goes on only when every safety fact was given (§27 no. 11).
 */
export function decideLoop(orientation: Orientation, observations: readonly Observation[]): LoopDecision {
  const found = firstInterruption(orientation, observations) ?? mostSevere(observations);
  return loopDecision(mayGoOn(found) ? (missingFact(orientation) ?? found) : found);
}

/** The decision as a record, from the rule that made it. */
export function loopDecision({ decision, reason, subject = "" }: LoopRule): LoopDecision {
  return { decision, reason_code: reason, cooldown_subject: subject, interrupting: !mayGoOn({ decision, reason }) };
}

function mayGoOn({ decision }: LoopRule): boolean {
  return decision === "continue" || decision === "replan_after_step";
}

/** Most observations of one step; a host that has more counts them. */
const OBSERVATIONS_MAX = 10_000;
const SEVERITIES = ["info", "warning", "critical"] as const;

/** Reads observations. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseObservations(value: ExactJson): readonly Observation[] {
  if (!isExactList(value) || value.length > OBSERVATIONS_MAX) throw recordRefusal("invalid_observation_sequence");
  return value.map((item) => {
    const record = recordOf(item, "invalid_observation");
    const said = writtenText(record, "severity", "info").toLowerCase();
    const severity = SEVERITIES.find((known) => known === said);
    if (severity === undefined) throw recordRefusal(`unknown_observation_severity:${said}`, 10);
    return {
      kind: writtenText(record, "kind", "unknown").toLowerCase(),
      severity,
      subject: writtenText(record, "subject"),
      detail: writtenText(record, "detail"),
      facts: mapField(record, "facts", "invalid_observation_facts"),
    };
  });
}

/** What one observation asks for, most severe first; undefined when it asks for nothing. */
export const OBSERVATION_RULES: readonly ((observation: Observation) => LoopRule | undefined)[] = [
  ({ kind, severity }) =>
    severity === "critical" ? { decision: "abort", reason: `critical_observation:${kind}` } : undefined,
  ({ kind, severity }) =>
    severity === "warning" && ["scope_drift", "policy_mismatch", "ticket_mismatch"].includes(kind)
      ? { decision: "require_owner_review", reason: `warning_observation:${kind}` }
      : undefined,
  ({ kind, subject }) =>
    ["transport_anomaly", "host_cooldown"].includes(kind)
      ? { decision: "cooldown", reason: `observation:${kind}`, subject }
      : undefined,
  ({ kind }) =>
    kind === "step_completed_with_followup"
      ? { decision: "replan_after_step", reason: "followup_replan_requested" }
      : undefined,
];

function mostSevere(observations: readonly Observation[]): LoopRule {
  for (const rule of OBSERVATION_RULES) {
    for (const observation of observations) {
      const found = rule(observation);
      if (found !== undefined) return found;
    }
  }
  return { decision: "continue", reason: "ok" };
}
