import type { ExactJson } from "@writ/canon";
import type { GovernedDescriptor } from "../artifacts/governed-descriptor.ts";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { mapField, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { opaqueReference } from "./opaque-reference.ts";
import { TRUSTED_STATUSES, type SignatureEnvelope, type SignatureVerification } from "./signature.ts";
import { refuseTrustMaterial } from "./trust-material.ts";

/** What a host provides (spec kernel.md §19.2). Only references cross a port, never keys; a missing port is a no (§27 no. 23). */
export interface SignerPort {
  readonly sign: (request: SigningRequest) => SigningResult;
}

export interface VerifierPort {
  readonly verify: (descriptor: GovernedDescriptor, signature: SignatureEnvelope) => SignatureVerification;
}

export interface KeyResolverPort {
  readonly resolveKey: (asked: KeyRequest) => KeyResolution;
}

export interface TrustStorePort {
  readonly lookupSigner: (asked: KeyRequest) => TrustLookup;
}

export interface SigningRequest {
  readonly descriptor: GovernedDescriptor;
  readonly purpose: string;
  readonly metadata: ExactRecord;
}

export type SigningResult =
  | { readonly status: "signed"; readonly signature: SignatureEnvelope; readonly reason_code: "ok" }
  | { readonly status: "refused"; readonly signature: null; readonly reason_code: string };

export interface KeyRequest {
  readonly signer_id: string;
  readonly purpose: string;
}

export interface KeyResolution {
  readonly status: string;
  readonly signer_id: string;
  readonly key_ref: string;
  readonly reason_code: string;
  readonly metadata: ExactRecord;
}

export interface TrustLookup {
  readonly status: string;
  readonly signer_id: string;
  readonly trust_anchor_ref: string;
  readonly reason_code: string;
  readonly metadata: ExactRecord;
}

/** Reads a question for a key or a signer. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseKeyRequest(value: ExactJson): KeyRequest {
  const record = recordOf(value, "invalid_key_request");
  refuseTrustMaterial(record);
  return { signer_id: requiredText(record, "signer_id", "missing_signer_id"), purpose: textField(record, "purpose") };
}

/** Reads a key resolver's answer. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseKeyResolution(value: ExactJson): KeyResolution {
  const record = recordOf(value, "invalid_key_resolution");
  refuseTrustMaterial(record);
  return {
    status: textField(record, "status", "unknown"),
    signer_id: requiredText(record, "signer_id", "missing_signer_id"),
    key_ref: reference(record, ["key_ref", "public_key_ref"], "invalid_key_ref"),
    reason_code: textField(record, "reason_code"),
    metadata: mapField(record, "metadata", "invalid_signing_metadata"),
  };
}

export function isKeyResolved({ status, key_ref }: KeyResolution): boolean {
  return ["resolved", "passed", "ok"].includes(status) && key_ref !== "";
}

/** Reads a trust store's answer. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseTrustLookup(value: ExactJson): TrustLookup {
  const record = recordOf(value, "invalid_trust_lookup");
  refuseTrustMaterial(record);
  return {
    status: textField(record, ["status", "trust_status"], "unknown"),
    signer_id: requiredText(record, "signer_id", "missing_signer_id"),
    trust_anchor_ref: reference(record, ["trust_anchor_ref", "anchor_ref"], "invalid_trust_anchor_ref"),
    reason_code: textField(record, "reason_code"),
    metadata: mapField(record, "metadata", "invalid_signing_metadata"),
  };
}

export function isSignerTrusted({ status, trust_anchor_ref }: TrustLookup): boolean {
  return TRUSTED_STATUSES.some((trusted) => trusted === status) && trust_anchor_ref !== "";
}

/** An opaque reference or empty. Both spellings must be references; the first wins where it is one. */
function reference(record: ExactRecord, keys: readonly [string, string], reason: string): string {
  const found = keys.map((key) => {
    const text = member(record, key) ?? "";
    if (text === "") return "";
    const named = typeof text === "string" ? opaqueReference(text) : undefined;
    if (named === undefined) throw recordRefusal(reason);
    return named;
  });
  return found.find((one) => one !== "") ?? "";
}
