import { describe, expect, test } from "vitest";
import { checkUseGate, verifyTicketUse, type TicketUse } from "@writ/kernel";
import { sampleArtifacts, type Changes, type Role } from "../artifacts/samples.ts";

type Modes = Pick<TicketUse, "strictTicketProfile" | "strictEvidenceClaims">;
const STRICT: Modes = { strictTicketProfile: true, strictEvidenceClaims: true };

function use(changes: Partial<Record<Role, Changes>>, modes: Modes = {}): ReturnType<typeof verifyTicketUse> {
  return verifyTicketUse({ ...parts(changes), ...modes });
}

function parts(changes: Partial<Record<Role, Changes>>): TicketUse {
  const artifacts = sampleArtifacts(changes);
  return {
    ticket: artifacts.execution_ticket,
    contract: artifacts.execution_contract,
    receipt: artifacts.execution_receipt,
    evidence: artifacts.evidence_contract,
  };
}

/** A live ticket whose receipt reports one executed command over the network. */
const LIVE: Partial<Record<Role, Changes>> = {
  execution_contract: { "execution_bounds.mode": "live", "execution_bounds.network_execution_allowed": true },
  execution_ticket: {
    "approval.status": "approved",
    "scope_binding.mode": "live",
    "execution_limits.mode": "live",
    "spend_limits.network_execution_allowed": true,
  },
  execution_receipt: {
    "runtime.mode": "live",
    "outcome.status": "completed",
    "execution.executed_command_count": 1,
    "execution.network_execution_performed": true,
  },
};

/** LIVE with more changes, role by role. */
function live(changes: Partial<Record<Role, Changes>>): Partial<Record<Role, Changes>> {
  const roles = new Set([...Object.keys(LIVE), ...Object.keys(changes)]) as Set<Role>;
  return Object.fromEntries([...roles].map((role) => [role, { ...LIVE[role], ...changes[role] }]));
}

