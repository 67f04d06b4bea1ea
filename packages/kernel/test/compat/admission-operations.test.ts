import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { runConformance, verdictText } from "@writ/kernel/conformance";
import type { ExactRecord } from "../../src/compat/exact-record.ts";

const digest = `sha256:${"b".repeat(64)}`;
const input = {
  prepared_execution_contract: { status: "prepared" },
  policy_decision: { decision: "allow" },
  execution_ticket: { status: "passed", ticket_id: "t", digest },
  trust_decision: { status: "passed", trust_status: "trusted" },
  runner_profile: { name: "dry-run", allowed: true },
  receipt_obligation: { required: true, binds: ["admission", "ticket"] },
  runtime_consumable: true,
  sclite_guarded_strict: { verification_status: "passed", root_chain_digest: digest, replay_status: "fresh" },
};
const allowed = { status: "allowed", allowed: true, reason_code: "all_required_gates_passed", blockers: [] };

function verdict(operation: string, given: ExactJson, value: ExactRecord): string | undefined {
  const report = runConformance([{ id: "one", operation, input: given, expected: { ok: true, value } }]);
  return report.results.map(verdictText)[0];
}
const composed = (change: ExactRecord, value: ExactRecord = allowed): string | undefined =>
  verdict("admission.compose", { ...input, ...change }, value);

describe("a composition that follows the newest line where a case follows the earlier one", () => {
  const guard = input.sclite_guarded_strict;
  const { replay_status: _, ...silent } = guard;

  test.each<[string, ExactRecord]>([
    [
      "freshness that the guard does not confirm",
      { sclite_guarded_strict: silent, replay_freshness: { replay_status: "fresh" } },
    ],
    [
      "freshness that the guard denies",
      { sclite_guarded_strict: { ...guard, replay_status: "replayed" }, replay_freshness: { status: "fresh" } },
    ],
    ["a guard that was passed and is blocked", { sclite_guarded_strict: { ...guard, status: "blocked" } }],
    ["a guard that was passed and is not allowed", { sclite_guarded_strict: { ...guard, allowed: false } }],
  ])("is stricter by one rule: %s", (_, change) => {
    expect(composed(change)).toBe("stricter: §27 no. 4");
    expect(
      verdict("admission.public_summary", { compose: { ...input, ...change } }, { allowed: true, blocker_count: 0 }),
    ).toBe("stricter: §27 no. 4");
  });

  test("is the same where both lines agree, and different where neither explains it", () => {
    expect(composed({})).toBe("same");
    expect(composed({ runtime_consumable: false, sclite_guarded_strict: { ...guard, status: "blocked" } })).toBe(
      "same",
    );
    expect(composed({ sclite_guarded_strict: {} })).toBe("DIFFERENT");
    expect(composed({ policy_decision: { decision: "deny" } })).toBe("DIFFERENT");
  });

  test("a blocked answer with fewer steps is stricter by another rule, and by that alone", () => {
    const denied = { status: "blocked", allowed: false, reason_code: "policy_denied", blockers: ["policy_denied"] };
    const change = { policy_decision: { decision: "deny" } };
    const steps = ["prepare_execution_contract", "revise_request_or_policy", "approve_execution_ticket"];
    expect(composed(change, { ...denied, required_next_actions: steps })).toBe("stricter: §27 no. 26");
    expect(composed(change, { ...denied, reason_code: "other" })).toBe("DIFFERENT");
  });
});
