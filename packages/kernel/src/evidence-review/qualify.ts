import {
  receiptStatus,
  type EvidenceClaim,
  type EvidenceQualification,
  type EvidenceRequirement,
  type EvidenceReviewResult,
  type ReceiptStatus,
} from "./records.ts";

/** How much a receipt bears; the higher, the more (spec kernel.md §21). */
const RANKS: Readonly<Record<ReceiptStatus, number>> = {
  blocked: 0,
  failed: 1,
  interrupted: 1,
  "dry-run": 2,
  succeeded: 3,
};

export interface QualificationInput {
  readonly requirement: EvidenceRequirement;
  readonly claim: EvidenceClaim;
  readonly receiptStatus: string;
  /** `<claim>:qualification` unless said. */
  readonly id?: string;
}

/** Whether a receipt of this status bears the claim. Throws `GOVERNANCE_RECORD_INVALID` for a status nobody knows. */
export function qualifyClaim({
  requirement,
  claim,
  receiptStatus: said,
  id,
}: QualificationInput): EvidenceQualification {
  const status = receiptStatus(said);
  return {
    qualification_id: id ?? `${claim.claim_id}:qualification`,
    claim_id: claim.claim_id,
    requirement_id: requirement.requirement_id,
    ...outcomeOf(requirement, claim, status),
    receipt_status: status,
    metadata: {},
  };
}

function outcomeOf(
  requirement: EvidenceRequirement,
  claim: EvidenceClaim,
  status: ReceiptStatus,
): Pick<EvidenceQualification, "result" | "reason_code"> {
  if (RANKS[status] < RANKS[requirement.min_receipt_status])
    return { result: "unsupported", reason_code: "receipt_status_below_requirement" };
  if (claim.claim_type === "live_vulnerability" && status !== "succeeded")
    return { result: "rejected", reason_code: "live_claim_not_supported_by_receipt" };
  return { result: "supported", reason_code: "receipt_bounds_support_claim" };
}

/** The verdict over qualifications: one that is not supported fails, and nothing qualified is left to a reviewer. */
export function verdictOver(qualifications: readonly EvidenceQualification[]): EvidenceReviewResult["verdict"] {
  const results = new Set(qualifications.map(({ result }) => result));
  if (results.has("unsupported") || results.has("rejected")) return "failed";
  return results.has("needs_review") || results.size === 0 ? "needs_review" : "passed";
}
