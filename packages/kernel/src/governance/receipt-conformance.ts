import {
  integerMember,
  isExactRecord,
  member,
  memberOrNull,
  sameExact,
  textMember,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { GovernanceDecision } from "./decision.ts";
import type { ReceiptBinding } from "./receipt-binding.ts";
import { isDigest } from "./v1-record.ts";

/** Whether a runtime receipt keeps to the decision it was given (spec kernel.md §23.5). */
export interface ReceiptConformance {
  readonly schema_version: "v1";
  readonly conformance_id: string;
  readonly status: "conformant" | "nonconformant";
  readonly conformant: boolean;
  readonly reason_code: string;
  readonly decision_digest: string;
  readonly receipt_digest: string;
  readonly runtime_permit_digest: string;
  readonly checks: readonly string[];
  readonly failures: readonly string[];
  readonly result_digest: string;
}

/**
 * Compares a checked binding with a checked decision and reports everything that differs, in the reference's order.
 * `permitDigest` is the digest of the permit that was given out. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function receiptConformance(
  decision: GovernanceDecision,
  binding: ReceiptBinding,
  permitDigest: string,
): ReceiptConformance {
  if (!isDigest(permitDigest)) throw recordRefusal("invalid_expected_runtime_permit_digest");
  const findings = findingsOf(decision, binding, permitDigest);
  const failures = findings.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const checks = findings.flatMap(({ check, failure }) =>
    failure === undefined && check !== undefined ? [check] : [],
  );
  const conformant = failures.length === 0;
  const result = {
    schema_version: "v1",
    conformance_id: `receipt-conformance:${textField(binding, "receipt_id")}`,
    status: conformant ? "conformant" : "nonconformant",
    conformant,
    reason_code: failures[0] ?? "receipt_conforms",
    decision_digest: decision.decision_digest,
    receipt_digest: textField(binding, "receipt_digest"),
    runtime_permit_digest: textField(binding, "runtime_permit_digest"),
    checks,
    failures,
  } as const;
  const recordType = "govengine.receipt_conformance.ReceiptConformanceResult";
  return { ...result, result_digest: kernelRecordDigest({ recordType, record: { ...result, result_digest: "" } }) };
}

interface Finding {
  readonly check?: string;
  readonly failure?: string;
}

const BOUND = [
  ["operation_id", "operation"],
  ["step_id", "step"],
  ["attempt_id", "attempt"],
  ["runtime_instance_id", "runtime_instance"],
  ["lease_id", "lease"],
  ["lease_epoch", "lease_epoch"],
  ["fencing_token_digest", "fencing_token"],
  ["execution_spec_digest", "execution_spec"],
  ["payload_digest", "payload"],
  ["requested_scope_digest", "requested_scope"],
  ["capability_inventory_digest", "capability_inventory"],
  ["inventory_epoch", "inventory_epoch"],
  ["policy_pack_digest", "policy_pack"],
  ["policy_epoch", "policy_epoch"],
] as const;

function findingsOf(decision: GovernanceDecision, binding: ReceiptBinding, permit: string): readonly Finding[] {
  const { authorization, controls } = decision;
  // Nothing binds a receipt to a decision that allowed nothing.
  const bound =
    authorization === null
      ? [{ failure: "receipt_governance_decision_not_allowed" }]
      : [
          finding(
            textMember(binding, "decision_digest") === decision.decision_digest,
            "receipt_decision_bound",
            "receipt_decision_digest_mismatch",
          ),
          finding(
            textMember(binding, "runtime_permit_digest") === permit,
            "receipt_runtime_permit_bound",
            "receipt_runtime_permit_digest_mismatch",
          ),
          ...BOUND.map(([key, name]) => boundFinding(authorization, binding, key, name)),
        ];
  return [
    { check: "receipt_digest_verified" },
    ...bound,
    { check: "terminal_receipt_present" },
    ...outputFindings(controls, binding),
  ];
}

function boundFinding(authorization: ExactRecord, binding: ReceiptBinding, key: string, name: string): Finding {
  const same = sameExact(memberOrNull(authorization, key), memberOrNull(binding, key));
  return finding(same, `receipt_${name}_bound`, `receipt_${key}_mismatch`);
}

function outputFindings(controls: ExactRecord, binding: ReceiptBinding): readonly Finding[] {
  const digests = member(binding, "output_digests");
  const present = isExactRecord(digests) && Object.keys(digests).length > 0;
  const required = member(controls, "output_digest_required") === true;
  const limit = integerMember(controls, "max_output_bytes") ?? 0;
  const within = limit <= 0 || (integerMember(binding, "output_bytes") ?? 0) <= limit;
  const optional = present ? [{ check: "optional_output_digest_present" }] : [];
  return [
    ...(required ? [finding(present, "required_output_digest_present", "required_output_digest_missing")] : optional),
    finding(within, "receipt_output_within_limit", "receipt_output_limit_exceeded"),
  ];
}

function finding(holds: boolean, check: string, failure: string): Finding {
  return holds ? { check } : { failure };
}
