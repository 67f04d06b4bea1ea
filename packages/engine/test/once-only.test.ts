import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256, type ExactJson } from "@writ/canon";
import { signDecision, type ExactRecord, type GovernanceDecision, type SignedRecord } from "@writ/kernel";
import { checkGovernanceDecision, evaluateGovernance } from "@writ/kernel/governance";
import { noteSigningKey } from "@writ/ledger";

import { sampleArtifacts } from "../../kernel/test/artifacts/samples.ts";
import { activationSample, requestSample } from "../../kernel/test/governance/request-sample.ts";
import { recordSigner, recordVerifier, type DecisionUse } from "../src/index.ts";
import { agent, anna, NOON, openHouse } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const many = <Answer>(ask: () => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: 20 }, () => ask()));

describe("a guarded bundle", () => {
  const record = {
    root_tag: "tag",
    chain_id: "chain",
    key_id: "key",
    root_chain_digest: "digest",
    ticket_id: "ticket",
    metadata: { free: 1 },
  };
  const replay = (more: ExactRecord = {}, requireFresh = true) =>
    house.engine.recordReplay(anna, { record: { ...record, ...more }, requireFresh });

  test("is fresh for one of many, and a replay for the others", async () => {
    const answers = await many(() => replay());
    expect(answers.filter(({ replay_status }) => replay_status === "fresh")).toHaveLength(1);
    for (const { replay_status, allowed, blocker } of answers)
      if (replay_status !== "fresh")
        expect({ allowed, blocker }).toEqual({ allowed: false, blocker: "replayed_guarded_payload:digest" });
  });

  test("stays a replay after a crash, under new nonces, and by its root alone", async () => {
    expect(await replay()).toMatchObject({ replay_status: "fresh" });
    house = await house.crash();
    expect(await replay({ root_tag: "new" })).toMatchObject({ blocker: "replayed_guarded_payload:digest" });
    expect(await replay({ root_chain_digest: "new" })).toMatchObject({ blocker: "replayed_guard_root:tag" });
    expect(await replay({ root_tag: "new" }, false)).toMatchObject({ allowed: true, replay_status: "seen" });
    expect(await replay({ key_id: "new" })).toMatchObject({ replay_status: "fresh" });
  });

  test("that was only observed is on record all the same", async () => {
    expect(await replay({}, false)).toMatchObject({ replay_status: "fresh" });
    expect(await replay()).toMatchObject({ replay_status: "replayed", first_seen: { root_tag: "tag" } });
  });

  test("that another tenant saw is a replay, of which nothing is shown", async () => {
    await replay();
    const answer = await house.engine.recordReplay({ ...anna, tenant: "other" }, { record });
    expect(answer).toMatchObject({ replay_status: "replayed", first_seen: null });
  });

  test("is not an agent's to record", async () => {
    await expect(house.engine.recordReplay(agent, { record })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("a signed governance decision", () => {
  const key = noteSigningKey("acme.example/anna", sha256("1"));
  const issued = new Date(NOON).toISOString();
  const window = { not_before: "2026-11-21T11:00:00Z", expires_at: "2026-11-21T13:00:00Z" };
  const decided = decision();
  const facts = Object.fromEntries(
    Object.entries(decided.authorization ?? {}).filter(([name]) => !name.startsWith("policy_")),
  );
  const use: DecisionUse = {
    decision: decided.document,
    signed: signed(decided),
    trust: {
      policy: { require_signature: true, allowed_modes: ["detached_signature"], required_signer_ids: ["anna"] },
      verifier: recordVerifier([{ signerId: "anna", key: key.verifier }]),
    },
    facts,
  };
  const consume = (more: Partial<DecisionUse> = {}) => house.engine.consumeDecision(anna, { ...use, ...more });

  function decision(): GovernanceDecision {
    const policy_pack = { ...(requestSample()["policy_pack"] as ExactRecord), validity: window };
    const request = requestSample("read_only", { policy_pack });
    const activation = { ...activationSample, ...window, policy_pack_digest: request["policy_pack_digest"] as string };
    const authorization = { nonce: "n", expires_at: "2026-11-21T12:00:30Z" };
    return evaluateGovernance(request, { activation, evaluatedAt: issued, context: {}, authorization }).decision;
  }

  function signed(made: GovernanceDecision): SignedRecord {
    const record = signDecision(made, "decision.json", recordSigner("anna", key));
    if ("refused" in record) throw new Error(record.refused);
    return record;
  }

  test("starts one thing, once, whoever asks", async () => {
    const answers = await many(() => consume());
    const reasons = answers.map(({ reason_code }) => reason_code).toSorted();
    expect(reasons).toEqual(["governance_decision_claimed", ...Array(19).fill("governance_decision_reused")]);
    house = await house.crash();
    expect(await consume()).toMatchObject({ reason_code: "governance_decision_reused" });
  });

  test.each<[string, () => Partial<DecisionUse>]>([
    ["governance_decision_signature_required", () => ({ signed: undefined })],
    ["governance_decision_binding_drift", () => ({ facts: { ...facts, payload_digest: "other" } })],
    [
      "governance_decision_signature_verification_failed",
      () => ({ trust: { ...use.trust, verifier: recordVerifier([]) } }),
    ],
  ])("is not consumed: %s", async (reason_code, more) => {
    expect(await consume(more())).toEqual({ status: "rejected", reason_code });
    expect(await consume()).toMatchObject({ status: "allowed" });
  });

  test("is not consumed at its expiry", async () => {
    house.clock.ms = NOON + 30_000;
    expect(await consume()).toMatchObject({ reason_code: "governance_decision_expired" });
  });

  test("that was changed is no decision", async () => {
    const changed: ExactJson = { ...decided.document, reason_code: "other" };
    expect(() => checkGovernanceDecision(changed)).toThrow();
    await expect(consume({ decision: changed })).rejects.toMatchObject({ code: "GOVERNANCE_RECORD_INVALID" });
  });
});

describe("a scoped ticket", () => {
  const validity = {
    "validity.not_before": "2026-11-21T11:00:00Z",
    "validity.not_after": "2026-11-21T13:00:00Z",
  };
  const limits = {
    "spend_limits.max_uses": 3,
    "spend_limits.one_shot": false,
    "execution_limits.max_runs": 3,
    "execution_limits.one_shot": false,
  };
  const { execution_ticket: ticket, execution_contract: contract } = sampleArtifacts({
    execution_ticket: { ...validity, ...limits },
  });
  const runtime = "runtime:r";
  const claim = (named = runtime) => house.engine.claimTicketUse(anna, { ticket, contract, runtime: named });

  test("is used as often as it permits, each use once, however many ask", async () => {
    const answers = await many(() => claim());
    const counts = answers.flatMap((answer) => (answer.status === "claimed" ? [answer.use_count] : []));
    expect(counts.toSorted((left, right) => left - right)).toEqual([1, 2, 3]);
    house = await house.crash();
    expect(await claim()).toEqual({ status: "refused", reason_code: "ticket_uses_exhausted" });
  });

  test("is used up for every tenant, while another ticket of its name is another tenant's own", async () => {
    const elsewhere = { ...anna, tenant: "other" };
    for (let use = 1; use <= 3; use++) await claim();
    const same = await house.engine.claimTicketUse(elsewhere, { ticket, contract, runtime });
    expect(same).toMatchObject({ reason_code: "ticket_uses_exhausted" });
    const changes = { ...validity, "approval.approved_by": "operator:z" };
    const { execution_ticket: other } = sampleArtifacts({ execution_ticket: changes });
    expect(await house.engine.claimTicketUse(anna, { ticket: other, contract, runtime })).toMatchObject({
      reason_code: "ticket_uses_exhausted",
    });
    expect(await house.engine.claimTicketUse(elsewhere, { ticket: other, contract, runtime })).toMatchObject({
      status: "claimed",
      use_count: 1,
    });
  });

  test("is not used by another runtime, nor outside its time", async () => {
    expect(await claim("other")).toMatchObject({ reason_code: "ticket is not usable by this runtime" });
    house.clock.ms = Date.parse("2026-11-21T13:00:00.001Z");
    expect(await claim()).toMatchObject({ reason_code: "ticket is used outside its validity window" });
  });
});
