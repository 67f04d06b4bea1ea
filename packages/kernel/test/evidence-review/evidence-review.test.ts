import { assert, constantFrom, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { isWritError, type ExactJson } from "@writ/canon";
import { runnerReceiptDigest, type ExactRecord } from "@writ/kernel";
import {
  checkEvidenceChain,
  parseEvidenceClaim,
  parseEvidenceQualification,
  parseEvidenceRequirement,
  parseEvidenceReviewResult,
  qualifyClaim,
  verdictOver,
  type EvidenceChain,
  type EvidenceQualification,
} from "@writ/kernel/security";
import { changed, type Changes } from "../artifacts/samples.ts";
import { refusalOf } from "../refusal.ts";

function receiptOf(status: string): ExactRecord {
  const binding = {
    admission_id: "admission-1",
    admission_digest: `sha256:${"a".repeat(64)}`,
    receipt_id: "receipt-1",
    status,
    receipt_digest: "",
  };
  const receipt = { status, request_id: "r", source: "s", step_results: [], binding };
  return { ...receipt, binding: { ...binding, receipt_digest: runnerReceiptDigest(receipt) } };
}

function chainOf(status = "dry-run"): EvidenceChain {
  return {
    requirement: { requirement_id: "requirement-1", subject_ref: "subject-1", min_receipt_status: "dry-run" },
    claim: {
      claim_id: "claim-1",
      subject_ref: "subject-1",
      statement: "it ran dry",
      receipt_refs: ["receipt-1"],
      evidence_refs: ["e1", "e2"],
      metadata: { admission_id: "admission-1" },
    },
    receipt: receiptOf(status),
    qualification: {
      qualification_id: "claim-1:qualification",
      claim_id: "claim-1",
      requirement_id: "requirement-1",
      result: "supported",
      reason_code: "receipt_bounds_support_claim",
      receipt_status: status,
    },
    result: {
      review_id: "review-1",
      subject_ref: "subject-1",
      verdict: "passed",
      qualification_refs: ["claim-1:qualification"],
    },
  };
}

function refusal(part: keyof EvidenceChain, changes: Changes, status?: string): string | undefined {
  const chain = chainOf(status);
  return refusalOf(() => checkEvidenceChain({ ...chain, [part]: changed(chain[part] as ExactRecord, changes) }));
}

describe("a claim is qualified", () => {
  const supported = "supported receipt_bounds_support_claim";
  const below = "unsupported receipt_status_below_requirement";
  const live = "rejected live_claim_not_supported_by_receipt";
  const table: readonly (readonly [string, string, string, string])[] = [
    ["dry-run", "execution_truth", "blocked", below],
    ["dry-run", "execution_truth", "failed", below],
    ["dry-run", "execution_truth", "interrupted", below],
    ["dry-run", "execution_truth", "dry-run", supported],
    ["dry-run", "execution_truth", "succeeded", supported],
    ["succeeded", "execution_truth", "dry-run", below],
    ["failed", "execution_truth", "interrupted", supported],
    ["interrupted", "execution_truth", "failed", supported],
    ["blocked", "execution_truth", "blocked", supported],
    ["dry-run", "live_vulnerability", "dry-run", live],
    ["dry-run", "live_vulnerability", "succeeded", supported],
    ["dry-run", "live_vulnerability", "failed", below],
    ["blocked", "live_vulnerability", "blocked", live],
    ["dry-run", "execution_truth", "completed", "unknown_runner_receipt_status:completed"],
    ["dry-run", "execution_truth", "", "unknown_runner_receipt_status:"],
  ];
  test.each(table)("at least %s, %s, receipt %s: %s", (minimum, claimType, status, expected) => {
    const requirement = parseEvidenceRequirement({
      requirement_id: "r",
      subject_ref: "s",
      min_receipt_status: minimum,
    });
    const claim = parseEvidenceClaim({ claim_id: "c", subject_ref: "s", claim_type: claimType, receipt_refs: ["x"] });
    const found: { said?: EvidenceQualification } = {};
    const refused = refusalOf(() => (found.said = qualifyClaim({ requirement, claim, receiptStatus: status })));
    expect(refused ?? `${found.said?.result ?? ""} ${found.said?.reason_code ?? ""}`).toBe(expected);
    if (found.said !== undefined) expect(found.said.qualification_id).toBe("c:qualification");
  });

  test("and every qualification counts in the verdict", () => {
    const one = (result: EvidenceQualification["result"]): EvidenceQualification => ({
      ...parseQualification(),
      result,
    });
    expect(verdictOver([one("supported"), one("supported")])).toBe("passed");
    expect(verdictOver([one("supported"), one("needs_review")])).toBe("needs_review");
    expect(verdictOver([one("needs_review"), one("unsupported")])).toBe("failed");
    expect(verdictOver([one("rejected")])).toBe("failed");
    expect(verdictOver([])).toBe("needs_review");
  });
});

describe("a chain of evidence", () => {
  test("that holds says ids and counts only", () => {
    expect(checkEvidenceChain(chainOf())).toEqual({
      review_id: "review-1",
      subject_ref: "subject-1",
      verdict: "passed",
      claim_id: "claim-1",
      requirement_id: "requirement-1",
      qualification_id: "claim-1:qualification",
      receipt_id: "receipt-1",
      receipt_ref_count: 1,
      evidence_ref_count: 2,
      qualification_ref_count: 1,
    });
  });

  // Each row breaks everything below it too where it can, so that the order shows.
  const table: readonly (readonly [string, keyof EvidenceChain, Changes])[] = [
    ["missing_evidence_review_receipt_id", "receipt", { "binding.receipt_id": "" }],
    ["missing_evidence_review_receipt_id", "receipt", { binding: undefined }],
    ["evidence_receipt_ref_mismatch", "claim", { receipt_refs: ["other"], subject_ref: "other", metadata: {} }],
    ["evidence_subject_ref_mismatch", "claim", { subject_ref: "other", metadata: {} }],
    ["evidence_admission_ref_mismatch", "claim", { metadata: { receipt_digest: "other" } }],
    [
      "evidence_admission_ref_mismatch",
      "receipt",
      { "binding.admission_id": "", "binding.admission_digest": "", status: "failed" },
    ],
    ["evidence_receipt_digest_mismatch", "receipt", { status: "succeeded" }],
    ["evidence_receipt_digest_mismatch", "receipt", { "binding.receipt_digest": undefined }],
    ["evidence_receipt_digest_mismatch", "claim", { "metadata.receipt_digest": `sha256:${"0".repeat(64)}` }],
    [
      "evidence_qualification_claim_mismatch",
      "qualification",
      { claim_id: "x", requirement_id: "x", receipt_status: "failed", result: "rejected" },
    ],
    [
      "evidence_qualification_requirement_mismatch",
      "qualification",
      { requirement_id: "x", receipt_status: "failed", result: "rejected" },
    ],
    [
      "evidence_qualification_receipt_status_mismatch",
      "qualification",
      { receipt_status: "failed", result: "rejected" },
    ],
    ["evidence_claim_not_supported:why", "qualification", { result: "rejected", reason_code: "why" }],
    ["evidence_claim_not_supported:why", "qualification", { result: "needs_review", reason_code: "why" }],
    [
      "evidence_claim_not_supported:receipt_status_below_requirement",
      "requirement",
      { min_receipt_status: "succeeded" },
    ],
    ["evidence_claim_not_supported:live_claim_not_supported_by_receipt", "claim", { claim_type: "live_vulnerability" }],
    ["review_result_subject_ref_mismatch", "result", { subject_ref: "x", qualification_refs: [], verdict: "failed" }],
    ["review_result_qualification_ref_mismatch", "result", { qualification_refs: ["x"], verdict: "failed" }],
    ["review_result_verdict_mismatch", "result", { verdict: "failed" }],
  ];
  test.each(table)("is refused: %s, by its %s", (reason, part, changes) => {
    expect(refusal(part, changes)).toBe(reason);
  });

  test.each([{ admission_digest: `sha256:${"a".repeat(64)}` }, { admission_id: "admission-1" }])(
    "names its admission by %j",
    (metadata) => {
      expect(refusal("claim", { metadata })).toBeUndefined();
    },
  );

  test("names its admission as its subject", () => {
    const chain = chainOf();
    const subject = { subject_ref: "admission-1" };
    expect(
      refusalOf(() =>
        checkEvidenceChain({
          ...chain,
          requirement: changed(chain.requirement as ExactRecord, subject),
          claim: changed(chain.claim as ExactRecord, { ...subject, metadata: {} }),
          result: changed(chain.result as ExactRecord, subject),
        }),
      ),
    ).toBeUndefined();
  });
});

describe("records are read strictly", () => {
  const table: readonly (readonly [string, () => unknown])[] = [
    ["invalid_evidence_requirement", () => parseEvidenceRequirement([])],
    ["missing_evidence_requirement_id", () => parseEvidenceRequirement({ subject_ref: "s" })],
    ["missing_evidence_requirement_subject_ref", () => parseEvidenceRequirement({ requirement_id: "r" })],
    [
      "unknown_evidence_kind:log",
      () => parseEvidenceRequirement({ requirement_id: "r", subject_ref: "s", evidence_kind: "log" }),
    ],
    [
      "unknown_runner_receipt_status:ok",
      () => parseEvidenceRequirement({ requirement_id: "r", subject_ref: "s", min_receipt_status: "ok" }),
    ],
    ["invalid_evidence_claim", () => parseEvidenceClaim(null)],
    ["missing_evidence_claim_id", () => parseEvidenceClaim({})],
    ["missing_evidence_claim_subject_ref", () => parseEvidenceClaim({ claim_id: "c" })],
    ["unknown_evidence_claim_type:x", () => parseEvidenceClaim({ claim_id: "c", subject_ref: "s", claim_type: "x" })],
    ["missing_evidence_claim_receipt_ref", () => parseEvidenceClaim({ claim_id: "c", subject_ref: "s" })],
    [
      "missing_evidence_claim_receipt_ref",
      () => parseEvidenceClaim({ claim_id: "c", subject_ref: "s", receipt_refs: [" "] }),
    ],
    ["invalid_review_sequence", () => parseEvidenceClaim({ claim_id: "c", subject_ref: "s", receipt_refs: [1] })],
    [
      "forbidden_review_metadata:stdout",
      () =>
        parseEvidenceClaim({ claim_id: "c", subject_ref: "s", receipt_refs: "r", metadata: { a: [{ Stdout: 1 }] } }),
    ],
    ["unknown_evidence_qualification_result:missing", () => parseEvidenceQualification({ qualification_id: "q" })],
    ["unknown_evidence_qualification_result:maybe", () => parseQualification({ result: "maybe" })],
    ["missing_evidence_qualification_reason_code", () => parseQualification({ reason_code: "" })],
    ["unknown_runner_receipt_status:", () => parseQualification({ receipt_status: undefined })],
    ["invalid_evidence_review_result", () => parseEvidenceReviewResult("x")],
    ["unknown_evidence_review_verdict:missing", () => parseEvidenceReviewResult({ review_id: "r", subject_ref: "s" })],
    [
      "unknown_evidence_review_verdict:ok",
      () => parseEvidenceReviewResult({ review_id: "r", subject_ref: "s", verdict: "ok" }),
    ],
  ];
  test.each(table)("%s", (reason, run) => {
    expect(refusalOf(run)).toBe(reason);
  });

  test("and never with an untyped fault", () => {
    const parts = ["requirement", "claim", "receipt", "qualification", "result"] as const;
    assert(
      property(
        constantFrom(...parts),
        jsonValue(),
        constantFrom("metadata", "receipt_refs", "binding", "status", "result"),
        (part, value, key) => {
          const chain = chainOf();
          for (const replaced of [value as ExactJson, { ...(chain[part] as ExactRecord), [key]: value as ExactJson }]) {
            try {
              checkEvidenceChain({ ...chain, [part]: replaced });
            } catch (error) {
              expect(isWritError(error)).toBe(true);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function parseQualification(changes: Changes = {}): EvidenceQualification {
  return parseEvidenceQualification(changed(chainOf().qualification as ExactRecord, changes));
}
