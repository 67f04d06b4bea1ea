import { describe, expect, test } from "vitest";
import { sha256 } from "@writ/canon";
import { isTrusted, signRecord, verifySignedRecord, type SignatureEnvelope, type SignedRecord } from "@writ/kernel";
import { noteSigningKey } from "@writ/ledger";
import { recordSigner, recordVerifier, type TrustedSigner } from "../src/record-signature.ts";

const [first, second] = [
  noteSigningKey("acme.example/anna", sha256("1")),
  noteSigningKey("acme.example/anna", sha256("2")),
];
const record = { status: "allowed", who: "Zoë" };
const trusted = (more: Partial<TrustedSigner> = {}): TrustedSigner => ({
  signerId: "anna",
  key: first.verifier,
  ...more,
});

function signed(signerId = "anna", key = first): SignedRecord {
  const legacy = { recordType: "govengine.example.Record", record };
  const made = signRecord(legacy, { payloadRef: "r.json", purpose: "example" }, recordSigner(signerId, key));
  if ("refused" in made) throw new Error(made.refused);
  return made;
}

const verdict = (made: SignedRecord, signers: readonly TrustedSigner[]): string => {
  const verification = verifySignedRecord(made, record, recordVerifier(signers));
  return isTrusted(verification) ? "trusted" : verification.reason_code;
};

describe("§27 no. 1: a signature needs a key", () => {
  test("what anna signed is trusted where her key is known, and says which key it was", () => {
    expect(verdict(signed(), [trusted()])).toBe("trusted");
    expect(verifySignedRecord(signed(), record, recordVerifier([trusted()])).verifier_id).toBe(
      `acme.example/anna+${first.verifier.id}`,
    );
  });

  const changed = (change: Partial<SignatureEnvelope>): SignedRecord => ({
    ...signed(),
    signature: { ...signed().signature, ...change },
  });
  test.each<[string, SignedRecord, readonly TrustedSigner[]]>([
    ["unknown_signer", signed(), []],
    ["unknown_signer", changed({ signer_id: "ben" }), [trusted()]],
    ["signature_value_mismatch", changed({ signer_id: "ben" }), [trusted({ signerId: "ben" })]],
    ["signature_value_mismatch", signed("anna", second), [trusted()]],
    ["signature_value_mismatch", changed({ signature: "no note" }), [trusted()]],
    ["signature_value_mismatch", changed({ metadata: { purpose: "other" } }), [trusted()]],
    ["signature_value_mismatch", { ...signed(), payload_ref: "other.json" }, [trusted()]],
    ["signature_purpose_missing", changed({ metadata: {} }), [trusted()]],
    ["unsupported_signature_mode", changed({ algorithm: "demo-sha256-digest-binding" }), [trusted()]],
    ["signer_key_revoked", signed(), [trusted({ revoked: true })]],
  ])("%s", (reason, made, signers) => {
    expect(verdict(made, signers)).toBe(reason);
  });

  test("two keys of one signer are a rotation: the new one counts, and the revoked old one no more", () => {
    const signers = [trusted({ revoked: true }), trusted({ key: second.verifier })];
    expect(verdict(signed("anna", second), signers)).toBe("trusted");
    expect(verdict(signed(), signers)).toBe("signer_key_revoked");
  });
});
