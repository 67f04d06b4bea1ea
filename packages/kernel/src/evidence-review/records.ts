import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { RUNNER_RECEIPT_STATUSES } from "../supervision/receipt-binding.ts";

export type ReceiptStatus = (typeof RUNNER_RECEIPT_STATUSES)[number];

export const CLAIM_TYPES = ["execution_truth", "live_vulnerability"] as const;
export const QUALIFICATION_RESULTS = ["supported", "unsupported", "needs_review", "rejected"] as const;
export const EVIDENCE_VERDICTS = ["passed", "failed", "needs_review"] as const;

/** What evidence of a subject must reach (spec kernel.md §21). */
export interface EvidenceRequirement {
  readonly requirement_id: string;
  readonly subject_ref: string;
  readonly evidence_kind: "execution_receipt";
  readonly min_receipt_status: ReceiptStatus;
  readonly metadata: ExactRecord;
}

/** What somebody says about a subject, and the receipts that it rests on. */
export interface EvidenceClaim {
  readonly claim_id: string;
  readonly subject_ref: string;
  readonly claim_type: (typeof CLAIM_TYPES)[number];
  readonly statement: string;
  /** At least one. */
  readonly receipt_refs: readonly string[];
  readonly evidence_refs: readonly string[];
  readonly metadata: ExactRecord;
}

/** Whether a receipt bears a claim. */
export interface EvidenceQualification {
  readonly qualification_id: string;
  readonly claim_id: string;
  readonly requirement_id: string;
  readonly result: (typeof QUALIFICATION_RESULTS)[number];
  readonly reason_code: string;
  readonly receipt_status: ReceiptStatus;
  readonly metadata: ExactRecord;
}

export interface EvidenceReviewResult {
  readonly review_id: string;
  readonly subject_ref: string;
  readonly verdict: (typeof EVIDENCE_VERDICTS)[number];
  readonly qualification_refs: readonly string[];
  readonly metadata: ExactRecord;
}

const SEQUENCE = "invalid_review_sequence";

/** Throws `GOVERNANCE_RECORD_INVALID`, as every reader here does. */
export function parseEvidenceRequirement(value: ExactJson): EvidenceRequirement {
  const record = recordOf(value, "invalid_evidence_requirement");
  return {
    requirement_id: requiredText(record, "requirement_id", "missing_evidence_requirement_id"),
    subject_ref: requiredText(record, "subject_ref", "missing_evidence_requirement_subject_ref"),
    evidence_kind: oneOf(
      ["execution_receipt"],
      textField(record, "evidence_kind", "execution_receipt"),
      "unknown_evidence_kind",
    ),
    min_receipt_status: receiptStatus(textField(record, "min_receipt_status", "dry-run")),
    metadata: metadataOf(record),
  };
}

export function parseEvidenceClaim(value: ExactJson): EvidenceClaim {
  const record = recordOf(value, "invalid_evidence_claim");
  const claim = {
    claim_id: requiredText(record, "claim_id", "missing_evidence_claim_id"),
    subject_ref: requiredText(record, "subject_ref", "missing_evidence_claim_subject_ref"),
    claim_type: oneOf(CLAIM_TYPES, textField(record, "claim_type", "execution_truth"), "unknown_evidence_claim_type"),
    statement: textField(record, "statement"),
    receipt_refs: textsField(record, "receipt_refs", SEQUENCE).filter((ref) => ref !== ""),
    evidence_refs: textsField(record, "evidence_refs", SEQUENCE),
    metadata: metadataOf(record),
  };
  if (claim.receipt_refs.length === 0) throw recordRefusal("missing_evidence_claim_receipt_ref");
  return claim;
}

export function parseEvidenceQualification(value: ExactJson): EvidenceQualification {
  const record = recordOf(value, "invalid_evidence_qualification");
  const result = requiredText(record, "result", "unknown_evidence_qualification_result:missing", 10);
  return {
    qualification_id: requiredText(record, "qualification_id", "missing_evidence_qualification_id"),
    claim_id: requiredText(record, "claim_id", "missing_evidence_qualification_claim_id"),
    requirement_id: requiredText(record, "requirement_id", "missing_evidence_qualification_requirement_id"),
    result: oneOf(QUALIFICATION_RESULTS, result, "unknown_evidence_qualification_result"),
    reason_code: requiredText(record, "reason_code", "missing_evidence_qualification_reason_code"),
    receipt_status: receiptStatus(textField(record, "receipt_status")),
    metadata: metadataOf(record),
  };
}

export function parseEvidenceReviewResult(value: ExactJson): EvidenceReviewResult {
  const record = recordOf(value, "invalid_evidence_review_result");
  const verdict = requiredText(record, "verdict", "unknown_evidence_review_verdict:missing", 10);
  return {
    review_id: requiredText(record, "review_id", "missing_evidence_review_id"),
    subject_ref: requiredText(record, "subject_ref", "missing_evidence_review_subject_ref"),
    verdict: oneOf(EVIDENCE_VERDICTS, verdict, "unknown_evidence_review_verdict"),
    qualification_refs: textsField(record, "qualification_refs", SEQUENCE),
    metadata: metadataOf(record),
  };
}

/** One of the runner's statuses; another one never has a rank. */
export function receiptStatus(text: string): ReceiptStatus {
  return oneOf(RUNNER_RECEIPT_STATUSES, text, "unknown_runner_receipt_status");
}

function metadataOf(record: ExactRecord): ExactRecord {
  const metadata = mapField(record, "metadata", "invalid_review_metadata");
  refuseForbiddenKeys("review", metadata);
  return metadata;
}