describe("a ticket's use", () => {
  test.each([
    ["a dry run", {}, {}],
    ["a dry run in strict modes", {}, STRICT],
    ["a live run", LIVE, {}],
  ])("passes for %s", (_, changes, modes) => {
    expect(use(changes, modes)).toMatchObject({ ok: true, result: { status: "passed", detail: "" } });
  });

  test("names its ticket, its receipt, its evidence and every check in order", () => {
    expect(use({})).toMatchObject({
      result: {
        ticket_id: "ticket-1",
        receipt_id: "receipt-1",
        evidence_contract_id: "evidence-1",
        checks: [
          "ticket_semantics_valid",
          "receipt_binds_ticket",
          "receipt_binds_execution_contract",
          "receipt_runtime_matches_ticket",
          "receipt_mode_within_ticket",
          "receipt_network_within_ticket",
          "receipt_use_within_ticket",
          "receipt_within_ticket_validity",
          "evidence_binds_receipt",
          "evidence_binds_ticket",
          "evidence_claims_bounded_by_receipt",
          "evidence_replay_within_ticket",
        ],
        summary: {
          receipt_status: "dry_run",
          receipt_runtime: "runtime:r",
          evidence_checks: { length: 4 },
          scope_status: "operator_asserted",
          ticket_validity_status: "passed",
        },
      },
    });
  });

  test.each<[string, Changes]>([
    ["receipt-ticket descriptor mismatch", { "links.execution_ticket.descriptor.digest": "0" }],
    ["receipt-execution_contract descriptor mismatch", { "links.execution_contract.descriptor.digest": "0" }],
    [
      "receipt runtime does not match ticket subject_binding.usable_by_runtime",
      { "runtime.name": "other", "runtime.runtime_ref": "runtime:other" },
    ],
    ["receipt runtime mode exceeds ticket mode", { "runtime.mode": "live" }],
    ["receipt runtime mode exceeds ticket mode", { "runtime.mode": undefined }],
    ["dry-run ticket receipt must report a dry-run/non-executed outcome", { "outcome.status": "completed" }],
    ["dry-run ticket receipt must report a dry-run/non-executed outcome", { "outcome.status": "BLOCKED" }],
    ["receipt reports network execution forbidden by ticket", { "execution.network_execution_performed": true }],
    [
      "receipt does not say whether network execution was performed",
      { "execution.network_execution_performed": undefined },
    ],
    [
      "receipt does not say whether network execution was performed",
      { "execution.network_execution_performed": "false" },
    ],
    ["receipt ticket_use.ticket_id mismatch", { "ticket_use.ticket_id": "other" }],
    ["receipt ticket_use.consumed_by_runtime mismatch", { "ticket_use.consumed_by_runtime": "runtime:other" }],
    ["receipt.ticket_use.use_count must be an integer", { "ticket_use.use_count": "1" }],
    ["receipt ticket use_count exceeds ticket max_uses", { "ticket_use.use_count": 2 }],
    ["receipt ticket use_count exceeds ticket max_uses", { "ticket_use.use_count": 0 }],
    ["receipt.execution.executed_command_count must be an integer", { "execution.executed_command_count": null }],
    ["receipt executed command count exceeds ticket execution limit", { "execution.executed_command_count": 2 }],
    ["receipt execution started_at is after ended_at", { "execution.started_at": "2026-01-01T12:00:02Z" }],
    [
      "receipt execution interval is outside ticket validity window",
      { "execution.ended_at": "2026-01-02T00:00:00.000000001Z" },
    ],
    ...["2026-01-01T12:00:01", "2026-01-01T12:00:01z", ""].map((time): [string, Changes] => [
      "receipt.execution.ended_at must be an offset-aware RFC3339 timestamp",
      { "execution.ended_at": time },
    ]),
  ])("is refused: %s", (text, receipt) => {
    expect(use({ execution_receipt: receipt })).toMatchObject({ ok: false, family: "ticket_use", text });
  });

  test.each<[string, Changes]>([
    ["strict ticket profile requires receipt.ticket_use", { ticket_use: undefined }],
    ["strict ticket profile requires receipt.ticket_use", { ticket_use: {} }],
    [
      "strict ticket profile requires receipt.ticket_use.consumed_by_runtime",
      { "ticket_use.consumed_by_runtime": undefined },
    ],
  ])("in strict mode is refused: %s", (text, receipt) => {
    expect(use({ execution_receipt: receipt })).toMatchObject({ ok: true });
    expect(use({ execution_receipt: receipt }, STRICT)).toMatchObject({ ok: false, text });
  });

  test.each<[string, Changes]>([
    ["the first instant of the window", { "execution.started_at": "2026-01-01T01:00:00+01:00" }],
    [
      "the last instant of the window",
      { "execution.started_at": "2026-01-02T00:00:00Z", "execution.ended_at": "2026-01-01T23:00:00-01:00" },
    ],
  ])("may fall on %s", (_, receipt) => {
    expect(use({ execution_receipt: receipt })).toMatchObject({ ok: true, result: { status: "passed" } });
  });

  test.each<[string, Changes]>([
    [
      "receipt execution timestamps are missing; ticket validity was not fully checked",
      { "execution.started_at": undefined },
    ],
    ["receipt is non-executed/blocked; ticket validity is not an execution pass", { "outcome.status": "blocked" }],
    [
      "receipt execution timestamps are missing; ticket validity was not fully checked",
      { "execution.started_at": null },
    ],
    ["receipt execution timestamps are missing; ticket validity was not fully checked", { "execution.ended_at": null }],
  ])("is only reviewed: %s", (detail, receipt) => {
    expect(use({ execution_receipt: receipt })).toMatchObject({ ok: true, result: { status: "review", detail } });
  });

  test("joins the reasons for a review", () => {
    const changes = {
      execution_contract: { "target_binding.target_in_scope": undefined },
      execution_receipt: { "outcome.status": "skipped" },
    };
    expect(use(changes)).toMatchObject({
      result: {
        detail:
          "execution_contract target_in_scope is not checked; " +
          "receipt is non-executed/blocked; ticket validity is not an execution pass",
      },
    });
  });

  test("needs the evidence that the ticket asks for", () => {
    expect(verifyTicketUse({ ...parts({}), evidence: undefined })).toMatchObject({
      ok: false,
      text: "ticket requires an evidence contract but none was provided",
    });
  });
});

