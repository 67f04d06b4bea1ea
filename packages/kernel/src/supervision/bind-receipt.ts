import type { ExactRecord } from "../compat/exact-record.ts";
import { textField } from "../control/record-fields.ts";
import { checkRunnerReceipt, runnerReceiptDigest, type BindingEvidence } from "./receipt-binding.ts";

/** What a binding says beyond what it binds: names and digests, never output. */
export interface BindingNames {
  readonly receiptId: string;
  readonly runnerProfile?: string;
  /** Digest by stream or artifact. */
  readonly outputDigests?: Readonly<Record<string, string>>;
  readonly evidenceRefs?: Readonly<Record<string, string>>;
}

export interface BoundReceipt {
  readonly receipt: ExactRecord;
  /** To be recorded beside it: the binding alone proves nothing. */
  readonly receiptDigest: string;
}

/**
 * Binds a runner's receipt to its admission, ticket and request (spec kernel.md §15). What it makes holds against
 * `checkRunnerReceipt`; what could not is refused with the same codes. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function bindRunnerReceipt(
  receipt: ExactRecord,
  evidence: Omit<BindingEvidence, "receiptDigest">,
  { receiptId, runnerProfile = "dry-run", outputDigests = {}, evidenceRefs = {} }: BindingNames,
): BoundReceipt {
  const binding = {
    schema_version: "v0.1",
    admission_id: evidence.admission.id,
    admission_digest: evidence.admission.digest,
    ticket_id: evidence.ticket.id,
    ticket_digest: evidence.ticket.digest,
    request_id: evidence.request.request_id,
    request_digest: evidence.requestDigest,
    receipt_id: receiptId,
    receipt_digest: "",
    status: textField(receipt, "status"),
    reason_code: textField(receipt, "reason_code", "ok"),
    runner_profile: runnerProfile,
    output_digests: outputDigests,
    evidence_refs: evidenceRefs,
  };
  const receiptDigest = runnerReceiptDigest({ ...receipt, binding });
  const bound = { ...receipt, binding: { ...binding, receipt_digest: receiptDigest } };
  checkRunnerReceipt(bound, { ...evidence, receiptDigest });
  return { receipt: bound, receiptDigest };
}
