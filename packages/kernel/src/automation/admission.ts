import type { ExactJson } from "@writ/canon";
import { parseAdmissionDecision, type AdmissionDecision } from "../admission/admission-decision.ts";
import { sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** Areas of spec kernel.md §24 whose requests are admitted. */
export type AutomationArea = "trigger_planning" | "supervisor_action" | "automation_transition" | "typed_execution";

/** What was decided of a request; everything but `allowed` and `record_only` names what is in the way. */
export interface Ruling {
  readonly outcome: "allowed" | "denied" | "deferred" | "record_only";
  readonly reason_code: string;
  readonly blockers?: readonly string[];
}

/** The admission of a request, by its digest; it is computed again wherever it is read. */
export function admit(
  area: AutomationArea,
  request: { readonly request_id: string; readonly subject_ref: string; readonly digest: string },
  { outcome, reason_code, blockers }: Ruling,
): AdmissionDecision {
  const free = outcome === "allowed" || outcome === "record_only";
  return parseAdmissionDecision({
    decision_id: `${area}-admission:${request.request_id}`,
    subject_ref: request.subject_ref,
    subject_kind: "task",
    outcome,
    allowed: outcome === "allowed",
    reason_code,
    blockers: free ? [] : (blockers ?? [reason_code]),
    signal: { [`${area}_request_digest`]: request.digest },
    metadata: { source: area, schema_version: "v0.1" },
  });
}

/** A stored admission is the one its request gets now, member for member, else `<area>_admission_drift`. */
export function checkAdmission(area: AutomationArea, stored: ExactJson, made: AdmissionDecision): AdmissionDecision {
  const expected: ExactRecord = { ...made };
  if (!sameExact(stored, expected)) throw recordRefusal(`${area}_admission_drift`);
  return made;
}
