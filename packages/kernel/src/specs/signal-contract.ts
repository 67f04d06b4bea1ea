import type { SignalFacts } from "./signal-record.ts";
import type {
  AdaptationFeedback,
  ExecutionAnomaly,
  FindingSignal,
  SignalContract,
  SuccessOutcome,
  WorkflowPromotion,
} from "./signals.ts";

/** Most pieces of evidence and reasons that are kept. */
const KEPT_MAX = 6;

/** Tells the signals of an execution. */
export function signalContract(facts: SignalFacts): SignalContract {
  const anomaly = anomalyOf(facts);
  const finding = findingOf(facts, anomaly.blocking);
  const bridge = isWeakActionable(facts, finding, anomaly);
  return {
    contract_version: "p5-v1",
    execution_anomaly: anomaly,
    finding_signal: finding,
    success_outcome: successOutcome(facts),
    workflow_promotion: promotionOf(facts, finding),
    adaptation_feedback: feedbackOf(facts, finding, anomaly, bridge),
    legacy_bridges: { weak_actionable: bridge },
  };
}

export function successOutcome({
  success_status: status,
  success_evidence: evidence,
  success_gap: gap,
}: SignalFacts): SuccessOutcome {
  const missing = status === "not_provided" ? "missing_success_criteria" : "needs_stronger_evidence";
  return { status, scope: "task", evidence: kept(evidence), gap: status === "met" ? "" : gap || missing };
}

function anomalyOf({ auditor_decision: auditor, engine_status: engine, reasons }: SignalFacts): ExecutionAnomaly {
  const blocked = (status: ExecutionAnomaly["status"], source: ExecutionAnomaly["source"]): ExecutionAnomaly => ({
    status,
    severity: "high",
    blocking: true,
    evidence: kept(reasons),
    source,
  });
  if (auditor === "reject" || auditor === "owner_approval_required") return blocked("policy_block", "auditor");
  if (engine === "blocked") return blocked("policy_block", "engine");
  if (engine === "timeout") return blocked("transport_failure", "engine");
  if (engine === "failed" || engine === "error") return blocked("tool_failure", "engine");
  return { status: "none", severity: "none", blocking: false, evidence: [], source: "none" };
}

const STRENGTHS: Readonly<Record<SignalFacts["verdict"], Pick<FindingSignal, "status" | "false_positive_risk">>> = {
  confirmed: { status: "strong", false_positive_risk: "low" },
  probable: { status: "moderate", false_positive_risk: "medium" },
  weak_signal: { status: "weak", false_positive_risk: "high" },
  heuristic: { status: "weak", false_positive_risk: "high" },
  none: { status: "none", false_positive_risk: "none" },
};

function findingOf({ verdict, evidence }: SignalFacts, blocking: boolean): FindingSignal {
  const strength = STRENGTHS[verdict];
  const found = strength.status !== "none";
  return {
    ...strength,
    evidence_bearing: found && !blocking,
    evidence_class: !found ? "none" : blocking ? "blocked_evidence" : "evidence_bearing",
    source: found ? "engine_verdict" : "none",
    evidence: found ? kept(evidence) : [],
  };
}

function promotionOf(facts: SignalFacts, finding: FindingSignal): WorkflowPromotion {
  const { verdict, workflow_promotable: promotable } = facts;
  const strong = verdict === "probable" || verdict === "confirmed";
  const signal = finding.status !== "none";
  return {
    status: promotable ? (strong ? "confirmable" : "promotable") : signal ? "candidate" : "not_promotable",
    source: promotable ? "workflow" : signal ? "finding_signal" : "none",
    threshold: "probable",
    verdict,
    qualification_disposition: facts.qualification_disposition,
    reasons: kept(facts.reasons),
  };
}

/** A weak finding that is worth another look: approved, run, and at least partly what was wanted. */
function isWeakActionable(facts: SignalFacts, finding: FindingSignal, anomaly: ExecutionAnomaly): boolean {
  const { auditor_decision: auditor, success_status: success } = facts;
  return (
    finding.status === "weak" &&
    auditor === "approve" &&
    !anomaly.blocking &&
    (success === "met" || success === "partial")
  );
}

function feedbackOf(
  facts: SignalFacts,
  finding: FindingSignal,
  anomaly: ExecutionAnomaly,
  bridge: boolean,
): AdaptationFeedback {
  const status = feedbackStatus(finding, anomaly, bridge);
  return {
    status,
    planner_reconsult_worthy: status !== "neutral",
    plan_regeneration_pressure: status === "negative" || bridge ? "light" : "none",
    host_signal: facts.host_signal,
    reasons: kept(facts.reasons),
  };
}

function feedbackStatus(
  finding: FindingSignal,
  anomaly: ExecutionAnomaly,
  bridge: boolean,
): AdaptationFeedback["status"] {
  if (anomaly.blocking) return "negative";
  if (finding.status === "strong") return "strong_positive";
  return finding.status === "moderate" || bridge ? "positive" : "neutral";
}

function kept(lines: readonly string[]): readonly string[] {
  return lines.slice(0, KEPT_MAX);
}
