import type { GovernanceDecision } from "../governance/decision.ts";
import { withFloats } from "../governance/decision.ts";
import { textMember, textOrEmpty } from "../compat/exact-record.ts";
import { kernelRecordDigest, type LegacyRecord } from "../compat/record-digest.ts";
import type { SignerPort, VerifierPort } from "./ports.ts";
import { isSigned, isTrusted, type SigningPolicy } from "./signature.ts";
import { signRecord, verifySignedRecord, type SignedRecord } from "./signed-record.ts";

export const DECISION_RECORD_TYPE = "govengine.governance_decision_signing.SignedGovernanceDecisionRecord";
export const DECISION_PURPOSE = "governance_decision_authority";

export type DecisionTrust =
  | { readonly trusted: true; readonly reason_code: "ok" }
  | { readonly trusted: false; readonly reason_code: string };

/** The record that is signed: the whole decision, its own digest included (spec kernel.md §19.5). */
export function decisionRecord({ document }: GovernanceDecision): LegacyRecord {
  return { recordType: DECISION_RECORD_TYPE, record: withFloats(document) };
}

/** Signs a decision, or says why the signer would not. Throws `LEGACY_VALUE`. */
export function signDecision(
  decision: GovernanceDecision,
  payloadRef: string,
  signer: SignerPort,
): SignedRecord | { readonly refused: string } {
  const { decision_digest, document } = decision;
  const metadata = { decision_digest, transaction_id: textOrEmpty(document, "transaction_id") };
  return signRecord(decisionRecord(decision), { payloadRef, purpose: DECISION_PURPOSE, metadata }, signer);
}

/** Whether a decision is one that may be acted on; the first rule that fails says why not. */
export function trustDecision(
  decision: GovernanceDecision,
  signed: SignedRecord | undefined,
  policy: SigningPolicy,
  verifier: VerifierPort | undefined,
): DecisionTrust {
  if (signed === undefined) return distrusted("governance_decision_signature_required");
  const broken = RULES.find(([, holds]) => !holds(decision, signed, policy));
  if (broken !== undefined) return distrusted(broken[0]);
  const verification = verifySignedRecord(signed, withFloats(decision.document), verifier);
  if (verification.status !== "passed" && verification.status !== "ok")
    return distrusted("governance_decision_signature_verification_failed");
  if (!isTrusted(verification)) return distrusted("governance_decision_signature_trust_denied");
  return { trusted: true, reason_code: "ok" };
}

type Rule = readonly [string, (decision: GovernanceDecision, signed: SignedRecord, policy: SigningPolicy) => boolean];

const RULES: readonly Rule[] = [
  ["governance_decision_signature_record_type_mismatch", (_, { record_type }) => record_type === DECISION_RECORD_TYPE],
  ["governance_decision_signature_schema_mismatch", (_, { schema_version }) => schema_version === "v1"],
  [
    "governance_decision_signature_purpose_mismatch",
    (_, { metadata }) => textMember(metadata, "purpose") === DECISION_PURPOSE,
  ],
  [
    "governance_decision_signature_decision_digest_mismatch",
    (decision, { metadata, record_digest }) =>
      textMember(metadata, "decision_digest") === decision.decision_digest &&
      record_digest === kernelRecordDigest(decisionRecord(decision)),
  ],
  ["governance_decision_signature_required", (_, { signature }) => isSigned(signature)],
  [
    "governance_decision_signature_mode_not_allowed",
    (_, { signature }, { allowed_modes: modes }) => modes.includes(signature.mode),
  ],
  [
    "governance_decision_signer_not_allowed",
    (_, { signature }, { required_signer_ids: ids }) => ids.length === 0 || ids.includes(signature.signer_id),
  ],
];

function distrusted(reason_code: string): DecisionTrust {
  return { trusted: false, reason_code };
}
