import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "@writ/canon";
import type { ExactRecord, SignedRecord } from "@writ/kernel";
import { parseApprovalAttestation, signApproval, type GovernanceEvaluation } from "@writ/kernel/governance";
import { noteSigningKey } from "@writ/ledger";

import {
  activationSample,
  approvedSample,
  requestSample,
  type Json,
} from "../../kernel/test/governance/request-sample.ts";
import { recordSigner, recordVerifier, type GovernanceAsked } from "../src/index.ts";
import { agent, anna, openHouse } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const key = noteSigningKey("acme.example/alice", sha256("1"));
const window = { not_before: "2026-11-21T11:00:00Z", expires_at: "2026-11-21T13:00:00Z" };
const policy_pack = { ...(requestSample()["policy_pack"] as ExactRecord), validity: window };
const asked = requestSample("mutation", { policy_pack });
const activation = { ...activationSample, ...window, policy_pack_digest: asked["policy_pack_digest"] as string };
const times = { issued_at: window.not_before, ...window };
const approved = approvedSample(asked, times);
const trustPolicy = { policy_id: "p", trusted_roles: ["admin"], trusted_domains: ["organization:example"] };
const verifier = recordVerifier([{ signerId: "operator:alice", key: key.verifier }]);

function signatureOf(request: Json, signer = "operator:alice"): SignedRecord {
  const made = signApproval(parseApprovalAttestation(request["approval_attestation"]), recordSigner(signer, key));
  if ("refused" in made) throw new Error(made.refused);
  return made;
}

function govern(request: Json, more: Partial<GovernanceAsked> = {}): Promise<GovernanceEvaluation> {
  const approval = { trustPolicy, signed: signatureOf(approved), verifier };
  const authorization = { nonce: "n", expires_at: "2026-11-21T12:00:30Z" };
  return house.engine.govern(anna, { request, activation, approval, authorization, ...more });
}

describe("a governance transaction", () => {
  test("is decided on the engine's clock, and on record before its answer", async () => {
    const { decision } = await govern(approved);
    expect(decision).toMatchObject({ status: "allowed", authorization: { issued_at: "2026-11-21T12:00:00Z" } });
    const { entries } = await house.engine.entries(anna, {});
    expect(entries.at(-1)?.entry).toMatchObject({
      kind: "x.governance.decision",
      data: { status: "allowed", decision_digest: decision.decision_digest },
    });
  });

  test("waits where nobody approved", async () => {
    expect((await govern(asked)).decision.status).toBe("approval_required");
  });

  test("is refused once its approval is taken back, after a crash too, and not another's", async () => {
    const { engine } = house;
    expect(await engine.revokeApproval(anna, { approval_id: "other", approver_ref: "operator:alice" })).toBe(true);
    expect((await govern(approved)).decision.status).toBe("allowed");
    const approval = { approval_id: "approval", approver_ref: "operator:alice" };
    expect(await engine.revokeApproval(anna, approval)).toBe(true);
    expect(await engine.revokeApproval(anna, approval)).toBe(false);
    house = await house.crash();
    await expect(govern(approved)).rejects.toMatchObject({ details: { reason: "approval_revoked" } });
  });

  test("is no agent's to decide, and no approval an agent's to take back", async () => {
    await expect(house.engine.govern(agent, { request: asked, activation })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const approval = { approval_id: "approval", approver_ref: "operator:alice" };
    await expect(house.engine.revokeApproval(agent, approval)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("§27 no. 23: an approval counts with its approver's signature over exactly this attestation", () => {
  const other = approvedSample(asked, { ...times, approval_id: "other" });
  const stranger = noteSigningKey("acme.example/eve", sha256("2"));
  test.each<[string, () => NonNullable<GovernanceAsked["approval"]>]>([
    ["nobody signed", () => ({ trustPolicy, signed: undefined, verifier })],
    ["another signed", () => ({ trustPolicy, signed: signatureOf(approved, "operator:bob"), verifier })],
    ["another approval is signed", () => ({ trustPolicy, signed: signatureOf(other), verifier })],
    ["nobody's key is known", () => ({ trustPolicy, signed: signatureOf(approved), verifier: recordVerifier([]) })],
    [
      "the key is another's",
      () => ({
        trustPolicy,
        signed: signatureOf(approved),
        verifier: recordVerifier([{ signerId: "operator:alice", key: stranger.verifier }]),
      }),
    ],
  ])("%s", async (_why, approval) => {
    await expect(govern(approved, { approval: approval() })).rejects.toMatchObject({
      details: { reason: "approval_signature_verification_failed" },
    });
  });
});
