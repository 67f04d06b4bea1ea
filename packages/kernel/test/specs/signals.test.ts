import { isWritError, type JsonValue } from "@writ/canon";
import { describe, expect, test } from "vitest";
import {
  analysisContract,
  confirmFinding,
  parseAnalysisGoal,
  parseSignalFacts,
  signalContract,
  successOutcome,
  type SignalContract,
} from "@writ/kernel/security";
import { prepared } from "./samples.ts";

const facts = {
  auditor_decision: "approve",
  engine_status: "completed",
  verdict: "none",
  qualification_disposition: "",
  workflow_promotable: false,
  success_status: "not_provided",
  success_evidence: [],
  success_gap: "",
  evidence: ["e1", "e2", "e3", "e4", "e5", "e6", "e7"],
  reasons: ["r1"],
  host_signal: "h",
};
type Changes = Readonly<Record<string, JsonValue>>;
const contract = (changes: Changes): SignalContract => signalContract(parseSignalFacts({ ...facts, ...changes }));

test.each<[Changes, string, string]>([
  [{}, "none", "none"],
  [{ auditor_decision: "reject", engine_status: "timeout" }, "policy_block", "auditor"],
  [{ auditor_decision: "owner_approval_required" }, "policy_block", "auditor"],
  [{ engine_status: "blocked" }, "policy_block", "engine"],
  [{ engine_status: "timeout" }, "transport_failure", "engine"],
  [{ engine_status: "failed" }, "tool_failure", "engine"],
  [{ engine_status: "error" }, "tool_failure", "engine"],
  [{ engine_status: "dry-run" }, "none", "none"],
  [{ auditor_decision: "revise" }, "none", "none"],
])("%j: anomaly %s by the %s", (changes, status, source) => {
  const anomaly = contract(changes).execution_anomaly;
  expect(anomaly).toMatchObject({ status, source, blocking: status !== "none" });
});

test.each<[Changes, string, string, string]>([
  [{}, "none", "none", "none"],
  [{ verdict: "heuristic" }, "weak", "high", "evidence_bearing"],
  [{ verdict: "weak_signal" }, "weak", "high", "evidence_bearing"],
  [{ verdict: "probable" }, "moderate", "medium", "evidence_bearing"],
  [{ verdict: "confirmed" }, "strong", "low", "evidence_bearing"],
  [{ verdict: "confirmed", auditor_decision: "reject" }, "strong", "low", "blocked_evidence"],
])("%j: finding %s, risk %s, %s", (changes, status, risk, kind) => {
  const finding = contract(changes).finding_signal;
  expect(finding).toMatchObject({ status, false_positive_risk: risk, evidence_class: kind });
  expect(finding.evidence_bearing).toBe(kind === "evidence_bearing");
  expect(finding.evidence).toHaveLength(status === "none" ? 0 : 6);
});

test.each<[Changes, string]>([
  [{}, "not_promotable"],
  [{ verdict: "heuristic" }, "candidate"],
  [{ workflow_promotable: true }, "promotable"],
  [{ workflow_promotable: true, verdict: "weak_signal" }, "promotable"],
  [{ workflow_promotable: true, verdict: "probable" }, "confirmable"],
  [{ workflow_promotable: true, verdict: "confirmed" }, "confirmable"],
])("%j: promotion %s", (changes, status) => {
  expect(contract(changes).workflow_promotion).toMatchObject({ status, threshold: "probable" });
});

test.each<[Changes, string, boolean]>([
  [{}, "neutral", false],
  [{ verdict: "confirmed" }, "strong_positive", false],
  [{ verdict: "probable" }, "positive", false],
  [{ verdict: "weak_signal" }, "neutral", false],
  [{ verdict: "weak_signal", success_status: "partial" }, "positive", true],
  [{ verdict: "heuristic", success_status: "met" }, "positive", true],
  [{ verdict: "heuristic", success_status: "met", auditor_decision: "revise" }, "neutral", false],
  [{ verdict: "heuristic", success_status: "met", engine_status: "failed" }, "negative", false],
  [{ auditor_decision: "reject", verdict: "confirmed" }, "negative", false],
])("%j: feedback %s, weak but actionable: %s", (changes, status, bridge) => {
  const { adaptation_feedback: feedback, legacy_bridges: bridges } = contract(changes);
  expect([feedback.status, bridges.weak_actionable]).toEqual([status, bridge]);
});

