import { textMember, type ExactRecord } from "../compat/exact-record.ts";
import type { SignerPort, VerifierPort } from "../signing/ports.ts";
import { isTrusted } from "../signing/signature.ts";
import { signRecord, verifySignedRecord, type SignedRecord } from "../signing/signed-record.ts";
import type { ApprovalAttestation } from "./attestation.ts";

const RECORD_TYPE = "govengine.approvals.ApprovalAttestation";
const PURPOSE = "approval_attestation";

/** The approver's signature over an attestation, or why the signer would not. */
export function signApproval(
  attestation: ApprovalAttestation,
  signer: SignerPort,
): SignedRecord | { readonly refused: string } {
  const record: ExactRecord = { ...attestation };
  return signRecord(
    { recordType: RECORD_TYPE, record },
    { payloadRef: payloadRef(attestation), purpose: PURPOSE },
    signer,
  );
}

/**
 * The built-in answer to whether an approval is signed (spec kernel.md §27 no. 23): by its approver in person, for this
 * purpose, over exactly this attestation, with a key that is trusted. Without a signature or a verifier it is not.
 */
export function approvalSignature(
  signed: SignedRecord | undefined,
  verifier: VerifierPort | undefined,
): (attestation: ApprovalAttestation, digest: string) => boolean {
  return (attestation, digest) => {
    if (signed === undefined || verifier === undefined) return false;
    const named =
      signed.record_type === RECORD_TYPE &&
      signed.record_digest === digest &&
      signed.payload_ref === payloadRef(attestation) &&
      signed.signature.signer_id === attestation.approver_ref &&
      textMember(signed.signature.metadata, "purpose") === PURPOSE;
    return named && isTrusted(verifySignedRecord(signed, { ...attestation }, verifier));
  };
}

function payloadRef({ approval_id }: ApprovalAttestation): string {
  return `approval:${approval_id}`;
}
