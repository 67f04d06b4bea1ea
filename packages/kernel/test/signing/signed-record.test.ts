import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hmacSha256, isWritError, toHex, type ExactJson } from "@writ/canon";
import {
  DEFAULT_SIGNING_POLICY,
  isKeyResolved,
  isSigned,
  isSignerTrusted,
  isTrusted,
  parseArtifactEnvelope,
  parseGovernedDescriptor,
  parseKeyRequest,
  parseKeyResolution,
  parseSignatureEnvelope,
  parseSignatureVerification,
  parseSignedRecord,
  parseSigningPolicy,
  parseTrustLookup,
  signingText,
  signRecord,
  verifySignedRecord,
  type SignedRecord,
  type SignerPort,
  type VerifierPort,
} from "@writ/kernel";
import { demoSign } from "../../src/compat/demo-signature.ts";
import type { ExactRecord } from "../../src/compat/exact-record.ts";
import { refusalOf } from "../refusal.ts";

const record = { status: "allowed", score: 0.5, who: "Zoë" };
const legacy = { recordType: "govengine.example.Record", record };
const about = { payloadRef: "artifacts/record.json", purpose: "example" };

/** A signer with a key, so that what is not signed with it does not verify. */
const key = new TextEncoder().encode("a key of this test and no other.");
const tag = (text: string): string => toHex(hmacSha256(key, text));
const signer: SignerPort = {
  sign: ({ descriptor, purpose, metadata }) => ({
    status: "signed",
    reason_code: "ok",
    signature: {
      mode: "detached_signature",
      signer_id: "test",
      signature: tag(signingText(descriptor, purpose, "test")),
      binds_digest: descriptor.digest,
      algorithm: "hmac-sha256",
      metadata,
    },
  }),
};
const verifier: VerifierPort = {
  verify: (descriptor, { signature, signer_id, metadata }) => {
    const purpose = typeof metadata["purpose"] === "string" ? metadata["purpose"] : "";
    const good = signature === tag(signingText(descriptor, purpose, signer_id));
    return {
      status: good ? "passed" : "failed",
      trust_status: good ? "trusted" : "denied",
      reason_code: good ? "ok" : "signature_value_mismatch",
      verifier_id: "test",
      metadata: {},
    };
  },
};

function signed(): SignedRecord {
  const made = signRecord(legacy, about, signer);
  if ("refused" in made) throw new Error(made.refused);
  return made;
}

