import { describe, expect, test } from "vitest";
import { hmacSha256, toHex } from "@writ/canon";
import {
  DEFAULT_SIGNING_POLICY,
  signDecision,
  signingText,
  trustDecision,
  type GovernanceDecision,
  type SignedRecord,
  type SignerPort,
  type VerifierPort,
} from "@writ/kernel";

const decision: GovernanceDecision = {
  status: "denied",
  decision_id: "d",
  decision_digest: `sha256:${"1".repeat(64)}`,
  transaction_id: "t",
  request_digest: `sha256:${"2".repeat(64)}`,
  reason_code: "policy_denied",
  authorization: null,
  controls: { timeout_seconds: 30 },
  document: { decision_id: "d", transaction_id: "t", controls: { timeout_seconds: 30 }, decision_digest: "x" },
};
const key = new TextEncoder().encode("a key of this test and no other.");
const signer: SignerPort = {
  sign: ({ descriptor, purpose, metadata }) => ({
    status: "signed",
    reason_code: "ok",
    signature: {
      mode: "detached_signature",
      signer_id: "anna",
      signature: toHex(hmacSha256(key, signingText(descriptor, purpose, "anna"))),
      binds_digest: descriptor.digest,
      algorithm: "hmac-sha256",
      metadata,
    },
  }),
};
const answering = (status: string, trust_status: string): VerifierPort => ({
  verify: () => ({ status, trust_status, reason_code: "", verifier_id: "v", metadata: {} }),
});
const good = answering("passed", "trusted");

function signed(): SignedRecord {
  const made = signDecision(decision, "decisions/d.json", signer);
  if ("refused" in made) throw new Error(made.refused);
  return made;
}

describe("a signed governance decision", () => {
  test("is signed whole, for its purpose, with what it decided in view", () => {
    expect(signed()).toMatchObject({
      record_type: "govengine.governance_decision_signing.SignedGovernanceDecisionRecord",
      schema_version: "v1",
      metadata: {
        purpose: "governance_decision_authority",
        decision_digest: decision.decision_digest,
        transaction_id: "t",
      },
    });
    expect(trustDecision(decision, signed(), DEFAULT_SIGNING_POLICY, good)).toEqual({
      trusted: true,
      reason_code: "ok",
    });
  });

  const of = (change: Partial<SignedRecord>): SignedRecord => ({ ...signed(), ...change });
  const { metadata, signature } = signed();
  test.each<[string, SignedRecord | undefined, VerifierPort | undefined]>([
    ["governance_decision_signature_required", undefined, good],
    ["governance_decision_signature_record_type_mismatch", of({ record_type: "govengine.Other" }), good],
    ["governance_decision_signature_schema_mismatch", of({ schema_version: "v2" }), good],
    ["governance_decision_signature_purpose_mismatch", of({ metadata: { ...metadata, purpose: "other" } }), good],
    [
      "governance_decision_signature_decision_digest_mismatch",
      of({ metadata: { ...metadata, decision_digest: "" } }),
      good,
    ],
    ["governance_decision_signature_decision_digest_mismatch", of({ record_digest: decision.decision_digest }), good],
    ["governance_decision_signature_required", of({ signature: { ...signature, mode: "integrity_only" } }), good],
    ["governance_decision_signature_mode_not_allowed", of({ signature: { ...signature, mode: "other" } }), good],
    ["governance_decision_signature_verification_failed", of({ signature: { ...signature, binds_digest: "" } }), good],
    ["governance_decision_signature_verification_failed", signed(), undefined],
    ["governance_decision_signature_verification_failed", signed(), answering("failed", "trusted")],
    ["governance_decision_signature_trust_denied", signed(), answering("passed", "unknown")],
  ])("%s", (reason_code, record, verifier) => {
    expect(trustDecision(decision, record, DEFAULT_SIGNING_POLICY, verifier)).toEqual({ trusted: false, reason_code });
  });

  test("of a signer whom the policy does not name is refused before any key is asked", () => {
    const policy = { ...DEFAULT_SIGNING_POLICY, required_signer_ids: ["ben"] };
    const never: VerifierPort = { verify: () => expect.unreachable() };
    expect(trustDecision(decision, signed(), policy, never).reason_code).toBe("governance_decision_signer_not_allowed");
  });

  test("of the demo signer is never trusted, even where a policy allows its mode", () => {
    const policy = { ...DEFAULT_SIGNING_POLICY, allowed_modes: ["detached_demo_digest"] };
    const demo = of({ signature: { ...signature, mode: "detached_demo_digest" } });
    expect(trustDecision(decision, demo, policy, good).trusted).toBe(false);
  });
});