describe("a ticket of an external capability", () => {
  /** It may do without evidence, and need not be used once. */
  const external = (more: Changes = {}): Changes => ({
    ticket_profile: "external_capability_ref",
    "spend_limits.requires_evidence_contract": false,
    ...more,
  });
  const without = (changes: Partial<Record<Role, Changes>>, modes: Modes = {}) =>
    verifyTicketUse({ ...parts(changes), evidence: undefined, ...modes });

  test("passes without evidence when it asks for none, and then claims no check of any", () => {
    const used = without({ execution_ticket: external(), execution_receipt: { "runtime.runtime_ref": undefined } });
    expect(used).toMatchObject({
      ok: true,
      result: { status: "passed", evidence_contract_id: "", summary: { evidence_checks: [], receipt_runtime: "r" } },
    });
    expect(used.ok ? used.result.checks.filter((check) => check.startsWith("evidence")) : undefined).toEqual([]);
  });

  test("asks for evidence when it says so", () => {
    const asks = { execution_ticket: external({ "spend_limits.requires_evidence_contract": true }) };
    const text = "ticket requires an evidence contract but none was provided";
    expect(without(asks)).toMatchObject({ ok: false, family: "ticket_use", text });
  });
});

describe("the commands of a ticket for one use", () => {
  test.each([
    [1, 1, undefined],
    [1, 2, "receipt executed command count exceeds ticket execution limit"],
    [2, 2, undefined],
    [2, 3, "receipt executed command count exceeds ticket execution limit"],
  ])("of %i runs allowed %i were executed: %s", (runs, executed, text) => {
    const changes = live({
      execution_ticket: { "execution_limits.max_runs": runs },
      execution_receipt: { "execution.executed_command_count": executed },
    });
    const used = use(changes);
    expect(used.ok ? undefined : used.text).toBe(text);
  });

  test("are not counted for a ticket of several uses", () => {
    const changes = live({
      execution_ticket: {
        "spend_limits.one_shot": false,
        "execution_limits.one_shot": false,
        "execution_limits.max_runs": 2,
        "spend_limits.max_uses": 2,
      },
      execution_receipt: { "execution.executed_command_count": undefined, "ticket_use.use_count": 2 },
    });
    expect(use(changes)).toMatchObject({ ok: true });
  });
});