describe("a signed record", () => {
  test("verifies, and is the same when it is read again", () => {
    expect(isTrusted(verifySignedRecord(signed(), record, verifier))).toBe(true);
    expect(parseSignedRecord({ ...signed(), signature: { ...signed().signature } })).toEqual(signed());
  });

  test("is nothing without a verifier", () => {
    expect(verifySignedRecord(signed(), record, undefined)).toMatchObject({
      status: "failed",
      trust_status: "denied",
      reason_code: "signature_verifier_missing",
    });
  });

  test("of another record fails before any verifier is asked", () => {
    const never: VerifierPort = { verify: () => expect.unreachable() };
    expect(verifySignedRecord(signed(), { ...record, score: 1 }, never)).toMatchObject({
      status: "failed",
      trust_status: "denied",
      reason_code: "signed_record_digest_mismatch",
    });
  });

  test("any change of any signed field, or of the record, is refused", () => {
    const good = { ...signed(), signature: { ...signed().signature } };
    const fields = ["record_type", "record_digest", "payload_ref", "schema_version"].map((name) => [name]);
    const inside = ["signer_id", "signature", "binds_digest"].map((name) => ["signature", name]);
    fc.assert(
      fc.property(fc.constantFrom(...fields, ...inside), fc.string(), (place, value) => {
        const [outer = "", inner] = place;
        const nested = { ...good.signature, ...(inner !== undefined && { [inner]: value }) };
        const changed: ExactRecord = { ...good, ...(inner === undefined && { [outer]: value }), signature: nested };
        const original = inner === undefined ? (good as ExactRecord)[outer] : (good.signature as ExactRecord)[inner];
        fc.pre(value.trim() !== original && !(value.trim() === "" && outer === "schema_version"));
        let trusted = false;
        const refused = refusalOf(() => {
          trusted = isTrusted(verifySignedRecord(parseSignedRecord(changed), record, verifier));
        });
        expect(refused !== undefined || !trusted).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("of the demo signer is refused, although its value is right: anyone can make it", () => {
    const demo = demoSign(signed().record_digest, "owner", "example");
    const forged = parseSignedRecord({ ...signed(), signature: demo });
    expect(verifySignedRecord(forged, record, verifier)).toMatchObject({
      status: "failed",
      trust_status: "denied",
      reason_code: "unsupported_signature_mode",
    });
  });

  test("signs bytes that say the purpose and nothing else in the product begins with", () => {
    const descriptor = parseGovernedDescriptor({ artifact_type: "a", schema_version: "v1", digest: "d" });
    expect(signingText(descriptor, "one", "anna")).toBe(
      'writ.signed-record.v1\n{"descriptor":{"artifact_type":"a","digest":"d","metadata":{},"path":"","role":"","schema_version":"v1"},"purpose":"one","signer_id":"anna"}\n',
    );
    expect(signingText(descriptor, "two", "anna")).not.toBe(signingText(descriptor, "one", "anna"));
    expect(signingText(descriptor, "one", "ben")).not.toBe(signingText(descriptor, "one", "anna"));
  });

  test("is not made when the signer refuses", () => {
    const refusing: SignerPort = { sign: () => ({ status: "refused", signature: null, reason_code: "locked" }) };
    expect(signRecord(legacy, about, refusing)).toEqual({ refused: "locked" });
  });
});

const envelope = {
  mode: "detached_signature",
  signer_id: "s",
  signature: "x",
  binds_digest: `sha256:${"0".repeat(64)}`,
};
const shape = { record_type: "t", record_digest: envelope.binds_digest, payload_ref: "p", signature: envelope };

test.each<[string, (value: ExactJson) => object, ExactJson]>([
  ["invalid_signed_record", parseSignedRecord, []],
  ["invalid_signed_record_digest", parseSignedRecord, { ...shape, record_digest: "sha256:1" }],
  ["missing_signed_payload_ref", parseSignedRecord, { ...shape, payload_ref: " " }],
  ["missing_signed_record_signature", parseSignedRecord, { ...shape, signature: null }],
  [
    "missing_signed_record_signature",
    parseSignedRecord,
    { ...shape, signature: { ...envelope, mode: "integrity_only" } },
  ],
  ["missing_signed_record_signature", parseSignedRecord, { ...shape, signature: { ...envelope, signature: "" } }],
  ["missing_signed_record_signer", parseSignedRecord, { ...shape, signature: { ...envelope, signer_id: "" } }],
  ["signed_record_digest_mismatch", parseSignedRecord, { ...shape, signature: { ...envelope, binds_digest: "" } }],
  [
    "forbidden_trust_material",
    parseSignedRecord,
    { ...shape, signature: { ...envelope, metadata: { a: [{ PEM: 1 }] } } },
  ],
  ["invalid_signature_metadata", parseSignatureEnvelope, { metadata: "x" }],
  ["invalid_boolean_field:require_signature", parseSigningPolicy, { require_signature: "false" }],
  ["unknown_signing_policy_field", parseSigningPolicy, { require: true }],
  ["invalid_signing_sequence", parseSigningPolicy, { allowed_modes: 1 }],
  ["missing_signer_id", parseKeyRequest, { purpose: "p" }],
  ["missing_signer_id", parseKeyResolution, { key_ref: "a:1" }],
  ["invalid_key_ref", parseKeyResolution, { signer_id: "s", key_ref: "a:1", public_key_ref: "pem:x" }],
  ["invalid_key_ref", parseKeyResolution, { signer_id: "s", key_ref: 1 }],
  ["forbidden_trust_material", parseKeyResolution, { signer_id: "s", private_key: "x" }],
  ["missing_signer_id", parseTrustLookup, { trust_anchor_ref: "a:1" }],
  ["invalid_trust_anchor_ref", parseTrustLookup, { signer_id: "s", anchor_ref: "nocolon" }],
  ["forbidden_trust_material", parseTrustLookup, { signer_id: "s", metadata: { token: "" } }],
  ["missing_artifact_type", parseGovernedDescriptor, { schema_version: "v1", digest: "d" }],
  ["missing_schema_version", parseGovernedDescriptor, { artifact_type: "a", digest: "d" }],
  ["missing_artifact_digest", parseGovernedDescriptor, { artifact_type: "a", version: "v1" }],
  ["missing_artifact_descriptor", parseArtifactEnvelope, { artifact: {} }],
])("%s", (reason, read, value) => {
  expect(refusalOf(() => read(value))).toBe(reason);
});

describe("records of signing", () => {
  test("older names of fields are read", () => {
    expect(parseSignatureEnvelope({ mode: "m", identity: "i", value: "v", chain_digest: "c" })).toMatchObject({
      signer_id: "i",
      signature: "v",
      binds_digest: "c",
    });
    expect(parseGovernedDescriptor({ artifact_type: "a", version: "v1", sha256: "d" })).toMatchObject({
      schema_version: "v1",
      digest: "d",
    });
  });

  test("unsigned is the default of an envelope and enough for nothing", () => {
    expect(isSigned(parseSignatureEnvelope({ signature: "x" }))).toBe(false);
    expect(isSigned(parseSignatureEnvelope({ mode: "detached_signature" }))).toBe(false);
    expect(isSigned(parseSignatureEnvelope(envelope))).toBe(true);
    expect(parseSigningPolicy({})).toEqual(DEFAULT_SIGNING_POLICY);
    expect(DEFAULT_SIGNING_POLICY).toMatchObject({ require_signature: true, allowed_modes: ["detached_signature"] });
  });

  test("trusted and resolved need both a status and what it is about", () => {
    const passed = { status: "passed", trust_status: "trusted" };
    expect(isTrusted(parseSignatureVerification(passed))).toBe(true);
    expect(isTrusted(parseSignatureVerification({ status: "passed" }))).toBe(false);
    expect(isTrusted(parseSignatureVerification({ ...passed, status: "failed" }))).toBe(false);
    expect(isKeyResolved(parseKeyResolution({ signer_id: "s", status: "resolved", public_key_ref: "kms:1" }))).toBe(
      true,
    );
    expect(isKeyResolved(parseKeyResolution({ signer_id: "s", status: "resolved" }))).toBe(false);
    expect(isKeyResolved(parseKeyResolution({ signer_id: "s", key_ref: "kms:1" }))).toBe(false);
    expect(isSignerTrusted(parseTrustLookup({ signer_id: "s", trust_status: "ok", anchor_ref: "a:1" }))).toBe(true);
    expect(isSignerTrusted(parseTrustLookup({ signer_id: "s", status: "ok" }))).toBe(false);
  });

  test("a refusal is typed", () => {
    expect.assertions(1);
    try {
      parseSignedRecord(null);
    } catch (error) {
      expect(isWritError(error, "GOVERNANCE_RECORD_INVALID")).toBe(true);
    }
  });
});
