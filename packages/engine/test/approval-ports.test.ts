import { describe, expect, test } from "vitest";
import { sha256 } from "@writ/canon";
import { signRecord, type SignedRecord } from "@writ/kernel";
import { approvalAttestationDigest, parseApprovalAttestation } from "@writ/kernel/governance";
import { noteSigningKey } from "@writ/ledger";
import { approvalPorts, type ApprovalFacts } from "../src/approval-ports.ts";
import { recordSigner, recordVerifier } from "../src/record-signature.ts";

const digit = (character: string): string => `sha256:${character.repeat(64)}`;
const attestation = parseApprovalAttestation({
  approval_id: "approval-1",
  subject_digest: digit("1"),
  operation_id: "op",
  step_id: "step",
  attempt_id: "attempt",
  execution_spec_digest: digit("2"),
  execution_facts_digest: digit("3"),
  target_scope_digest: digit("4"),
  policy_pack_digest: digit("5"),
  policy_epoch: 1,
  approved_side_effect_class: "mutation",
  approver_ref: "operator:anna",
  approver_role: "owner",
  trust_domain: "acme",
  issued_at: "2026-01-01T00:00:00Z",
  not_before: "2026-01-01T00:00:00Z",
  expires_at: "2026-01-01T01:00:00Z",
  revocation_ref: "revocation:1",
  signature_ref: "signature:1",
});
const digest = approvalAttestationDigest(attestation);
const key = noteSigningKey("acme.example/anna", sha256("anna"));

function signature(signerId = "operator:anna", purpose = "approval_attestation"): SignedRecord {
  const legacy = { recordType: "govengine.approvals.ApprovalAttestation", record: { ...attestation } };
  const made = signRecord(legacy, { payloadRef: "approvals/1.json", purpose }, recordSigner(signerId, key));
  if ("refused" in made) throw new Error(made.refused);
  return made;
}

const ports = (facts: Partial<ApprovalFacts> = {}): ReturnType<typeof approvalPorts> =>
  approvalPorts({
    trustPolicy: {},
    findSignature: (reference) => (reference === "signature:1" ? signature() : undefined),
    revoked: new Set(),
    verifier: recordVerifier(["operator:anna", "operator:ben"].map((signerId) => ({ signerId, key: key.verifier }))),
    ...facts,
  });

describe("§27 no. 23: approvals have built-in adapters for signature and revocation", () => {
  test("what the approver signed is signed, and nothing else is", () => {
    expect(ports().isSigned(attestation, digest)).toBe(true);
    expect(ports().isSigned({ ...attestation, signature_ref: "signature:2" }, digest)).toBe(false);
    expect(ports().isSigned({ ...attestation, policy_epoch: 2 }, digest)).toBe(false);
    expect(ports().isSigned(attestation, digit("9"))).toBe(false);
  });

  test.each([
    ["another's", signature("operator:ben")],
    ["one for another purpose", signature("operator:anna", "example")],
    ["one over another record", { ...signature(), record_type: "govengine.example.Record" }],
  ])("%s signature is not the approver's", (_, signed) => {
    expect(ports({ findSignature: () => signed }).isSigned(attestation, digest)).toBe(false);
  });

  test("nothing is signed for a verifier that knows nobody", () => {
    expect(ports({ verifier: recordVerifier([]) }).isSigned(attestation, digest)).toBe(false);
  });

  test.each(["approval-1", "revocation:1"])("what `%s` names is revoked", (name) => {
    expect(ports().isRevoked(attestation)).toBe(false);
    expect(ports({ revoked: new Set([name]) }).isRevoked(attestation)).toBe(true);
  });
});
