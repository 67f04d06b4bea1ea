import { describe, expect, test } from "vitest";
import { JsonFraction, type ExactJson } from "@writ/canon";
import {
  compilePolicyPack,
  evaluatePolicyPack,
  planAdmission,
  planEnforcement,
  POLICY_BASELINES,
  policyBaseline,
  type EnforcementPlan,
  type PolicyPack,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

type Control = readonly [kind: string, value?: ExactJson];

const issue = {
  issuer_ref: "issuer",
  policy_epoch: 1,
  validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
};

function packWith(obligations: readonly string[], constraints: readonly Control[], effect: string): PolicyPack {
  const rule = {
    rule_id: "rule",
    effect,
    conditions: [{ path: "action.mode", operator: "eq", value: "read" }],
    obligations: obligations.map((kind, index) => ({ obligation_id: `o${String(index)}`, kind })),
    constraints: constraints.map(([kind, value], index) => ({
      constraint_id: `c${String(index)}`,
      kind,
      ...(value !== undefined && { value }),
    })),
  };
  return compilePolicyPack({ policy_id: "p", version: "1", schema_version: "v1", ...issue, rules: [rule] });
}

function planOf(obligations: readonly string[], constraints: readonly Control[], effect = "allow"): EnforcementPlan {
  const pack = packWith(obligations, constraints, effect);
  return planEnforcement(pack, judged(pack, { mode: "read" }));
}

function judged(pack: PolicyPack, action: ExactJson): ReturnType<typeof evaluatePolicyPack> {
  return evaluatePolicyPack(pack, { request_id: "q", subject_ref: "s", action }, {});
}

describe("controls are projected", () => {
  test("a verdict that obliges to nothing still needs a receipt", () => {
    expect(planOf([], [])).toMatchObject({
      status: "ready",
      reason_code: "policy_controls_projected",
      controls: { receipt_required: true, max_steps: 0, control_ids: [], typed_execution_control_ids: [] },
    });
  });

  test("of several limits the smallest, of several allow-lists the union", () => {
    const plan = planOf(
      ["receipt", "output_digest_required"],
      [
        ["timeout", 30],
        ["timeout", new JsonFraction("2.5")],
        ["max_steps", 3],
        ["max_steps", 5],
        ["output_limit", 4096],
        ["read_only_required", true],
        ["no_raw_shell", true],
        ["mutation_requires_approval", true],
        ["allowed_network_egress", ["outbound_ssh", "no_network"]],
        ["allowed_network_egress", ["no_network"]],
        ["allowed_backend_classes", ["mock"]],
        ["output_digest_required", false],
      ],
    );
    expect(plan.controls).toMatchObject({
      timeout_seconds: { text: "2.5" },
      max_steps: 3,
      max_output_bytes: 4096,
      output_digest_required: true,
      read_only_required: true,
      no_raw_shell: true,
      mutation_requires_approval: true,
      allowed_network_egress: ["no_network", "outbound_ssh"],
      allowed_backend_classes: ["mock"],
      typed_execution_control_ids: [
        "backend_class_supported",
        "mutation_requires_approval",
        "network_boundary_match",
        "no_raw_shell",
        "output_digest_required",
        "read_only_posture",
        "receipt_required",
      ],
    });
    expect(plan.controls.control_ids).toHaveLength(14);
  });
});

test("a longer limit after a shorter one changes nothing, and one name is a list of itself", () => {
  const plan = planOf(
    [],
    [
      ["timeout", 2],
      ["timeout", 2],
      ["timeout", 3],
      ["allowed_backend_classes", " mock "],
    ],
  );
  expect(plan.controls).toMatchObject({ timeout_seconds: { text: "2.0" }, allowed_backend_classes: ["mock"] });
});

describe("what nobody enforces blocks", () => {
  test.each<[string, readonly string[], readonly Control[]]>([
    ["unsupported_policy_obligation:notify", ["notify"], [["odd", 1]]],
    ["unsupported_policy_constraint:odd", [], [["odd", 1]]],
    ["unsupported_policy_constraint:toString", [], [["toString", true]]],
    ["invalid_policy_constraint:timeout", [], [["timeout", 0]]],
    ["invalid_policy_constraint:timeout", [], [["timeout", true]]],
    ["invalid_policy_constraint:max_steps", [], [["max_steps", true]]],
    ["invalid_policy_constraint:max_steps", [], [["max_steps", new JsonFraction("2.0")]]],
    ["invalid_policy_constraint:output_limit", [], [["output_limit", -1]]],
    ["invalid_policy_constraint:no_raw_shell", [], [["no_raw_shell", false]]],
    ["invalid_policy_constraint:read_only_required", [], [["read_only_required", "true"]]],
    ["invalid_policy_constraint:output_digest_required", [], [["output_digest_required", 1]]],
    ["invalid_policy_constraint:allowed_network_egress", [], [["allowed_network_egress", []]]],
    ["invalid_policy_constraint:allowed_backend_classes", [], [["allowed_backend_classes", [1]]]],
  ])("%s", (reason, obligations, constraints) => {
    const plan = planOf(obligations, constraints);
    expect(plan).toMatchObject({ status: "blocked", reason_code: reason, blockers: [reason] });
    expect(plan.controls.control_ids).toEqual([]);
    expect(planAdmission(plan)).toMatchObject({ outcome: "denied", allowed: false, blockers: [reason] });
  });

  test("and so does a verdict that does not allow, its controls unprojected", () => {
    const plan = planOf([], [["max_steps", 3]], "approval_required");
    expect(plan).toMatchObject({ status: "blocked", blockers: ["approval_required"], controls: { max_steps: 0 } });
  });

  test("and a verdict of another pack or version", () => {
    const pack = packWith([], [], "allow");
    const plan = planEnforcement({ ...pack, policy_id: "other", version: "2" }, judged(pack, { mode: "read" }));
    expect(plan.blockers).toEqual(["policy_verdict_pack_mismatch", "policy_verdict_version_mismatch"]);
  });
});

describe("baselines", () => {
  const pack = (name: string): PolicyPack => compilePolicyPack(policyBaseline(name, issue));

  test.each(POLICY_BASELINES)("%s compiles", (name) => {
    expect(pack(name).rules.length).toBeGreaterThan(0);
  });

  test("an unknown one is refused", () => {
    expect(refusalOf(() => policyBaseline("constructor", issue))).toBe("unknown_policy_baseline:constructor");
  });

  test.each<[ExactJson, string]>([
    [{ mode: "read" }, "allow_with_obligations"],
    [{ mode: "observe" }, "allow_with_obligations"],
    [{ mode: "mutating" }, "approval_required"],
    [{ mode: "apply" }, "approval_required"],
    [{ mode: "read", unsafe_execution_shape: true }, "deny"],
    [{ mode: "read", destructive: true }, "deny"],
    [{ mode: "other" }, "deny"],
  ])("the governed runtime answers %j with %s", (action, decision) => {
    expect(judged(pack("governed-runtime"), action).decision).toBe(decision);
  });

  test("the governed runtime reads under the controls of both its parts, each once", () => {
    const plan = planEnforcement(pack("governed-runtime"), judged(pack("governed-runtime"), { mode: "read" }));
    expect(plan.controls).toMatchObject({
      max_output_bytes: 65_536,
      output_digest_required: true,
      read_only_required: true,
      no_raw_shell: true,
      allowed_network_egress: ["local_subprocess", "no_network", "outbound_http", "outbound_ssh"],
      control_ids: ["bounded-output", "egress", "no-raw-shell", "output-digest", "read-only", "receipt"],
    });
  });
});
