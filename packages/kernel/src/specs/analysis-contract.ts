import type { JsonValue } from "@writ/canon";
import { ACTION_TYPES, type ActionType } from "../actions/action-types.ts";
import { lossGate } from "../actions/semantic-loss.ts";
import { oneOf, record } from "../fields.ts";
import type { CompilerFacts } from "./prepared-record.ts";
import type { SuccessOutcome } from "./signals.ts";
import { plainText } from "./spec-fields.ts";

/** What an execution was for. */
export interface AnalysisGoal {
  readonly action_type: ActionType;
  readonly hypothesis: string;
  readonly why_now: string;
  readonly expected_signal: string;
  readonly evidence_goal: string;
}

type Observed = "yes" | "partial" | "no" | "unknown";

/** What an execution says of its hypothesis (spec kernel.md §12). */
export interface AnalysisContract extends AnalysisGoal {
  readonly expected_signal_observed: Observed;
  readonly evidence_goal_met: Observed;
  readonly hypothesis_support: "strengthened" | "inconclusive" | "weakened";
  readonly execution_success: boolean;
  readonly semantic_execution_fit: "exact" | "degraded";
  readonly semantic_loss_detected: boolean;
  readonly semantic_loss_class: string;
  readonly semantic_loss_response: string;
  readonly normalization_reason: string;
  readonly success_status: SuccessOutcome["status"];
  readonly success_evidence: readonly string[];
  readonly success_gap: string;
}

const READINGS: Readonly<
  Record<SuccessOutcome["status"], readonly [observed: Observed, support: AnalysisContract["hypothesis_support"]]>
> = {
  met: ["yes", "strengthened"],
  partial: ["partial", "inconclusive"],
  not_met: ["no", "weakened"],
  not_provided: ["unknown", "inconclusive"],
};

/** Reads an execution's success as its hypothesis's. */
export function analysisContract(
  goal: AnalysisGoal,
  compiler: CompilerFacts,
  success: SuccessOutcome,
  executionSuccess: boolean,
): AnalysisContract {
  const [observed, support] = READINGS[success.status];
  const policy = compiler.semantic_loss_policy;
  return {
    ...goal,
    expected_signal_observed: observed,
    evidence_goal_met: observed,
    hypothesis_support: support,
    execution_success: executionSuccess,
    semantic_execution_fit: lossGate(policy).degraded_execution ? "degraded" : "exact",
    semantic_loss_detected: compiler.semantic_loss_detected,
    semantic_loss_class: policy.loss_class,
    semantic_loss_response: policy.policy_response,
    normalization_reason: compiler.normalization_reason,
    success_status: success.status,
    success_evidence: success.evidence,
    success_gap: success.gap,
  };
}

/** Reads a goal strictly. Throws `SECURITY_PROFILE_INVALID` with the path to the field. */
export function parseAnalysisGoal(value: JsonValue): AnalysisGoal {
  return readGoal(value, { code: "SECURITY_PROFILE_INVALID", path: "" });
}

const readGoal = record<AnalysisGoal>({
  action_type: oneOf(Object.keys(ACTION_TYPES) as ActionType[]),
  hypothesis: plainText(2_048),
  why_now: plainText(2_048),
  expected_signal: plainText(2_048),
  evidence_goal: plainText(240),
});
