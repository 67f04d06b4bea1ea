import { expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { runConformance } from "@writ/kernel/conformance";

/** Every combination of one value of each list. */
function* combinations<Lists extends Readonly<Record<string, readonly ExactJson[]>>>(
  lists: Lists,
): Generator<{ [Name in keyof Lists]: Lists[Name][number] }> {
  const names = Object.keys(lists);
  const total = names.reduce((product, name) => product * (lists[name]?.length ?? 0), 1);
  for (let number = 0; number < total; number++) {
    let rest = number;
    const picked = names.map((name) => {
      const values = lists[name] ?? [];
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return [name, value];
    });
    yield Object.fromEntries(picked) as { [Name in keyof Lists]: Lists[Name][number] };
  }
}

const GIVEN = {
  contract: [true, false],
  policy: ["allow", "ok", "Allow", "deny"],
  ticket: ["approved_for_dry_run", "passed", "pending", ""],
  trust: ["trusted", "ok", "untrusted"],
  runner: [true, false],
  backend: [true, false],
  live: [true, false],
  consumable: [true, false],
  guard: ["passed", "failed"],
  replay: ["fresh", "replayed", "stale"],
} as const;

type Given = { [Name in keyof typeof GIVEN]: (typeof GIVEN)[Name][number] };

/** The table of spec kernel.md §14 once more, in the words of the reference. */
function reference(given: Given): { allowed: boolean; blockers: readonly string[]; reason_code: string } {
  const first: [boolean, string][] = [
    [given.contract, "missing_prepared_execution_contract"],
    [["allow", "ok"].includes(given.policy), "missing_or_invalid_policy_decision"],
    [["approved_for_dry_run", "passed"].includes(given.ticket), "missing_or_invalid_execution_ticket"],
    [["trusted", "ok"].includes(given.trust), "missing_or_invalid_trust_decision"],
    [given.runner, "runner_profile_not_allowed"],
    [!given.live || given.backend, "live_backend_disabled"],
  ];
  const second: [boolean, string][] = given.consumable
    ? [
        [given.guard === "passed", "missing_or_invalid_kernel_guard"],
        [given.replay === "fresh", "missing_or_replayed_guarded_root"],
      ]
    : [];
  const missing = (links: [boolean, string][]): string[] => links.filter(([holds]) => !holds).map(([, name]) => name);
  const [early, late] = [missing(first), missing(second)];
  const blockers = [...early, ...late];
  if (late.length > 0) {
    const reason_code = given.replay === "replayed" ? "replay_detected" : "kernel_guard_required";
    return { allowed: false, blockers, reason_code };
  }
  if (early.includes("live_backend_disabled")) return { allowed: false, blockers, reason_code: "execution_disabled" };
  return {
    allowed: blockers.length === 0,
    blockers,
    reason_code: blockers.length === 0 ? "ok" : "raw_intent_rejected",
  };
}

test("the gate answers every combination of its links as the reference does", () => {
  const cases = [...combinations(GIVEN)].map((given, number) => ({
    id: String(number),
    operation: "execution.gate",
    input: {
      gate_input: {
        has_prepared_execution_contract: given.contract,
        policy_decision_status: given.policy,
        execution_ticket_status: given.ticket,
        trust_decision_status: given.trust,
        runner_profile: { allowed: given.runner, live_backend_enabled: given.backend },
        runtime_consumable_bundle: given.consumable,
        guarded_bundle_status: given.guard,
        replay_status: given.replay,
      },
      live: given.live,
    },
    expected: {
      ...reference(given),
      to_state: given.live ? "runner_allowed_live" : "runner_allowed_dry_run",
    },
  }));
  const { counts } = runConformance(cases);
  expect(counts).toEqual({ same: 9_216, stricter: 0, different: 0, unsupported: 0 });
});

const ORIENTATION = {
  operator_control: ["run", "pause", "stop"],
  scope_ok: [true, false],
  policy_ok: [true, false],
  ticket_ok: [true, false],
  spec_ok: [true, false],
  budget_state: ["ok", "exhausted"],
  host_health: ["ok", "high_fail_rate"],
  output_shape: ["expected", "raw_leak_risk"],
  observation: ["", "critical", "scope_drift", "host_cooldown", "step_completed_with_followup"],
} as const;

/** The table of spec kernel.md §18: the first row that holds. */
function row(given: { [Name in keyof typeof ORIENTATION]: (typeof ORIENTATION)[Name][number] }): [string, string] {
  const rows: [boolean, string, string][] = [
    [given.operator_control === "stop", "abort", "operator_stop_requested"],
    [given.operator_control === "pause", "pause", "operator_pause_requested"],
    [!given.scope_ok, "abort", "scope_drift_detected"],
    [!given.policy_ok, "require_owner_review", "policy_mismatch"],
    [!given.ticket_ok || !given.spec_ok, "require_owner_review", "ticket_or_spec_mismatch"],
    [given.budget_state !== "ok", "pause", "budget_exhausted"],
    [given.host_health !== "ok", "cooldown", "host_health_high_fail_rate"],
    [given.output_shape !== "expected", "degrade_to_dry_run", "output_shape_raw_leak_risk"],
    [given.observation === "critical", "abort", "critical_observation:x"],
    [given.observation === "scope_drift", "require_owner_review", "warning_observation:scope_drift"],
    [given.observation === "host_cooldown", "cooldown", "observation:host_cooldown"],
    [given.observation === "step_completed_with_followup", "replan_after_step", "followup_replan_requested"],
  ];
  const [, decision, reason] = rows.find(([holds]) => holds) ?? [true, "continue", "ok"];
  return [decision, reason];
}

const SEVERITY: Readonly<Record<string, string>> = { critical: "critical", scope_drift: "warning" };

test("the loop answers every combination of its facts and one observation as the reference does", () => {
  const cases = [...combinations(ORIENTATION)].map((given, number) => {
    const { observation, ...orientation } = given;
    const kind = observation === "critical" ? "x" : observation;
    const observations = observation === "" ? [] : [{ kind, severity: SEVERITY[observation] ?? "info" }];
    const [decision, reason_code] = row(given);
    return {
      id: String(number),
      operation: "control_loop.decide",
      input: { orientation, observations },
      expected: { decision, reason_code },
    };
  });
  const { counts } = runConformance(cases);
  expect(counts).toEqual({ same: 1_920, stricter: 0, different: 0, unsupported: 0 });
});
