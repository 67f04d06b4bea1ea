import type { ExactJson } from "@writ/canon";
import { recordRefusal } from "../control/record-refusal.ts";
import { approvalAttestationDigest, type ApprovalAttestation } from "./attestation.ts";
import { checkApprovalTrust, parseApprovalTrustPolicy } from "./approval-trust.ts";
import type { GovernanceRequest } from "./request.ts";

/** What a host needs to believe an approval. Each may be missing, and then no approval is believed (§27 no. 23). */
export interface ApprovalPorts {
  readonly trustPolicy?: ExactJson;
  readonly isRevoked?: (attestation: ApprovalAttestation) => boolean;
  /** Whether a signature of the approver over the attestation's digest holds. */
  readonly isSigned?: (attestation: ApprovalAttestation, digest: string) => boolean;
}

/**
 * Whether a request is approved: false without an attestation; an attestation that is not believed refuses the request
 * (spec kernel.md §23.2). The signature is verified last. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function verifyApproval(request: GovernanceRequest, ports: ApprovalPorts, nowMs: number): boolean {
  const { approval_attestation: attestation } = request;
  if (attestation === null) return false;
  const { trustPolicy, isRevoked, isSigned } = ports;
  if (trustPolicy === undefined) throw recordRefusal("approval_trust_policy_required");
  if (isRevoked === undefined) throw recordRefusal("approval_revocation_port_required");
  if (isSigned === undefined) throw recordRefusal("approval_signature_verifier_required");
  const policy = parseApprovalTrustPolicy(trustPolicy);
  checkApprovalTrust(attestation, policy, { nowMs, revoked: isRevoked(attestation) });
  // Unsigned is never consumable, whatever the trust policy asks for (§27 no. 1 and 3).
  if (attestation.signature_ref === "" || !isSigned(attestation, approvalAttestationDigest(attestation)))
    throw recordRefusal("approval_signature_verification_failed");
  return true;
}
