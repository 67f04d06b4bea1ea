import { canonicalize, type ExactJson } from "@writ/canon";
import { parseGovernedDescriptor, type GovernedDescriptor } from "../artifacts/governed-descriptor.ts";
import { member, withDoubles, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest, type LegacyRecord } from "../compat/record-digest.ts";
import { mapField, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { SignerPort, VerifierPort } from "./ports.ts";
import { isSigned, parseSignatureEnvelope, type SignatureEnvelope, type SignatureVerification } from "./signature.ts";

/** A record's digest with a signature over it (spec kernel.md §19.5). */
export interface SignedRecord {
  readonly record_type: string;
  readonly record_digest: string;
  readonly payload_ref: string;
  readonly signature: SignatureEnvelope;
  readonly schema_version: string;
  readonly metadata: ExactRecord;
}

/** Reads a signed record. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSignedRecord(value: ExactJson): SignedRecord {
  const record = recordOf(value, "invalid_signed_record");
  const record_type = requiredText(record, "record_type", "missing_signed_record_type");
  const record_digest = textField(record, "record_digest");
  if (!/^sha256:[0-9a-f]{64}$/.test(record_digest)) throw recordRefusal("invalid_signed_record_digest");
  const payload_ref = requiredText(record, "payload_ref", "missing_signed_payload_ref");
  const signature = parseSignatureEnvelope(member(record, "signature") ?? {});
  if (!isSigned(signature)) throw recordRefusal("missing_signed_record_signature");
  if (signature.signer_id === "") throw recordRefusal("missing_signed_record_signer");
  if (signature.binds_digest !== record_digest) throw recordRefusal("signed_record_digest_mismatch");
  const schema_version = textField(record, "schema_version", "v1");
  const metadata = mapField(record, "metadata", "invalid_signed_record_metadata");
  return { record_type, record_digest, payload_ref, signature, schema_version, metadata };
}

/** What the signature of a signed record is over. */
export function signedDescriptor(signed: Omit<SignedRecord, "signature" | "metadata">): GovernedDescriptor {
  return {
    artifact_type: "govengine_record",
    schema_version: signed.schema_version,
    digest: signed.record_digest,
    role: signed.record_type,
    path: signed.payload_ref,
    metadata: {},
  };
}

/**
 * The text that a signer signs: this descriptor, for this purpose, by this signer, under a name that no other signature
 * of the product begins with (§27 no. 1). Throws `CANON_NOT_JSON`.
 */
export function signingText(descriptor: GovernedDescriptor, purpose: string, signerId: string): string {
  const { artifact_type, schema_version, digest, role, path } = parseGovernedDescriptor({ ...descriptor });
  const metadata = withDoubles(descriptor.metadata);
  const named = { artifact_type, schema_version, digest, role, path, metadata };
  return `writ.signed-record.v1\n${canonicalize({ purpose, signer_id: signerId, descriptor: named })}\n`;
}

/** Signs a record's digest, or says why the signer would not. Throws `LEGACY_VALUE`. */
export function signRecord(
  record: LegacyRecord,
  about: { readonly payloadRef: string; readonly purpose: string; readonly metadata?: ExactRecord },
  signer: SignerPort,
): SignedRecord | { readonly refused: string } {
  const unsigned = {
    record_type: record.recordType,
    record_digest: kernelRecordDigest(record),
    payload_ref: about.payloadRef,
    schema_version: record.schemaVersion ?? "v1",
  };
  const metadata = { purpose: about.purpose, ...about.metadata };
  const made = signer.sign({ descriptor: signedDescriptor(unsigned), purpose: about.purpose, metadata });
  if (made.signature === null) return { refused: made.reason_code };
  return parseSignedRecord({ ...unsigned, signature: { ...made.signature }, metadata });
}

/** Recomputes the digest, then asks the verifier; without one nothing is trusted (§27 no. 23). */
export function verifySignedRecord(
  signed: SignedRecord,
  record: ExactJson,
  verifier: VerifierPort | undefined,
): SignatureVerification {
  const { record_type: recordType, schema_version: schemaVersion } = signed;
  if (kernelRecordDigest({ recordType, schemaVersion, record }) !== signed.record_digest)
    return denied("signed_record_digest_mismatch");
  if (signed.signature.binds_digest !== signed.record_digest) return denied("signed_record_digest_mismatch");
  if (KEYLESS_MODES.has(signed.signature.mode)) return denied("unsupported_signature_mode");
  return verifier?.verify(signedDescriptor(signed), signed.signature) ?? denied("signature_verifier_missing");
}

/** Modes of the reference that hold no key: anyone can produce their values (spec kernel.md §19.4, §27 no. 1). */
const KEYLESS_MODES: ReadonlySet<string> = new Set(["detached_demo_digest"]);

function denied(reason_code: string): SignatureVerification {
  return { status: "failed", trust_status: "denied", reason_code, verifier_id: "", metadata: {} };
}
