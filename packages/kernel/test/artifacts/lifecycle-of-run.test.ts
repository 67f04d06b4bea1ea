import { describe, expect, test } from "vitest";
import { parseJsonExact } from "@writ/canon";
import { contractDigest, lifecycleOfRun, verifyChain, type GovernedRun, type RunLifecycle } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";
import { NOW, processContract, receipt, statementContract, ticket } from "../samples.ts";

const run: GovernedRun = {
  runId: "run-1",
  now: NOW,
  contract: processContract,
  decision: { id: ticket.decision, outcome: "hold", policies: ["D-6"], targetInScope: true },
  ticket,
  receipt,
};

function verified({ artifacts, manifest }: RunLifecycle): ReturnType<typeof verifyChain> {
  const read = parseJsonExact(JSON.stringify(manifest));
  return verifyChain({ manifest: read, load: (path) => artifacts[path] }, { requireLifecycle: true });
}

describe("a governed run as a lifecycle", () => {
  test("is six files that verify, under the run's name", () => {
    const lifecycle = lifecycleOfRun(run);
    expect(Object.keys(lifecycle.artifacts)).toEqual([
      "intent_contract.json",
      "policy_decision.v0.2.json",
      "execution_contract.json",
      "execution_ticket.json",
      "execution_receipt.v0.2.json",
      "evidence_contract.json",
    ]);
    expect(lifecycle.manifest.chain_id).toBe("run-1");
    expect(verified(lifecycle)).toMatchObject({ ok: true, result: { status: "passed", lifecycle_status: "passed" } });
  });

  test("takes its window and its mode from the ticket, its times from the clock", () => {
    const { artifacts } = lifecycleOfRun(run);
    expect(artifacts["execution_ticket.json"]).toMatchObject({
      created_at: "2026-01-02T03:04:05.006Z",
      approval: { status: "approved", approver_kind: "operator" },
      validity: { not_before: ticket.issued_at, not_after: ticket.expires_at },
      execution_limits: { mode: "live", max_runs: 1, one_shot: true },
    });
    expect(artifacts["policy_decision.v0.2.json"]).toMatchObject({
      decision: "owner_approval_required",
      reason_codes: ["D-6"],
    });
  });

  test("of a dry run is one, and is only approved for that", () => {
    const dry = { ...run, ticket: { ...ticket, mode: "dry" as const, approvals: [] } };
    const dried = { ...dry, receipt: { ...receipt, mode: "dry" as const, outcome: "dry_run" as const } };
    const lifecycle = lifecycleOfRun(dried);
    expect(lifecycle.artifacts["execution_ticket.json"]).toMatchObject({
      approval: { status: "approved_for_dry_run", approver_kind: "policy" },
    });
    expect(lifecycle.artifacts["execution_receipt.v0.2.json"]).toMatchObject({
      execution: { executed_command_count: 0, network_execution_performed: false },
      outcome: { status: "dry_run" },
    });
    expect(verified(lifecycle)).toMatchObject({ ok: true, result: { status: "passed" } });
  });

  test("never carries output, and a statement's words stay where they were said", () => {
    const of = contractDigest(statementContract);
    const said = { ...run, contract: statementContract, ticket: { ...ticket, action_digest: of } };
    const lifecycle = lifecycleOfRun({ ...said, receipt: { ...receipt, action_digest: of } });
    expect(JSON.stringify(lifecycle)).not.toContain("Transfer 50 SOL");
    expect(JSON.stringify(lifecycleOfRun(run))).not.toContain(receipt.stdout.sha256);
  });

  test("is sanitised before it is linked", () => {
    const secret = lifecycleOfRun(
      run,
      (artifact) => JSON.parse(JSON.stringify(artifact).replaceAll("agent-1", "<name>")) as never,
    );
    expect(JSON.stringify(secret)).not.toContain("agent-1");
    expect(verified(secret)).toMatchObject({ ok: true });
  });

  test.each([
    ["execution_ticket_contract_digest_mismatch", { ticket: { ...ticket, action_digest: "0".repeat(64) } }],
    ["execution_receipt_ticket_mismatch", { receipt: { ...receipt, ticket_id: ticket.action_id } }],
    ["execution_receipt_ticket_mismatch", { receipt: { ...receipt, action_digest: "0".repeat(64) } }],
    ["execution_receipt_mode_mismatch", { receipt: { ...receipt, mode: "dry" as const } }],
  ])("%s", (reason, change) => {
    expect(refusalOf(() => lifecycleOfRun({ ...run, ...change }))).toBe(reason);
  });

  test("of a target out of scope is made, and passes nowhere", () => {
    const outside = lifecycleOfRun({ ...run, decision: { ...run.decision, targetInScope: false } });
    expect(verified(outside)).toMatchObject({ ok: false, text: "lifecycle target_in_scope is explicitly false" });
  });
});
