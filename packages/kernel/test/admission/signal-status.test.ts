import { describe, expect, test } from "vitest";
import { composeAdmission } from "@writ/kernel";
import { inspectAdmission } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

const digest = `sha256:${"b".repeat(64)}`;
const guard = { verification_status: "passed", root_chain_digest: digest, replay_status: "fresh" };
const good = {
  admission_id: "a",
  subject_ref: "s",
  prepared_execution_contract: { status: "prepared" },
  policy_decision: { decision: "allow" },
  execution_ticket: { status: "passed", ticket_id: "t", digest },
  trust_decision: { trust_status: "trusted" },
  runner_profile: { name: "dry-run", allowed: true },
  receipt_obligation: { required: true, binds: ["admission", "ticket"] },
  runtime_consumable: true,
  sclite_guarded_strict: guard,
};

const [G, R] = ["missing_or_invalid_kernel_guard", "missing_or_replayed_guarded_root"];

/** The one blocker that a summary causes; `none` when it passes. */
function blocker(more: object): string {
  return composeAdmission({ ...good, ...more }).blockers.join(" ") || "none";
}

describe("a summary says by any of its words what it is", () => {
  test.each<[object, string]>([
    [{ policy_decision: { allowed: true } }, "none"],
    [{ policy_decision: { allowed: false, decision: "allow" } }, "policy_denied"],
    [{ policy_decision: { allowed: null, outcome: "allow" } }, "policy_denied"],
    [{ policy_decision: { policy_id: "p" } }, "unknown_policy_decision"],
    [{ policy_decision: { decision: "", status: "allow" } }, "unknown_policy_decision"],
    [{ trust_decision: { trusted: null, trust_status: "trusted" } }, "trust_decision_denied"],
    [{ execution_ticket: { ...good.execution_ticket, allowed: null } }, "execution_ticket_not_approved"],
    [{ sclite_guarded_strict: { ...guard, strict: null } }, G],
    [{ execution_ticket: { ...good.execution_ticket, status: "", approval: { status: "approved" } } }, "none"],
    [{ execution_ticket: { status: "", approval: { status: "rejected" } } }, "execution_ticket_not_approved"],
    [{ execution_ticket: { approval: "approved" } }, "unknown_execution_ticket_status"],
    [{ trust_decision: { trusted: true } }, "none"],
    [{ trust_decision: { trusted: false } }, "trust_decision_denied"],
    [{ trust_decision: { other: 1 } }, "unknown_trust_decision_status"],
    [{ trust_decision: { verification_status: "odd" } }, "unknown_trust_decision_status"],
    [{ sclite_guarded_strict: { ...guard, guarded: false } }, G],
    [{ sclite_guarded_strict: { ...guard, kernel_guard_present: false } }, G],
    [{ sclite_guarded_strict: { ...guard, strict_lifecycle: false } }, G],
    [{ sclite_guarded_strict: { replay_status: "fresh" } }, G],
    [{ sclite_guarded_strict: { ...guard, replay_status: "" } }, R],
    [{ sclite_guarded_strict: { ...guard, replay_status: "" }, replay_freshness: { status: "fresh" } }, R],
    [{ replay_freshness: { status: "fresh" } }, "none"],
    [{ replay_freshness: { status: "unknown" } }, R],
  ])("%j: %s", (more, code) => {
    expect(blocker(more)).toBe(code);
  });
});

describe("an admission that somebody else composed", () => {
  const record = { admission_id: "a", subject_ref: "s", status: "allowed", allowed: true };
  test("is told with its blockers, and nothing is executed for it", () => {
    expect(inspectAdmission(JSON.stringify(record))).toMatchObject({ ...record, blockers: [], executed: false });
  });

  test.each<[string, string]>([
    ["runtime_admission_json_invalid", "{not json: secret"],
    ["runtime_admission_json_invalid", "[1]"],
    ["runtime_admission_json_invalid", `{"allowed":true}`],
    ["runtime_admission_input_too_large", " ".repeat(1_048_577)],
    ["invalid_boolean:yes", JSON.stringify({ ...record, allowed: "yes" })],
  ])("is refused with %s, and never with what was read", (reason, input) => {
    expect(refusalOf(() => inspectAdmission(input))).toBe(reason);
    expect(() => inspectAdmission(input)).not.toThrow(/secret/);
  });
});
