import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { flagField, mapField, recordOf, requiredText, textField } from "../control/record-fields.ts";

/** What a host decided about a running request (spec kernel.md §15). */
export interface SupervisionDecision {
  readonly decision_id: string;
  readonly request_id: string;
  readonly action: string;
  readonly reason_code: string;
  readonly interrupting: boolean;
  readonly lease_id: string;
  readonly metadata: ExactRecord;
}

/**
 * Reads a decision. The reference's action is `allow` when none is given; here it must be said (spec kernel.md §27
 * no. 10). Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function parseSupervisionDecision(value: ExactJson): SupervisionDecision {
  const record = recordOf(value, "invalid_supervision_decision");
  const decision = {
    decision_id: requiredText(record, ["decision_id", "id"], "missing_supervision_decision_id"),
    request_id: requiredText(record, "request_id", "missing_supervision_decision_request_id"),
    action: requiredText(record, "action", "missing_supervision_decision_action", 10),
    reason_code: textField(record, "reason_code", "ok"),
    interrupting: flagField(record, "interrupting", false),
    lease_id: textField(record, "lease_id"),
    metadata: mapField(record, "metadata", "invalid_supervision_metadata"),
  };
  refuseForbiddenKeys("supervision", decision.metadata);
  return decision;
}
