import { describe, expect, test } from "vitest";
import { canonicalize, sha256Hex } from "@writ/canon";
import { contractDigest, evaluatePreconditions, type Preconditions } from "@writ/kernel";
import { AGENT, NOW, processContract, ticket } from "./samples.ts";

const manifest = { artifacts: ["a", "b"] };
const root = sha256Hex(canonicalize(manifest));

const complete: Preconditions = {
  contract: processContract,
  decision: { entry: ticket.decision, actionDigest: contractDigest(processContract), outcome: "allow" },
  ticket,
  trust: { issued: 10, intent: 12, ticketId: ticket.id, proposer: AGENT },
  profile: { name: "live", allowed: true, liveBackendEnabled: true },
  live: true,
  now: NOW,
};
const bundle = {
  manifest,
  guard: { root, key_id: "k1", signature: "c2ln" },
  verifyGuard: () => true,
  consumption: { root, intent: 12 },
};

describe("never execute from raw intent", () => {
  test("every link in place allows, live or dry", () => {
    expect(evaluatePreconditions(complete)).toEqual({ allowed: true, to: "runner_allowed_live" });
    const dry = { ...complete, live: false, ticket: { ...ticket, mode: "dry" as const } };
    expect(evaluatePreconditions(dry)).toEqual({ allowed: true, to: "runner_allowed_dry_run" });
  });

  test.each([
    ["the log's first entry may be the ticket's", { issued: 0, intent: 1 }, true],
    ["an entry before the first there is not", { issued: -1, intent: 1 }, false],
    ["the intent cannot be the ticket's own entry", { issued: 10, intent: 10 }, false],
    ["the intent cannot come before the ticket", { issued: 10, intent: 9 }, false],
  ])("%s", (_, places, allowed) => {
    const trust = { ...complete.trust!, ...places };
    const gate = evaluatePreconditions({ ...complete, trust });
    expect(gate.allowed ? [] : gate.blockers).toEqual(allowed ? [] : ["missing_or_invalid_trust_decision"]);
  });

  test("nothing in place reports all links in their order, and their steps once each", () => {
    const profile = { name: "none", allowed: false, liveBackendEnabled: false };
    const nothing = { contract: null, decision: null, ticket: null, trust: null, profile, live: true, now: NOW };
    expect(evaluatePreconditions({ ...nothing, bundle: { manifest, guard: null, consumption: null } })).toEqual({
      allowed: false,
      reason: "kernel_guard_required",
      blockers: [
        "missing_prepared_execution_contract",
        "missing_or_invalid_policy_decision",
        "missing_or_invalid_execution_ticket",
        "missing_or_invalid_trust_decision",
        "runner_profile_not_allowed",
        "live_backend_disabled",
        "missing_or_invalid_kernel_guard",
        "missing_or_replayed_guarded_root",
      ],
      nextActions: [
        "prepare_execution_contract",
        "obtain_policy_decision",
        "approve_execution_ticket",
        "verify_trust_decision",
        "select_allowed_runner_profile",
        "verify_guarded_strict_bundle",
        "record_guard_replay_freshness",
      ],
    });
  });

  const changed = { ...processContract, tenant: "other" };
  test.each<[string, Partial<Preconditions>, string, readonly string[]]>([
    [
      "a decision about another contract",
      { decision: { ...complete.decision!, actionDigest: "0".repeat(64) } },
      "raw_intent_rejected",
      ["missing_or_invalid_policy_decision"],
    ],
    [
      "a hold",
      { decision: { ...complete.decision!, outcome: "hold" } },
      "raw_intent_rejected",
      ["missing_or_invalid_policy_decision"],
    ],
    [
      "a decision that was not evaluated",
      { decision: { ...complete.decision!, outcome: "not_evaluated" } },
      "raw_intent_rejected",
      ["missing_or_invalid_policy_decision"],
    ],
    [
      "a contract changed after the decision",
      { contract: changed },
      "raw_intent_rejected",
      ["missing_or_invalid_policy_decision", "missing_or_invalid_execution_ticket"],
    ],
    ["an expired ticket", { now: NOW + 300_000 }, "raw_intent_rejected", ["missing_or_invalid_execution_ticket"]],
    [
      "a ticket for a dry run",
      { ticket: { ...ticket, mode: "dry" } },
      "raw_intent_rejected",
      ["missing_or_invalid_execution_ticket"],
    ],
    [
      "a ticket of another decision",
      { ticket: { ...ticket, decision: ticket.id } },
      "raw_intent_rejected",
      ["missing_or_invalid_execution_ticket"],
    ],
    ["no durable intent", { trust: null }, "raw_intent_rejected", ["missing_or_invalid_trust_decision"]],
    [
      "an intent before the ticket",
      { trust: { ...complete.trust!, intent: 9 } },
      "raw_intent_rejected",
      ["missing_or_invalid_trust_decision"],
    ],
    [
      "evidence of another ticket",
      { trust: { ...complete.trust!, ticketId: ticket.action_id } },
      "raw_intent_rejected",
      ["missing_or_invalid_trust_decision"],
    ],
    [
      "no sandbox",
      { profile: { ...complete.profile, liveBackendEnabled: false } },
      "execution_disabled",
      ["live_backend_disabled"],
    ],
    [
      "a forbidden profile",
      { profile: { ...complete.profile, allowed: false } },
      "raw_intent_rejected",
      ["runner_profile_not_allowed"],
    ],
    [
      "a bundle without guard",
      { bundle: { ...bundle, guard: null } },
      "kernel_guard_required",
      ["missing_or_invalid_kernel_guard"],
    ],
    [
      "a guard of another manifest",
      { bundle: { ...bundle, manifest: {} } },
      "kernel_guard_required",
      ["missing_or_invalid_kernel_guard", "missing_or_replayed_guarded_root"],
    ],
    [
      "a guard nobody can check",
      { bundle: { manifest, guard: bundle.guard, consumption: bundle.consumption } },
      "kernel_guard_required",
      ["missing_or_invalid_kernel_guard"],
    ],
    [
      "a bad signature",
      { bundle: { ...bundle, verifyGuard: () => false } },
      "kernel_guard_required",
      ["missing_or_invalid_kernel_guard"],
    ],
    [
      "a root of unknown freshness",
      { bundle: { ...bundle, consumption: null } },
      "kernel_guard_required",
      ["missing_or_replayed_guarded_root"],
    ],
    [
      "a replayed root",
      { bundle: { ...bundle, consumption: { root, intent: 3 } } },
      "replay_detected",
      ["missing_or_replayed_guarded_root"],
    ],
  ])("%s blocks, alone", (_, change, reason, blockers) => {
    expect(evaluatePreconditions({ ...complete, ...change })).toMatchObject({ allowed: false, reason, blockers });
  });

  test("a good bundle allows", () => {
    expect(evaluatePreconditions({ ...complete, bundle })).toEqual({ allowed: true, to: "runner_allowed_live" });
  });
});