test.each<[Changes, string]>([
  [{}, "missing_success_criteria"],
  [{ success_status: "not_met" }, "needs_stronger_evidence"],
  [{ success_status: "partial" }, "needs_stronger_evidence"],
  [{ success_status: "partial", success_gap: "no_control" }, "no_control"],
  [{ success_status: "met", success_gap: "x" }, ""],
])("%j: gap %j", (changes, gap) => {
  expect(contract(changes).success_outcome).toMatchObject({ scope: "task", gap });
});

test.each([
  ["met", "yes", "strengthened"],
  ["partial", "partial", "inconclusive"],
  ["not_met", "no", "weakened"],
  ["not_provided", "unknown", "inconclusive"],
])("success %s: %s, %s", (status, observed, support) => {
  const goal = { action_type: "single_probe", hypothesis: "h", why_now: "w", expected_signal: "s", evidence_goal: "g" };
  const success = successOutcome(parseSignalFacts({ ...facts, success_status: status }));
  const analysis = analysisContract(parseAnalysisGoal(goal), prepared().compiler, success, true);
  expect(analysis).toMatchObject({
    ...goal,
    expected_signal_observed: observed,
    evidence_goal_met: observed,
    hypothesis_support: support,
    semantic_execution_fit: "degraded",
    semantic_loss_class: "bounded_lowering",
  });
});

describe("a finding is confirmed", () => {
  const sure = {
    verdict: "confirmed",
    false_positive_guards_passed: true,
    control_comparison_performed: true,
    control_delta_observed: true,
    protocol: { repro_pass: true },
  };
  test("when all five say so", () => {
    expect(confirmFinding(sure)).toEqual({ confirmed: true, blockers: [] });
  });
  test.each<[Changes, string]>([
    [{ verdict: "probable" }, "verdict_not_confirmed"],
    [{ false_positive_guards_passed: false }, "false_positive_guards_not_passed"],
    [{ control_comparison_performed: null }, "control_comparison_not_performed"],
    [{ control_delta_observed: false }, "control_delta_not_observed"],
    [{ protocol: {} }, "reproduction_not_passed"],
  ])("not with %j: %s", (changes, blocker) => {
    expect(confirmFinding({ ...sure, ...changes })).toEqual({ confirmed: false, blockers: [blocker] });
  });
  test("not by a verdict alone", () => {
    const { blockers } = confirmFinding({ verdict: "confirmed" });
    expect(blockers).toHaveLength(4);
  });
  test.each<[JsonValue, string]>([
    [{}, "verdict"],
    [{ ...sure, verdict: "Confirmed" }, "verdict"],
    [{ ...sure, control_delta_observed: 1 }, "control_delta_observed"],
    [{ ...sure, false_positive_guards_passed: "true" }, "false_positive_guards_passed"],
    [{ ...sure, protocol: { repro_pass: [] } }, "protocol.repro_pass"],
    [{ ...sure, protocol: true }, "protocol"],
    [{ ...sure, certain: true }, "certain"],
    [null, ""],
  ])("%j is malformed at %j", (value, field) => {
    expect(fieldOf(() => confirmFinding(value))).toBe(field);
  });
});

test.each<[Changes, string]>([
  [{ auditor_decision: "Approve" }, "auditor_decision"],
  [{ engine_status: "ok" }, "engine_status"],
  [{ engine_status: "not_run", verdict: "confirmed" }, "verdict"],
  [{ engine_status: "dry-run", verdict: "heuristic" }, "verdict"],
  [{ workflow_promotable: "yes" }, "workflow_promotable"],
  [{ evidence: "e" }, "evidence"],
  [{ evidence: Array(65).fill("e") }, "evidence"],
  [{ reasons: ["e\u0301"] }, "reasons.0"],
  [{ score: 1 }, "score"],
])("facts with %j are malformed at %s", (changes, field) => {
  expect(fieldOf(() => contract(changes))).toBe(field);
});

function fieldOf(run: () => unknown): unknown {
  try {
    run();
    return "none";
  } catch (error) {
    if (!isWritError(error, "SECURITY_PROFILE_INVALID")) throw error;
    return error.details["field"];
  }
}