describe("an evidence claim", () => {
  const at = (name: string): string => `claims.0.${name}`;

  test.each<[string, Changes, Modes?]>([
    ["is not receipt-bounded", { [at("bounded_by_receipt")]: 1 }],
    ["must declare source_receipt_id", { [at("source_receipt_id")]: undefined }],
    ["source_receipt_id mismatch", { [at("source_receipt_id")]: "other" }],
    [
      "uses legacy execution text markers in strict evidence profile",
      { [at("statement")]: "Command_Executed here" },
      STRICT,
    ],
    ["uses legacy network text markers in strict evidence profile", { [at("id")]: "live_network" }, STRICT],
    ["has unsupported strict claim_type", { [at("claim_type")]: "other" }, STRICT],
    ["execution claim must require completed execution", { [at("claim_type")]: "receipt_bounded_execution" }, STRICT],
    ["non-execution claim cannot require execution", { [at("requires_live_execution")]: true }, STRICT],
    ["requires executed commands beyond receipt", { [at("requires_completed_execution")]: true }],
    ["requires executed commands beyond receipt", { [at("statement")]: "a tool_executed" }],
    ["requires network execution beyond receipt", { [at("requires_network_execution")]: true }],
    ["requires network execution beyond receipt", { [at("requires_live_execution")]: true }],
    ["exceeds dry-run ticket evidence bounds", { [at("statement")]: "CONFIRMED_VULNERABILITY" }],
  ])("%s", (problem, evidence, modes) => {
    expect(use({ evidence_contract: evidence }, modes)).toMatchObject({
      ok: false,
      text: `evidence_contract.claims[0] ${problem}`,
    });
  });

  test("of completed execution is refused after a blocked outcome", () => {
    const changes = {
      execution_receipt: { "outcome.status": "blocked" },
      evidence_contract: { [at("requires_completed_execution")]: true },
    };
    expect(use(changes)).toMatchObject({
      text: "evidence_contract.claims[0] requires completed execution beyond receipt status",
    });
  });

  test("of a dry run is refused for a completed one in the strict profile", () => {
    expect(use(LIVE, STRICT)).toMatchObject({
      text: "evidence_contract.claims[0] dry-run claim requires dry-run/non-executed receipt",
    });
  });

  test("of execution and network holds when the receipt reports both", () => {
    const evidence = {
      [at("claim_type")]: "receipt_bounded_execution",
      [at("requires_completed_execution")]: true,
      [at("requires_network_execution")]: true,
    };
    expect(use(live({ evidence_contract: evidence }), STRICT)).toMatchObject({
      ok: true,
      result: { status: "passed" },
    });
  });

  test.each<[string, Changes]>([
    ["evidence-receipt descriptor mismatch", { "links.execution_receipt.descriptor.digest": "0".repeat(64) }],
    ["evidence-ticket descriptor mismatch", { "links.execution_ticket.descriptor.digest": "0".repeat(64) }],
    ["dry-run evidence contract must disclaim live vulnerability evidence", { non_claims: ["other"] }],
    ["evidence replay requires live execution forbidden by ticket", { "replay.live_execution_required": true }],
  ])("stands in a contract that is refused: %s", (text, evidence) => {
    expect(use({ evidence_contract: evidence })).toMatchObject({ ok: false, text });
  });

  test.each<[string, Changes]>([
    ["no descriptor", { "links.execution_receipt.descriptor": undefined }],
    ["no role", { "links.execution_receipt.role": undefined }],
    ["a digest that is none", { "links.execution_receipt.descriptor.digest": "0" }],
    ["a ticket without its size", { "links.execution_ticket.descriptor.canonical_bytes": 0 }],
  ])("stands in a contract that is malformed where a link has %s", (_, evidence) => {
    const text = expect.stringMatching(/^evidence_contract schema validation failed:\$\.links\./) as string;
    expect(use({ evidence_contract: evidence })).toMatchObject({ ok: false, text });
  });
});

describe("the use gate", () => {
  test("passes what the use check passes", () => {
    expect(checkUseGate(parts({}))).toEqual({
      ok: true,
      result: expect.objectContaining({
        status: "passed",
        profile: "scoped_execution_ticket",
        source: "sclite.verify_ticket_use",
      }) as object,
    });
  });

  test("wraps the use check's failures and no others", () => {
    const receipt = { execution_receipt: { "runtime.mode": "live" } };
    expect(checkUseGate(parts(receipt))).toMatchObject({
      text: "sclite_ticket_use_failed:receipt runtime mode exceeds ticket mode",
    });
    const ticket = { execution_ticket: { "scope_binding.tool": "x" } };
    expect(checkUseGate(parts(ticket))).toMatchObject({ text: "ticket tool drift from execution_contract" });
  });

  test.each(["ticket", "contract", "receipt"] as const)("says when the %s is missing", (name) => {
    const code = { ticket: "execution_ticket", contract: "execution_contract", receipt: "execution_receipt" }[name];
    expect(checkUseGate({ ...parts({}), [name]: undefined })).toMatchObject({ ok: false, text: `missing_${code}` });
  });
});
