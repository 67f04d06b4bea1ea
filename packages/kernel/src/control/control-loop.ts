import type { ExactJson } from "@writ/canon";
import { isExactList, type ExactRecord } from "../compat/exact-record.ts";
import { flagField, recordOf, textField } from "./record-fields.ts";
import { recordRefusal } from "./record-refusal.ts";

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

/**
 * What to do between two steps (spec kernel.md §18). Of several observations the most severe decides, not the first
 * (§27 no. 20).
 * Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function decideLoop(orientationValue: ExactJson, observationValues: ExactJson): LoopDecision {
  const orientation = recordOf(orientationValue, "invalid_orientation");
  if (!isExactList(observationValues) || observationValues.length > OBSERVATIONS_MAX)
    throw recordRefusal("invalid_observation_sequence");
  const observations = observationValues.map(parseObservation);
  const [decision, reason_code, cooldown_subject = ""] =
    orientationRule(orientation, observations) ?? observationRule(observations);
  const interrupting = decision !== "continue" && decision !== "replan_after_step";
  return { decision, reason_code, cooldown_subject, interrupting };
}

interface Observation {
  readonly kind: string;
  readonly severity: string;
  readonly subject: string;
}

type Rule = readonly [decision: LoopAction, reason: string, subject?: string];

const OBSERVATIONS_MAX = 10_000;
const SEVERITIES = ["info", "warning", "critical"];

function parseObservation(value: ExactJson): Observation {
  const record = recordOf(value, "invalid_observation");
  const severity = textField(record, "severity", "info").toLowerCase();
  if (!SEVERITIES.includes(severity)) throw recordRefusal(`unknown_observation_severity:${severity}`, 10);
  return { kind: textField(record, "kind", "unknown").toLowerCase(), severity, subject: textField(record, "subject") };
}

function orientationRule(given: ExactRecord, observations: readonly Observation[]): Rule | undefined {
  const [control, budget] = [textField(given, "operator_control", "run"), textField(given, "budget_state", "ok")];
  const [health, shape] = [textField(given, "host_health", "ok"), textField(given, "output_shape", "expected")];
  if (control === "stop") return ["abort", "operator_stop_requested"];
  if (control === "pause") return ["pause", "operator_pause_requested"];
  if (!flagField(given, "scope_ok", true)) return ["abort", "scope_drift_detected"];
  if (!flagField(given, "policy_ok", true)) return ["require_owner_review", "policy_mismatch"];
  if (!flagField(given, "ticket_ok", true) || !flagField(given, "spec_ok", true))
    return ["require_owner_review", "ticket_or_spec_mismatch"];
  if (["exhausted", "stop_loss"].includes(budget)) return ["pause", `budget_${budget}`];
  if (["cooldown", "high_fail_rate", "transport_noise"].includes(health))
    return ["cooldown", `host_health_${health}`, observations.find(({ subject }) => subject !== "")?.subject ?? ""];
  if (["unexpected", "untrusted", "raw_leak_risk"].includes(shape))
    return ["degrade_to_dry_run", `output_shape_${shape}`];
  return undefined;
}

/** Most severe first. */
const OBSERVATION_RULES: readonly ((observation: Observation) => Rule | undefined)[] = [
  ({ kind, severity }) => (severity === "critical" ? ["abort", `critical_observation:${kind}`] : undefined),
  ({ kind, severity }) =>
    severity === "warning" && ["scope_drift", "policy_mismatch", "ticket_mismatch"].includes(kind)
      ? ["require_owner_review", `warning_observation:${kind}`]
      : undefined,
  ({ kind, subject }) =>
    ["transport_anomaly", "host_cooldown"].includes(kind) ? ["cooldown", `observation:${kind}`, subject] : undefined,
  ({ kind }) =>
    kind === "step_completed_with_followup" ? ["replan_after_step", "followup_replan_requested"] : undefined,
];

function observationRule(observations: readonly Observation[]): Rule {
  for (const rule of OBSERVATION_RULES) {
    for (const observation of observations) {
      const found = rule(observation);
      if (found !== undefined) return found;
    }
  }
  return ["continue", "ok"];
}
