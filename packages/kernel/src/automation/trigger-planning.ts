import type { ExactJson } from "@writ/canon";
import type { AdmissionDecision } from "../admission/admission-decision.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { admit, checkAdmission } from "./admission.ts";
import { requestReader, type RequestHead, type RequestReader } from "./request-fields.ts";

export const TRIGGER_DECISIONS = [
  "plan_operation",
  "ignore",
  "escalate",
  "drop_duplicate",
  "cooldown_blocked",
] as const;

/** What a rule made of a trigger (spec kernel.md §24); only `plan_operation` names an operation. */
export interface TriggerPlanning extends RequestHead {
  readonly trigger_id: string;
  readonly decision: (typeof TRIGGER_DECISIONS)[number];
  readonly reason_code: string;
  readonly rule_binding: string;
  readonly intent: string;
  readonly operation_id: string;
  /** `""` where nothing is planned. */
  readonly mode: "" | "dry_run" | "read_only";
}

/** Reads what a trigger led to. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseTriggerPlanning(value: ExactJson): TriggerPlanning {
  const read = requestReader(value, "trigger_planning", FIELDS);
  const trigger_id = read.text("trigger_id");
  const decision = read.choice("decision", TRIGGER_DECISIONS, "unknown_trigger_planning_decision");
  const reason_code = read.text("reason_code");
  const rule_binding = read.optionalText("rule_binding");
  const common = { ...read.head, trigger_id, decision, reason_code, rule_binding };
  if (decision === "plan_operation") return { ...common, ...planned(read, rule_binding) };
  if (OPERATION.some((key) => read.optionalText(key) !== ""))
    throw recordRefusal("trigger_planning_record_decision_with_operation");
  return { ...common, intent: "", operation_id: "", mode: "" };
}

/** A planned operation is allowed as far as planning goes; everything else is only recorded. */
export function admitTriggerPlanning(planning: TriggerPlanning): AdmissionDecision {
  const outcome = planning.decision === "plan_operation" ? "allowed" : "record_only";
  const reason_code = `trigger_planning_${planning.decision}`;
  return admit("trigger_planning", { ...planning, digest: triggerPlanningDigest(planning) }, { outcome, reason_code });
}

/** Computes a stored admission again. Throws `trigger_planning_admission_drift`. */
export function checkTriggerAdmission(stored: ExactJson, planning: TriggerPlanning): AdmissionDecision {
  return checkAdmission("trigger_planning", stored, admitTriggerPlanning(planning));
}

export function triggerPlanningDigest(planning: TriggerPlanning): string {
  const recordType = "govengine.triggers.TriggerPlanningRequest";
  return kernelRecordDigest({ recordType, record: { ...planning } });
}

function planned(read: RequestReader, rule: string): Pick<TriggerPlanning, "intent" | "operation_id" | "mode"> {
  if (rule === "") throw recordRefusal("trigger_planning_missing_rule_binding");
  const mode = read.choice("mode", ["dry_run", "read_only"], "unsupported_trigger_planning_mode");
  return { intent: read.text("intent"), operation_id: read.text("operation_id"), mode };
}

const OPERATION = ["intent", "operation_id", "mode"];
const FIELDS = "trigger_id decision reason_code rule_binding intent operation_id mode";
