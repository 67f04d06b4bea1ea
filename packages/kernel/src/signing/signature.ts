import type { ExactJson } from "@writ/canon";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { flagField, mapField, recordOf, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { refuseTrustMaterial } from "./trust-material.ts";

export const UNSIGNED_MODES = ["not_signed_integrity_only", "integrity_only"] as const;
export const TRUSTED_STATUSES = ["trusted", "passed", "ok"] as const;

/** A signature beside what it signs (spec kernel.md §19.1). */
export interface SignatureEnvelope {
  readonly mode: string;
  readonly signer_id: string;
  readonly signature: string;
  readonly binds_digest: string;
  readonly algorithm: string;
  readonly metadata: ExactRecord;
}

export interface SigningPolicy {
  readonly require_signature: boolean;
  readonly allowed_modes: readonly string[];
  /** Empty: any signer whom the trust policy knows. */
  readonly required_signer_ids: readonly string[];
}

/** A verifier's answer. */
export interface SignatureVerification {
  readonly status: string;
  readonly trust_status: string;
  readonly reason_code: string;
  readonly verifier_id: string;
  readonly metadata: ExactRecord;
}

/** What counts for anything consumable: a detached signature, always (§27 no. 3). */
export const DEFAULT_SIGNING_POLICY: SigningPolicy = {
  require_signature: true,
  allowed_modes: ["detached_signature"],
  required_signer_ids: [],
};

/** Reads an envelope with the older names of its fields. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSignatureEnvelope(value: ExactJson): SignatureEnvelope {
  const record = recordOf(value, "invalid_signature_envelope");
  const metadata = mapField(record, "metadata", "invalid_signature_metadata");
  refuseTrustMaterial(metadata);
  return {
    mode: textField(record, "mode", "not_signed_integrity_only"),
    signer_id: textField(record, ["signer_id", "identity"]),
    signature: textField(record, ["signature", "value"]),
    binds_digest: textField(record, ["binds_digest", "artifact_digest", "chain_digest"]),
    algorithm: textField(record, "algorithm"),
    metadata,
  };
}

/** Whether there is a signature at all; whether it is good is the verifier's question. */
export function isSigned({ mode, signature }: SignatureEnvelope): boolean {
  return mode !== "" && !UNSIGNED_MODES.some((unsigned) => unsigned === mode) && signature !== "";
}

/** Reads a policy. What it does not say is `DEFAULT_SIGNING_POLICY`'s. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSigningPolicy(value: ExactJson): SigningPolicy {
  const record = recordOf(value, "invalid_signing_policy");
  const unknown = Object.keys(record).find((key) => !Object.hasOwn(DEFAULT_SIGNING_POLICY, key));
  if (unknown !== undefined) throw recordRefusal("unknown_signing_policy_field", 12);
  const texts = (key: "allowed_modes" | "required_signer_ids"): readonly string[] =>
    member(record, key) === undefined
      ? DEFAULT_SIGNING_POLICY[key]
      : textsField(record, key, "invalid_signing_sequence");
  return {
    require_signature: flagField(record, "require_signature", DEFAULT_SIGNING_POLICY.require_signature),
    allowed_modes: texts("allowed_modes"),
    required_signer_ids: texts("required_signer_ids"),
  };
}

/** Reads a verifier's answer. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSignatureVerification(value: ExactJson): SignatureVerification {
  const record = recordOf(value, "invalid_verification_result");
  const metadata = mapField(record, "metadata", "invalid_verification_metadata");
  refuseTrustMaterial(metadata);
  return {
    status: textField(record, "status", "unknown"),
    trust_status: textField(record, "trust_status", "unknown"),
    reason_code: textField(record, "reason_code", "ok"),
    verifier_id: textField(record, "verifier_id"),
    metadata,
  };
}

export function isTrusted({ status, trust_status }: SignatureVerification): boolean {
  return ["passed", "ok"].includes(status) && TRUSTED_STATUSES.some((trusted) => trusted === trust_status);
}
