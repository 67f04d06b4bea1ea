import { parseRfc3339, type ExactJson } from "@writ/canon";
import { consumeDecision } from "../../governance/consumption.ts";
import { checkGovernanceDecision, governanceDecisionDigest, withFloats } from "../../governance/decision.ts";
import { checkReceiptBinding, receiptConformance } from "../../governance/receipt-conformance.ts";
import { demoSign, demoVerify } from "../demo-signature.ts";
import { integerMember, isExactRecord, member, textMember, type ExactRecord } from "../exact-record.ts";
import { kernelRecordDigest } from "../record-digest.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "governance.decision_digest": recordOperation(governanceDecisionDigest),
  "governance.validate_decision": recordOperation((input) => {
    checkGovernanceDecision(input);
    return "valid";
  }),
  "governance.sign_decision_demo": recordOperation((input) => {
    const { document } = checkGovernanceDecision(member(input, "decision") ?? null);
    const digest = signedRecordDigest(document);
    return { record_digest: digest, signature: demoSign(digest, textMember(input, "signer_id") ?? "", PURPOSE) };
  }),
  "receipt.conformance": recordOperation((input) =>
    receiptConformance(
      checkGovernanceDecision(member(input, "governance_decision") ?? null),
      checkReceiptBinding(member(input, "runtime_receipt_binding") ?? null),
      textMember(input, "expected_runtime_permit_digest") ?? "",
    ),
  ),
  "decision.consume": recordOperation(consume),
};

const PURPOSE = "governance_decision_authority";

function signedRecordDigest(document: ExactRecord): string {
  const recordType = "govengine.governance_decision_signing.SignedGovernanceDecisionRecord";
  return kernelRecordDigest({ recordType, record: withFloats(document) });
}

/** Cases carry no clock: they are played at the moment of issue. */
function consume(input: ExactJson): object {
  const decision = checkGovernanceDecision(member(input, "governance_decision") ?? null);
  const digest = signedRecordDigest(decision.document);
  const fault = demoVerify(digest, member(input, "signature") ?? null, []);
  if (fault !== "ok" || textMember(input, "signed_record_digest") !== digest)
    return { status: "denied", reason_code: "governance_decision_signature_verification_failed" };
  const facts = member(input, "runtime_facts");
  const claimed = new Set<string>();
  const nowMs = parseRfc3339(textMember(decision.authorization ?? {}, "issued_at") ?? "");
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
