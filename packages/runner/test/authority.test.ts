import { describe, expect, test } from "vitest";
import { checkAuthority, checkExecution } from "../src/authority.ts";
import type { Execution } from "../src/execution.ts";
import { leaseProblem } from "../src/lease.ts";
import { contractFor, executionFor, newId } from "./bench.ts";

const contract = contractFor({ argv: ["true"], cwd: "/work" });
const execution = executionFor(contract);
const { evidence } = execution;
const now = Date.now();

describe("the authority for a run", () => {
  test.each<[string, Partial<Execution>, number, boolean, string | null]>([
    ["ticket, contract, deadline and the log agree", {}, now, true, null],
    [
      "a contract that was changed",
      { contract: { ...contract, scope: { ...contract.scope, write: ["/"] } } },
      now,
      true,
      "other_digest",
    ],
    ["an expired ticket", {}, now + 61_000, true, "expired"],
    ["a ticket from the future", {}, now - 60_000, true, "not_yet_valid"],
    ["a deadline that has passed", { deadline: "2026-01-01T00:00:00.000Z" }, now, true, "deadline"],
    [
      "a decision that still holds it",
      { evidence: { ...evidence, decision: { ...evidence.decision, outcome: "hold" } } },
      now,
      true,
      "missing_or_invalid_policy_decision",
    ],
    [
      "evidence of another ticket",
      { evidence: { ...evidence, trust: { ...evidence.trust, ticketId: newId() } } },
      now,
      true,
      "missing_or_invalid_trust_decision",
    ],
    ["a live run without a sandbox", {}, now, false, "live_backend_disabled"],
  ])("%s", (_, change, at, sandboxed, problem) => {
    const blocked = checkAuthority({ ...execution, ...change }, at, sandboxed);
    if (problem === null) expect(blocked).toBeNull();
    else
      expect(blocked).toMatchObject({
        code: "RUNNER_NOT_AUTHORISED",
        reason: expect.stringContaining(problem) as string,
      });
  });

  test.each<[string, Partial<Execution>, string]>([
    ["an intent that is no id", { intent: "1" }, "RUNNER_EXECUTION_INVALID"],
    ["a receipt's id that is none", { receiptId: "1" }, "RUNNER_EXECUTION_INVALID"],
    ["no evidence of the log", { evidence: undefined } as unknown as Partial<Execution>, "RUNNER_EXECUTION_INVALID"],
    ["nobody to ask", { currentFence: undefined } as unknown as Partial<Execution>, "RUNNER_EXECUTION_INVALID"],
    ["a deadline that is no instant", { deadline: "tomorrow" }, "RUNNER_EXECUTION_INVALID"],
    [
      "a contract with an unknown field",
      { contract: { ...contract, extra: 1 } as Execution["contract"] },
      "CONTRACT_INVALID",
    ],
    ["a lease without a fence", { lease: { ...execution.lease, fence: 0 } }, "LEASE_INVALID"],
    ["a ticket without a mode", { ticket: { ...execution.ticket, mode: undefined } as never }, "TICKET_INVALID"],
  ])("%s cannot even have a receipt", (_, change, code) => {
    expect(() => checkExecution({ ...execution, ...change })).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe("the lease of a run, right before anything starts", () => {
  const { lease } = execution;

  test.each<[string, Partial<Execution>, number, string | null]>([
    ["is current", {}, now, null],
    ["names another intent", { lease: { ...lease, id: newId() } }, now, "another run"],
    ["names another ticket", { lease: { ...lease, ticket_id: newId() } }, now, "another run"],
    ["names another contract", { contract: { ...contract, tenant: "other" } }, now, "another run"],
    ["was taken over", { currentFence: () => Promise.resolve(lease.fence + 1) }, now, "taken the run over"],
    ["is ahead of the log", { lease: { ...lease, fence: lease.fence + 1 } }, now, "taken the run over"],
    ["is of a run that nobody knows", { currentFence: () => Promise.resolve(null) }, now, "could not be learned"],
    ["cannot be asked about", { currentFence: () => Promise.reject(new Error("gone")) }, now, "could not be learned"],
    ["begins later", {}, now - 60_000, "begins later"],
    ["has expired", {}, now + 120_000, "expired"],
  ])("%s", async (_, change, at, problem) => {
    const blocked = await leaseProblem({ ...execution, ...change }, () => at);
    if (problem === null) expect(blocked).toBeNull();
    else
      expect(blocked).toMatchObject({
        code: "RUNNER_LEASE_STALE",
        reason: expect.stringContaining(problem) as string,
      });
  });
});
