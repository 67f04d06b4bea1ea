import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export const COMPILER_STRATEGIES = [
  "passthrough",
  "recipe_lowering",
  "enumeration_lowering",
  "differential_lowering",
  "confirmatory_lowering",
  "variant_lowering",
  "state_transition_lowering",
] as const;

/** How a compiled action came about; texts as they were written. */
export interface CompiledMeaning {
  readonly strategy: string;
  readonly reason: string;
  readonly actionType: string;
  readonly taskFamily: string;
  readonly lossDetected: boolean;
}

export interface LossPolicy {
  readonly loss_class:
    | "none"
    | "harmless_normalization"
    | "bounded_lowering"
    | "degraded_semantics"
    | "unacceptable_flattening";
  readonly severity: "none" | "low" | "medium" | "high";
  readonly policy_response: "proceed" | "proceed_mark_degraded" | "auditor_rereview" | "required_replan";
  readonly approved_under_degradation: boolean;
  readonly operator_visibility: "none" | "compact" | "prominent";
  readonly reason_code: string;
  readonly normalization_reason: string;
}

/**
 * What lowering an action cost of its meaning (spec kernel.md §11.7). A recipe's lowering is bounded, never nothing, and
 * a strategy outside the closed set is refused with `GOVERNANCE_RECORD_INVALID` (§27 no. 27).
 */
export function semanticLoss(compiled: CompiledMeaning): LossPolicy {
  const reason = folded(compiled.reason);
  const row = compiled.lossDetected
    ? detectedLoss(reason, folded(compiled.actionType))
    : strategyLoss(folded(compiled.strategy), reason, folded(compiled.taskFamily));
  return { ...row, normalization_reason: reason };
}

function folded(text: string): string {
  return stripSpace(text).toLowerCase();
}

export interface LossGate {
  readonly blocked: boolean;
  readonly blocked_reason_code: string;
  readonly blocked_reason: string;
  readonly requires_rereview: boolean;
  readonly degraded_execution: boolean;
}

/** What the runtime does about a loss. */
export function lossGate({ policy_response: response, loss_class: loss, reason_code }: LossPolicy): LossGate {
  const blocked = response === "required_replan";
  return {
    blocked,
    blocked_reason_code: reason_code,
    blocked_reason: blocked ? `semantic_loss_policy:${response}:${loss}` : "",
    requires_rereview: response === "auditor_rereview",
    degraded_execution:
      response === "proceed_mark_degraded" ||
      response === "auditor_rereview" ||
      loss === "bounded_lowering" ||
      loss === "degraded_semantics",
  };
}

/** What a loss takes from an action's score; 0 or negative. */
export function lossPenalty({ loss_class: loss, severity }: LossPolicy): number {
  if (loss === "unacceptable_flattening") return -0.35;
  if (loss === "degraded_semantics") return -0.25;
  if (loss === "bounded_lowering" || severity === "medium") return -0.12;
  return loss === "harmless_normalization" || severity === "low" ? -0.03 : 0;
}

type Row = Omit<LossPolicy, "normalization_reason">;

function strategyLoss(strategy: string, reason: string, family: string): Row {
  const guarded = family === "authz" || family === "auth_flow";
  switch (strategy) {
    case "passthrough":
      return reason.startsWith("recipe:") ? HARMLESS : NONE;
    case "differential_lowering":
      return NONE;
    case "confirmatory_lowering":
    case "state_transition_lowering":
      return REREVIEW;
    case "enumeration_lowering":
    case "variant_lowering":
      return guarded ? REREVIEW : BOUNDED;
    case "recipe_lowering":
      return BOUNDED;
    default:
      throw recordRefusal(`unknown_compiler_strategy:${strategy}`, 27);
  }
}

function detectedLoss(reason: string, actionType: string): Row {
  if (reason === "fingerprint_probe_lowered_to_single_probe")
    return { ...DEGRADED, reason_code: "semantic_loss_fingerprint_lowered" };
  if (reason === "unknown_action_type_lowered_to_passthrough") return FLATTENED;
  return { ...DEGRADED, reason_code: `semantic_loss_detected:${reason || actionType || "unknown"}` };
}

const NONE: Row = {
  loss_class: "none",
  severity: "none",
  policy_response: "proceed",
  approved_under_degradation: false,
  operator_visibility: "none",
  reason_code: "semantic_loss_none",
};
const HARMLESS: Row = {
  ...NONE,
  loss_class: "harmless_normalization",
  severity: "low",
  operator_visibility: "compact",
  reason_code: "semantic_loss_harmless_normalization",
};
const BOUNDED: Row = {
  loss_class: "bounded_lowering",
  severity: "medium",
  policy_response: "proceed_mark_degraded",
  approved_under_degradation: true,
  operator_visibility: "compact",
  reason_code: "semantic_loss_bounded_lowering",
};
const REREVIEW: Row = {
  ...BOUNDED,
  policy_response: "auditor_rereview",
  operator_visibility: "prominent",
  reason_code: "semantic_loss_bounded_rereview",
};
const DEGRADED: Row = {
  ...REREVIEW,
  loss_class: "degraded_semantics",
  severity: "high",
  reason_code: "semantic_loss_detected:unknown",
};
const FLATTENED: Row = {
  ...DEGRADED,
  loss_class: "unacceptable_flattening",
  policy_response: "required_replan",
  approved_under_degradation: false,
  reason_code: "semantic_loss_unknown_action_flattened",
};
