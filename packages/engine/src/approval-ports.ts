import type { ExactJson } from "@writ/canon";
import { isTrusted, verifySignedRecord, type SignedRecord, type VerifierPort } from "@writ/kernel";
import type { ApprovalAttestation, ApprovalPorts } from "@writ/kernel/governance";

/** What a host knows of approvals. */
export interface ApprovalFacts {
  readonly trustPolicy: ExactJson;
  /** The signed record that an attestation's `signature_ref` names. */
  readonly findSignature: (signatureRef: string) => SignedRecord | undefined;
  /** Ids of approvals and revocation references that were revoked. */
  readonly revoked: ReadonlySet<string>;
  readonly verifier: VerifierPort;
}

const RECORD_TYPE = "govengine.approvals.ApprovalAttestation";
const PURPOSE = "approval_attestation";

/** The built-in ports of approvals (spec kernel.md §19.2, §27 no. 23): the approver's own signature, and revocation. */
export function approvalPorts({
  trustPolicy,
  findSignature,
  revoked,
  verifier,
}: ApprovalFacts): Required<ApprovalPorts> {
  return {
    trustPolicy,
    isRevoked: ({ approval_id, revocation_ref }) => revoked.has(approval_id) || revoked.has(revocation_ref),
    isSigned: (attestation, digest) => {
      const signed = findSignature(attestation.signature_ref);
      return (
        signed !== undefined && isOf(signed, attestation, digest) && isTrusted(verified(signed, attestation, verifier))
      );
    },
  };
}

/** Over this attestation, for this purpose, by the approver and nobody else. */
function isOf(
  { record_type, record_digest, signature }: SignedRecord,
  attestation: ApprovalAttestation,
  digest: string,
): boolean {
  return (
    record_type === RECORD_TYPE &&
    record_digest === digest &&
    signature.signer_id === attestation.approver_ref &&
    signature.metadata["purpose"] === PURPOSE
  );
}

function verified(
  signed: SignedRecord,
  attestation: ApprovalAttestation,
  verifier: VerifierPort,
): ReturnType<typeof verifySignedRecord> {
  return verifySignedRecord(signed, { ...attestation }, verifier);
}
