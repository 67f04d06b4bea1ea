import type { ExactJson } from "@writ/canon";
import type { AdmissionDecision } from "../admission/admission-decision.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { admit, checkAdmission, type Ruling } from "./admission.ts";
import type { ApprovalPort } from "./approval-port.ts";
import { requestReader, type RequestHead } from "./request-fields.ts";

export const TRANSITION_SOURCES = ["reaction", "trigger", "watchdog", "manual", "operator", "llm_proposal"] as const;
export const PARENT_STATUSES = ["completed", "failed", "blocked", "needs_followup", "partially_completed"] as const;

/** One operation that wants to start another (spec kernel.md §24). */
export interface AutomationTransition extends RequestHead {
  readonly source: (typeof TRANSITION_SOURCES)[number];
  readonly chain_schema_version: string;
  readonly parent_operation_id: string;
  readonly parent_status: (typeof PARENT_STATUSES)[number];
  /** Whether a model claims the authority for it; none ever has it. */
  readonly llm_authority: boolean;
  readonly depth: number;
  readonly max_depth: number;
  readonly child_sequence: number;
  readonly max_children: number;
  readonly child_intent_class: string;
  readonly allowed_child_intent_classes: readonly string[];
  /** `""` when nobody approved. */
  readonly approval_ref: string;
}

/** Reads a transition. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAutomationTransition(value: ExactJson): AutomationTransition {
  const read = requestReader(value, "automation_transition", FIELDS);
  return {
    ...read.head,
    source: read.choice("source", TRANSITION_SOURCES, "unknown_automation_transition_source"),
    chain_schema_version: read.text("chain_schema_version"),
    parent_operation_id: read.text("parent_operation_id"),
    parent_status: read.choice("parent_status", PARENT_STATUSES, "unknown_automation_transition_parent_status"),
    llm_authority: read.flag("llm_authority"),
    depth: read.count("depth"),
    max_depth: read.count("max_depth"),
    child_sequence: read.count("child_sequence"),
    max_children: read.count("max_children"),
    child_intent_class: read.text("child_intent_class"),
    allowed_child_intent_classes: read.texts("allowed_child_intent_classes"),
    approval_ref: read.optionalText("approval_ref"),
  };
}

/** A model may propose, never authorise: its proposal waits for an approval of exactly this transition. */
export function admitAutomationTransition(
  transition: AutomationTransition,
  isApproved?: ApprovalPort,
): AdmissionDecision {
  const digest = automationTransitionDigest(transition);
  return admit("automation_transition", { ...transition, digest }, rulingOf(transition, digest, isApproved));
}

/** Computes a stored admission again. Throws `automation_transition_admission_drift`. */
export function checkTransitionAdmission(
  stored: ExactJson,
  transition: AutomationTransition,
  isApproved?: ApprovalPort,
): AdmissionDecision {
  return checkAdmission("automation_transition", stored, admitAutomationTransition(transition, isApproved));
}

export function automationTransitionDigest(transition: AutomationTransition): string {
  const recordType = "govengine.automation.AutomationTransitionRequest";
  return kernelRecordDigest({ recordType, record: { ...transition } });
}

function rulingOf(asked: AutomationTransition, digest: string, isApproved: ApprovalPort | undefined): Ruling {
  const denied = (what: string): Ruling => ({ outcome: "denied", reason_code: `automation_transition_${what}` });
  if (asked.chain_schema_version !== CHAIN_SCHEMA) return denied("chain_schema_unsupported");
  if (asked.llm_authority) return denied("llm_authority_denied");
  if (asked.depth > asked.max_depth) return denied("depth_exceeded");
  if (asked.child_sequence > asked.max_children) return denied("child_limit_exceeded");
  if (!asked.allowed_child_intent_classes.includes(asked.child_intent_class)) return denied("child_intent_not_allowed");
  const { approval_ref: approval } = asked;
  if (asked.source === "llm_proposal" && !(approval !== "" && isApproved?.(approval, digest) === true))
    return { outcome: "deferred", reason_code: "automation_transition_requires_approval" };
  return { outcome: "allowed", reason_code: "automation_transition_allowed" };
}

const CHAIN_SCHEMA = "v0.1";
const FIELDS =
  "source chain_schema_version parent_operation_id parent_status llm_authority depth max_depth child_sequence " +
  "max_children child_intent_class allowed_child_intent_classes approval_ref";
