import { canonicalize, formatInstant, sha256Hex, type ExactJson } from "@writ/canon";
import type { ExactRecord, SignedRecord, VerifierPort } from "@writ/kernel";
import {
  approvalSignature,
  evaluateGovernance,
  parseGovernanceRequest,
  type ApprovalAttestation,
  type AuthorizationAsked,
  type GovernanceEvaluation,
} from "@writ/kernel/governance";

import type { Context } from "../context.ts";
import { requireText } from "../limits.ts";
import { claimOnce } from "../once-only.ts";
import type { Caller } from "../port.ts";
import { requireOperator, requireRunner } from "../rights.ts";

export interface GovernanceAsked {
  readonly request: ExactJson;
  readonly activation: ExactJson;
  /** The host's own context, which a request cannot set. */
  readonly context?: ExactRecord;
  /** Needed where the request carries an approval; what is missing is a no. */
  readonly approval?: {
    readonly trustPolicy: ExactJson;
    readonly signed: SignedRecord | undefined;
    readonly verifier: VerifierPort;
  };
  readonly authorization?: AuthorizationAsked;
}

/**
 * Decides a governance transaction on the engine's own clock, with the revocations of the log, and records the decision
 * before it is answered (spec kernel.md §23.3).
 */
export async function govern(context: Context, caller: Caller, asked: GovernanceAsked): Promise<GovernanceEvaluation> {
  requireRunner(caller, "decide governance transactions");
  const { approval_attestation: attestation } = parseGovernanceRequest(asked.request);
  const revoked = attestation !== null && (await isRevoked(context, caller, attestation));
  const { approval, authorization } = asked;
  const evaluation = evaluateGovernance(asked.request, {
    activation: asked.activation,
    evaluatedAt: formatInstant(context.clock.now()),
    context: asked.context ?? {},
    ...(authorization !== undefined && { authorization }),
    ...(approval !== undefined && {
      approval: {
        trustPolicy: approval.trustPolicy,
        isRevoked: () => revoked,
        isSigned: approvalSignature(approval.signed, approval.verifier),
      },
    }),
  });
  const { decision_id, transaction_id, status, reason_code, decision_digest, request_digest } = evaluation.decision;
  await context.journal.write({ tenant: caller.tenant, caller }, [
    {
      kind: "x.governance.decision",
      data: { decision_id, transaction_id, status, reason_code, decision_digest, request_digest },
    },
  ]);
  return evaluation;
}

/** Takes an approval back for good. Answers whether it stood until now. */
export async function revokeApproval(
  context: Context,
  caller: Caller,
  approval: Pick<ApprovalAttestation, "approval_id" | "approver_ref">,
): Promise<boolean> {
  requireOperator(caller, "revoke approvals");
  const approval_id = requireText("approval_id", approval.approval_id, 1_024);
  const approver_ref = requireText("approver_ref", approval.approver_ref, 1_024);
  const data = { approval_id, approver_ref };
  const once = [revocation(caller, data)];
  return (await claimOnce(context, caller, { kind: "x.approval.revoked", data, once })).ok;
}

async function isRevoked(context: Context, caller: Caller, attestation: ApprovalAttestation): Promise<boolean> {
  return (await context.ledger.guard(revocation(caller, attestation))) !== undefined;
}

function revocation(
  { tenant }: Caller,
  { approval_id, approver_ref }: Pick<ApprovalAttestation, "approval_id" | "approver_ref">,
): string {
  return `approval:${sha256Hex(canonicalize([tenant, approver_ref, approval_id]))}:revoked`;
}
