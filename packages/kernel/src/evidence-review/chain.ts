import type { ExactJson } from "@writ/canon";
import { member, textMember, type ExactRecord } from "../compat/exact-record.ts";
import { recordOf, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { runnerReceiptDigest } from "../supervision/receipt-binding.ts";
import { qualifyClaim, verdictOver } from "./qualify.ts";
import {
  parseEvidenceClaim,
  parseEvidenceQualification,
  parseEvidenceRequirement,
  parseEvidenceReviewResult,
  type EvidenceClaim,
  type EvidenceQualification,
  type EvidenceReviewResult,
} from "./records.ts";

/** The records of one review as they were stored, and the runner's receipt that the claim rests on. */
export interface EvidenceChain {
  readonly requirement: ExactJson;
  readonly claim: ExactJson;
  readonly receipt: ExactJson;
  readonly qualification: ExactJson;
  readonly result: ExactJson;
}

/** What a review says in public: ids and counts only (spec kernel.md §21). */
export interface EvidenceReviewSummary {
  readonly review_id: string;
  readonly subject_ref: string;
  readonly verdict: EvidenceReviewResult["verdict"];
  readonly claim_id: string;
  readonly requirement_id: string;
  readonly qualification_id: string;
  readonly receipt_id: string;
  readonly receipt_ref_count: number;
  readonly evidence_ref_count: number;
  readonly qualification_ref_count: number;
}

/**
 * Holds a review together, from the receipt to the verdict; the first that does not fit is refused. What a qualification
 * says is computed again from the receipt (§27 no. 4). Throws `GOVERNANCE_RECORD_INVALID` and `LEGACY_VALUE`.
 */
export function checkEvidenceChain(chain: EvidenceChain): EvidenceReviewSummary {
  const requirement = parseEvidenceRequirement(chain.requirement);
  const claim = parseEvidenceClaim(chain.claim);
  const receipt = recordOf(chain.receipt, "invalid_runner_receipt");
  const qualification = parseEvidenceQualification(chain.qualification);
  const result = parseEvidenceReviewResult(chain.result);
  const receiptId = checkReceipt(receipt, claim, requirement.subject_ref);
  const same = (holds: boolean, reason: string, rule?: number): void => {
    if (!holds) throw recordRefusal(reason, rule);
  };
  const status = textField(receipt, "status");
  same(qualification.claim_id === claim.claim_id, "evidence_qualification_claim_mismatch");
  same(qualification.requirement_id === requirement.requirement_id, "evidence_qualification_requirement_mismatch");
  same(qualification.receipt_status === status, "evidence_qualification_receipt_status_mismatch");
  const found = qualifyClaim({ requirement, claim, receiptStatus: status });
  for (const { result: outcome, reason_code: reason } of [qualification, found])
    same(
      outcome === "supported",
      `evidence_claim_not_supported:${reason}`,
      qualification.result === "supported" ? 4 : undefined,
    );
  same(result.subject_ref === claim.subject_ref, "review_result_subject_ref_mismatch");
  same(result.qualification_refs.includes(qualification.qualification_id), "review_result_qualification_ref_mismatch");
  same(result.verdict === verdictOver([found]), "review_result_verdict_mismatch", 4);
  return summaryOf({ claim, qualification, result }, receiptId);
}

/** The receipt is the claim's, of its subject and its admission, and is what its own digest says. */
function checkReceipt(receipt: ExactRecord, claim: EvidenceClaim, subject: string): string {
  const binding = member(receipt, "binding") ?? {};
  const receiptId = textMember(binding, "receipt_id")?.trim() ?? "";
  if (receiptId === "") throw recordRefusal("missing_evidence_review_receipt_id");
  if (!claim.receipt_refs.includes(receiptId)) throw recordRefusal("evidence_receipt_ref_mismatch");
  if (claim.subject_ref !== subject) throw recordRefusal("evidence_subject_ref_mismatch");
  const told = [
    claim.subject_ref,
    ...["admission_id", "admission_digest"].map((key) => textMember(claim.metadata, key)),
  ];
  const admitted = [textMember(binding, "admission_id"), textMember(binding, "admission_digest")];
  if (!admitted.some((name) => name !== undefined && name !== "" && told.includes(name)))
    throw recordRefusal("evidence_admission_ref_mismatch");
  const digest = runnerReceiptDigest(receipt);
  const said = textMember(claim.metadata, "receipt_digest") ?? digest;
  if (textMember(binding, "receipt_digest") !== digest || said !== digest)
    throw recordRefusal("evidence_receipt_digest_mismatch");
  return receiptId;
}

interface Reviewed {
  readonly claim: EvidenceClaim;
  readonly qualification: EvidenceQualification;
  readonly result: EvidenceReviewResult;
}

function summaryOf({ claim, qualification, result }: Reviewed, receiptId: string): EvidenceReviewSummary {
  return {
    review_id: result.review_id,
    subject_ref: result.subject_ref,
    verdict: result.verdict,
    claim_id: claim.claim_id,
    requirement_id: qualification.requirement_id,
    qualification_id: qualification.qualification_id,
    receipt_id: receiptId,
    receipt_ref_count: claim.receipt_refs.length,
    evidence_ref_count: claim.evidence_refs.length,
    qualification_ref_count: result.qualification_refs.length,
  };
}
