import type { SignalFacts } from "./signal-record.ts";

export interface ExecutionAnomaly {
  readonly status: "none" | "policy_block" | "transport_failure" | "tool_failure";
  readonly severity: "none" | "high";
  readonly blocking: boolean;
  readonly evidence: readonly string[];
  readonly source: "none" | "auditor" | "engine";
}

export interface FindingSignal {
  readonly status: "none" | "weak" | "moderate" | "strong";
  readonly evidence_bearing: boolean;
  readonly evidence_class: "none" | "evidence_bearing" | "blocked_evidence";
  readonly source: "none" | "engine_verdict";
  readonly evidence: readonly string[];
  readonly false_positive_risk: "none" | "low" | "medium" | "high";
}

export interface SuccessOutcome {
  readonly status: SignalFacts["success_status"];
  readonly scope: "task";
  readonly evidence: readonly string[];
  readonly gap: string;
}

export interface WorkflowPromotion {
  readonly status: "not_promotable" | "candidate" | "promotable" | "confirmable";
  readonly source: "none" | "finding_signal" | "workflow";
  readonly threshold: "probable";
  readonly verdict: SignalFacts["verdict"];
  readonly qualification_disposition: string;
  readonly reasons: readonly string[];
}

export interface AdaptationFeedback {
  readonly status: "neutral" | "negative" | "positive" | "strong_positive";
  readonly planner_reconsult_worthy: boolean;
  readonly plan_regeneration_pressure: "none" | "light";
  readonly host_signal: string;
  readonly reasons: readonly string[];
}

/** What an execution tells those who plan the next (spec kernel.md §12). */
export interface SignalContract {
  readonly contract_version: "p5-v1";
  readonly execution_anomaly: ExecutionAnomaly;
  readonly finding_signal: FindingSignal;
  readonly success_outcome: SuccessOutcome;
  readonly workflow_promotion: WorkflowPromotion;
  readonly adaptation_feedback: AdaptationFeedback;
  readonly legacy_bridges: { readonly weak_actionable: boolean };
}
