import { describe, expect, test } from "vitest";
import {
  approvalAttestationDigest,
  approvalSignature,
  parseApprovalAttestation,
  signApproval,
} from "@writ/kernel/governance";
import type { SignedRecord, SignerPort, VerifierPort } from "@writ/kernel";
import { approvedSample, requestSample } from "./request-sample.ts";

const attestation = parseApprovalAttestation(approvedSample(requestSample("mutation"))["approval_attestation"]);
const digest = approvalAttestationDigest(attestation);

const signing = (signer_id: string): SignerPort => ({
  sign: ({ descriptor, metadata }) => ({
    status: "signed",
    reason_code: "ok",
    signature: {
      mode: "detached_signature",
      signer_id,
      signature: "c2ln",
      binds_digest: descriptor.digest,
      algorithm: "ed25519",
      metadata,
    },
  }),
});
const answering = (status: string, trust_status: string): VerifierPort => ({
  verify: () => ({ status, trust_status, reason_code: "", verifier_id: "v", metadata: {} }),
});
const good = answering("passed", "trusted");

function signedBy(signer: string): SignedRecord {
  const made = signApproval(attestation, signing(signer));
  if ("refused" in made) throw new Error(made.refused);
  return made;
}
const signed = signedBy(attestation.approver_ref);

describe("an approval is signed", () => {
  test("by its approver, over itself, with a key that is trusted", () => {
    expect(approvalSignature(signed, good)(attestation, digest)).toBe(true);
  });

  test.each<[string, SignedRecord | undefined, VerifierPort | undefined]>([
    ["without a signature", undefined, good],
    ["without anyone to check it", signed, undefined],
    ["by somebody else", signedBy("operator:bob"), good],
    ["as a record of another kind", { ...signed, record_type: "govengine.governance.GovernanceDecision" }, good],
    ["over another digest", { ...signed, record_digest: `sha256:${"0".repeat(64)}` }, good],
    ["for another approval", { ...signed, payload_ref: "approval:other" }, good],
    [
      "for another purpose",
      { ...signed, signature: { ...signed.signature, metadata: { purpose: "governance_decision_authority" } } },
      good,
    ],
    ["for no purpose", { ...signed, signature: { ...signed.signature, metadata: {} } }, good],
    ["with a signature that does not hold", signed, answering("failed", "trusted")],
    ["with a key that is not trusted", signed, answering("passed", "untrusted")],
  ])("not %s", (_, given, verifier) => {
    expect(approvalSignature(given, verifier)(attestation, digest)).toBe(false);
  });

  test("not when it was changed afterwards", () => {
    const changed = { ...attestation, approver_role: "owner" };
    expect(approvalSignature(signed, good)(changed, digest)).toBe(false);
    expect(approvalSignature(signed, good)(changed, approvalAttestationDigest(changed))).toBe(false);
  });

  test("not by a signer that refuses, who says why", () => {
    const refusing: SignerPort = { sign: () => ({ status: "refused", signature: null, reason_code: "key_locked" }) };
    expect(signApproval(attestation, refusing)).toEqual({ refused: "key_locked" });
  });
});
