import type { ExactJson } from "@writ/canon";
import { consumeDecision } from "../../governance/consumption.ts";
import { checkGovernanceDecision, withFloats } from "../../governance/decision.ts";
import { checkApprovalTrust, checkApprover, parseApprovalTrustPolicy } from "../../governance/approval-trust.ts";
import { parseApprovalAttestation } from "../../governance/attestation.ts";
import { parseGovernanceRequest } from "../../governance/request.ts";
import { governanceSubjectDigest } from "../../governance/subject.ts";
import { instantMs } from "../../governance/v1-record.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { checkReceiptBinding } from "../../governance/receipt-binding.ts";
import { receiptConformance } from "../../governance/receipt-conformance.ts";
import { demoSign, demoVerify } from "../demo-signature.ts";
import {
  integerMember,
  isExactRecord,
  member,
  memberOrNull,
  textMember,
  textOrEmpty,
  type ExactRecord,
} from "../exact-record.ts";
import { kernelRecordDigest } from "../record-digest.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "governance.validate_request": recordOperation((input) => {
    parseGovernanceRequest(input);
    return "valid";
  }),
  "governance.subject_digest": recordOperation((input) => governanceSubjectDigest(parseGovernanceRequest(input))),
  "approval.validate": recordOperation(validateApproval),
  "governance.decision_digest": recordOperation((input) => checkGovernanceDecision(input).decision_digest),
  "governance.validate_decision": recordOperation((input) => {
    checkGovernanceDecision(input);
    return "valid";
  }),
  "governance.sign_decision_demo": recordOperation((input) => {
    const { document } = checkGovernanceDecision(memberOrNull(input, "decision"));
    const digest = signedRecordDigest(document);
    return { record_digest: digest, signature: demoSign(digest, textOrEmpty(input, "signer_id"), PURPOSE) };
  }),
  "receipt.conformance": recordOperation((input) =>
    receiptConformance(
      checkGovernanceDecision(memberOrNull(input, "governance_decision")),
      checkReceiptBinding(memberOrNull(input, "runtime_receipt_binding")),
      textOrEmpty(input, "expected_runtime_permit_digest"),
    ),
  ),
  "decision.consume": recordOperation(consume),
};

/** An approval is asked for first; what the request says of it is held against it before anybody is trusted. */
function validateApproval(input: ExactJson): string {
  const asked = member(input, "governance_request");
  const attestation = memberOrNull(asked, "approval_attestation");
  if (isExactRecord(asked) && attestation === null) throw recordRefusal("approval_attestation_required");
  if (attestation !== null) parseApprovalAttestation(attestation);
  const { approval_attestation: bound } = parseGovernanceRequest(asked);
  if (bound === null) throw recordRefusal("approval_attestation_required");
  const policy = parseApprovalTrustPolicy(member(input, "trust_policy"));
  const revoked = member(input, "revoked");
  // Nobody who cannot say whether it was revoked may use it: the missing port is a refusal (§27 no. 23).
  if (typeof revoked !== "boolean") throw recordRefusal("approval_revocation_port_required", 23);
  checkApprover(bound, policy);
  const now = textOrEmpty(input, "now");
  checkApprovalTrust(bound, policy, {
    nowMs: instantMs(now, "approval_validation_time_timezone_required"),
    revoked,
  });
  return "approval_valid";
}

const PURPOSE = "governance_decision_authority";

function signedRecordDigest(document: ExactRecord): string {
  const recordType = "govengine.governance_decision_signing.SignedGovernanceDecisionRecord";
  return kernelRecordDigest({ recordType, record: withFloats(document) });
}

/** A case that carries no time is played at the moment of issue. */
function consume(input: ExactJson): object {
  const decision = checkGovernanceDecision(memberOrNull(input, "governance_decision"));
  const digest = signedRecordDigest(decision.document);
  const fault = demoVerify(digest, memberOrNull(input, "signature"), []);
  if (fault !== "ok" || textMember(input, "signed_record_digest") !== digest)
    return { status: "rejected", reason_code: "governance_decision_signature_verification_failed" };
  const facts = member(input, "runtime_facts");
  const claimed = new Set<string>();
  const now = textMember(input, "now") ?? textOrEmpty(decision.authorization ?? {}, "issued_at");
  const nowMs = instantMs(now, "governance_evaluation_time_timezone_required");
  const attempt = (): ReturnType<typeof consumeDecision> =>
    consumeDecision(decision, isExactRecord(facts) ? facts : {}, { nowMs, isClaimed: (claim) => claimed.has(claim) });
  let outcome = attempt();
  const repeat = Math.min(integerMember(input, "repeat") ?? 1, 100);
  for (let time = 1; time < repeat && outcome.status === "allowed"; time++) {
    claimed.add(outcome.claim);
    outcome = attempt();
  }
  return outcome;
}
