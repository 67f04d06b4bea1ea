import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  compilePolicyPack,
  evaluatePolicyPack,
  parsePolicyVerdict,
  policyVerdictDigest,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { packSample, type Json } from "../governance/request-sample.ts";

const verdict = evaluatePolicyPack(
  compilePolicyPack(packSample),
  { request_id: "q", subject_ref: "s", action: { mode: "mutation" } },
  {},
);

test("a stored verdict is read as it was given", () => {
  expect(policyVerdictDigest(parsePolicyVerdict({ ...verdict }))).toBe(policyVerdictDigest(verdict));
});

describe("a stored verdict is refused for its fault", () => {
  test.each<[string, ExactJson]>([
    ["invalid_policy_verdict", null],
    ["unknown_policy_verdict_field", { ...verdict, extra: 1 }],
    ["unknown_policy_verdict_schema_version", { ...verdict, schema_version: "v1" }],
    ...faults([
      ["unknown_policy_verdict_decision:permit", { decision: "permit" }],
      ["unknown_policy_verdict_decision:missing", { decision: "" }],
      ["unknown_policy_risk_class:odd", { risk_class: "odd" }],
      ["policy_approval_without_blocker", { blockers: [] }],
      ["policy_deny_without_blocker", { decision: "deny", blockers: [] }],
      ["missing_policy_verdict_id", { verdict_id: "" }],
      ["missing_policy_verdict_subject_ref", { subject_ref: 1 }],
      ["invalid_policy_risk_score", { risk_score: true }],
      ["missing_policy_obligation_id", { obligations: [{ kind: "receipt" }] }],
      ["invalid_policy_obligations", { obligations: "receipt" }],
    ]),
  ])("%s", (reason, value) => {
    expect(refusalOf(() => parsePolicyVerdict(value))).toBe(reason);
  });
});

function faults(list: readonly (readonly [string, Json])[]): [string, ExactJson][] {
  return list.map(([reason, more]) => [reason, { ...verdict, ...more }]);
}
