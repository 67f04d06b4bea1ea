import { describe, expect, test } from "vitest";
import { JsonFraction } from "@writ/canon";
import {
  admitAutomationTransition,
  admitSupervisorAction,
  admitTriggerPlanning,
  automationTransitionDigest,
  checkSupervisorAdmission,
  checkTransitionAdmission,
  checkTriggerAdmission,
  parseAutomationTransition,
  parseSupervisorAction,
  parseTriggerPlanning,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { without, type Json } from "../governance/request-sample.ts";

const head = { request_id: "q", subject_ref: "run:1" };

describe("a trigger", () => {
  const planned = {
    ...head,
    trigger_id: "t",
    decision: "plan_operation",
    reason_code: "matched",
    rule_binding: "rule:1",
    intent: "inspect",
    operation_id: "op",
    mode: "dry_run",
  };
  const ignored = { ...head, trigger_id: "t", decision: "ignore", reason_code: "quiet" };

  test.each<[string, Json, string]>([
    ["allowed", planned, "trigger_planning_plan_operation"],
    ["record_only", ignored, "trigger_planning_ignore"],
    ["record_only", { ...ignored, decision: "cooldown_blocked" }, "trigger_planning_cooldown_blocked"],
  ])("is %s", (outcome, given, reason_code) => {
    expect(admitTriggerPlanning(parseTriggerPlanning(given))).toMatchObject({ outcome, reason_code, blockers: [] });
  });

  test.each<[string, Json]>([
    ["unknown_trigger_planning_decision:run", { ...planned, decision: "run" }],
    ["trigger_planning_missing_rule_binding", without(planned, "rule_binding")],
    ["missing_trigger_planning_intent", { ...planned, intent: "" }],
    ["unsupported_trigger_planning_mode:apply", { ...planned, mode: "apply" }],
    ["trigger_planning_record_decision_with_operation", { ...ignored, operation_id: "op" }],
    ["unknown_trigger_planning_request_field", { ...ignored, extra: 1 }],
    ["unsupported_trigger_planning_schema_version", { ...ignored, schema_version: "v9" }],
    ["forbidden_automation_metadata:host", { ...ignored, metadata: { list: [{ Host: 1 }] } }],
  ])("is refused: %s", (reason, given) => {
    expect(refusalOf(() => parseTriggerPlanning(given))).toBe(reason);
  });
});

describe("a supervisor's action", () => {
  const action = (name: string, more: Json = {}): Json => ({ ...head, action: name, reason_code: "r", ...more });
  const signed = (reference: string): boolean => reference === "signed";
  const admitted = (given: Json): object => admitSupervisorAction(parseSupervisorAction(given), signed);
  const retry = { inbox_item_id: "i", attempt_count: 4, max_attempts: 3 };

  test.each<[string, string, Json]>([
    ["record_only", "supervisor_action_record_only", action("record_health")],
    ["allowed", "supervisor_action_allowed", action("renew_lease", { signoff_ref: "signed" })],
    ["deferred", "supervisor_action_requires_human_signoff", action("renew_lease")],
    ["deferred", "supervisor_action_requires_human_signoff", action("mark_stale", { signoff_ref: "claimed" })],
    ["deferred", "supervisor_action_requires_human_signoff", action("escalate_operator")],
    ["denied", "supervisor_action_retry_budget_exceeded", action("retry_later", retry)],
    ["denied", "supervisor_action_retry_budget_exceeded", action("move_to_dead_letter", retry)],
    ["allowed", "supervisor_action_allowed", action("retry_later", { ...retry, attempt_count: 3 })],
    ["allowed", "supervisor_action_allowed", action("retry_later", { ...retry, max_attempts: 0 })],
    [
      "denied",
      "supervisor_action_stale_age_exceeded",
      action("block_autostart", { operation_id: "op", age_seconds: new JsonFraction("60.5"), max_age_seconds: 60 }),
    ],
    [
      "allowed",
      "supervisor_action_allowed",
      action("block_autostart", { operation_id: "op", age_seconds: 60, max_age_seconds: 60 }),
    ],
  ])("is %s: %s", (outcome, reason_code, given) => {
    expect(admitted(given)).toMatchObject({ outcome, reason_code, allowed: outcome === "allowed" });
  });

  test("without the host's port no sign-off counts", () => {
    const request = parseSupervisorAction(action("renew_lease", { signoff_ref: "signed" }));
    expect(admitSupervisorAction(request)).toMatchObject({ outcome: "deferred" });
  });

  test.each<[string, Json]>([
    ["unknown_supervisor_action:kill", action("kill")],
    ["missing_supervisor_action_inbox_item_id", action("retry_later")],
    ["missing_supervisor_action_operation_id", action("block_autostart")],
    ["invalid_supervisor_action_attempt_count", action("retry_later", { ...retry, attempt_count: true })],
    ["invalid_supervisor_action_age_seconds", action("block_autostart", { operation_id: "op", age_seconds: -1 })],
  ])("is refused: %s", (reason, given) => {
    expect(refusalOf(() => parseSupervisorAction(given))).toBe(reason);
  });
});

describe("an operation that starts another", () => {
  const transition: Json = {
    ...head,
    source: "trigger",
    chain_schema_version: "v0.1",
    parent_operation_id: "op",
    parent_status: "completed",
    llm_authority: false,
    depth: 1,
    max_depth: 1,
    child_sequence: 2,
    max_children: 2,
    child_intent_class: "inspect",
    allowed_child_intent_classes: ["inspect"],
  };
  const admitted = (more: Json): object =>
    admitAutomationTransition(parseAutomationTransition({ ...transition, ...more }));
  const proposal = { source: "llm_proposal", approval_ref: "approval" };

  test.each<[string, string, Json]>([
    ["allowed", "automation_transition_allowed", {}],
    ["denied", "automation_transition_chain_schema_unsupported", { chain_schema_version: "v2", llm_authority: true }],
    ["denied", "automation_transition_llm_authority_denied", { llm_authority: true, depth: 9 }],
    ["denied", "automation_transition_depth_exceeded", { depth: 2, child_sequence: 9 }],
    ["denied", "automation_transition_child_limit_exceeded", { child_sequence: 3, child_intent_class: "x" }],
    ["denied", "automation_transition_child_intent_not_allowed", { child_intent_class: "x", ...proposal }],
    ["deferred", "automation_transition_requires_approval", { source: "llm_proposal" }],
    ["deferred", "automation_transition_requires_approval", proposal],
  ])("is %s: %s", (outcome, reason_code, more) => {
    expect(admitted(more)).toMatchObject({ outcome, reason_code });
  });

  test("a model's proposal is allowed by an approval of exactly this transition", () => {
    const asked = parseAutomationTransition({ ...transition, ...proposal });
    const digest = automationTransitionDigest(asked);
    const port = (reference: string, of: string): boolean => reference === "approval" && of === digest;
    expect(admitAutomationTransition(asked, port)).toMatchObject({ outcome: "allowed" });
    const other = parseAutomationTransition({ ...transition, ...proposal, depth: 0 });
    expect(admitAutomationTransition(other, port)).toMatchObject({ outcome: "deferred" });
  });

  test.each<[string, Json]>([
    ["unknown_automation_transition_source:cron", { source: "cron" }],
    ["unknown_automation_transition_parent_status:odd", { parent_status: "odd" }],
    ["invalid_automation_transition_llm_authority", { llm_authority: "false" }],
    ["invalid_automation_transition_depth", { depth: -1 }],
    ["invalid_automation_transition_allowed_child_intent_classes", { allowed_child_intent_classes: "inspect" }],
  ])("is refused: %s", (reason, more) => {
    expect(refusalOf(() => parseAutomationTransition({ ...transition, ...more }))).toBe(reason);
  });

  test("what was stored is computed again", () => {
    const trigger = parseTriggerPlanning({ ...head, trigger_id: "t", decision: "ignore", reason_code: "r" });
    const health = parseSupervisorAction({ ...head, action: "record_health", reason_code: "r" });
    const move = parseAutomationTransition(transition);
    const stored = { trigger: { ...admitTriggerPlanning(trigger) }, health: { ...admitSupervisorAction(health) } };
    expect(refusalOf(() => checkTriggerAdmission(stored.trigger, trigger))).toBeUndefined();
    expect(refusalOf(() => checkSupervisorAdmission(stored.health, health))).toBeUndefined();
    expect(refusalOf(() => checkTransitionAdmission({ ...admitAutomationTransition(move) }, move))).toBeUndefined();
    expect(
      refusalOf(() => checkTriggerAdmission({ ...stored.trigger, outcome: "allowed", allowed: true }, trigger)),
    ).toBe("trigger_planning_admission_drift");
    expect(refusalOf(() => checkSupervisorAdmission({ ...stored.health, detail: "x" }, health))).toBe(
      "supervisor_action_admission_drift",
    );
    expect(refusalOf(() => checkTransitionAdmission({}, move))).toBe("automation_transition_admission_drift");
  });
});
