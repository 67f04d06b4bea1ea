import type { ExactJson } from "@writ/canon";
import { admissionDecisionDigest, type AdmissionDecision } from "../admission/admission-decision.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { enforcementPlanDigest, type EnforcementPlan } from "../policy-pack/enforcement.ts";
import { policyVerdictDigest, type PolicyVerdict } from "../policy-pack/evaluate.ts";
import { packRequestDigest, type PackRequest } from "../policy-pack/policy-request.ts";
import type { RuntimeControls } from "../policy-pack/runtime-controls.ts";
import { closedRecord, orderedTexts, textOf } from "./v1-record.ts";

/** What led from a request to its admission, by digest (spec kernel.md §23.6). */
export interface GovernanceTrace {
  readonly trace_id: string;
  readonly subject_ref: string;
  readonly policy_request_digest: string;
  readonly policy_verdict_digest: string;
  readonly enforcement_plan_digest: string;
  readonly admission_digest: string;
  readonly required_controls: readonly string[];
  readonly evidence_requirements: readonly string[];
  readonly non_claims: readonly string[];
  readonly schema_version: "v0.1";
  readonly trace_digest: string;
}

export interface Traced {
  readonly request: PackRequest;
  readonly verdict: PolicyVerdict;
  readonly plan: EnforcementPlan;
  readonly admission: AdmissionDecision;
}

export function traceGovernance(transactionId: string, { request, verdict, plan, admission }: Traced): GovernanceTrace {
  const trace = {
    trace_id: `gov-trace:${transactionId}`,
    subject_ref: request.subject_ref,
    policy_request_digest: packRequestDigest(request),
    policy_verdict_digest: policyVerdictDigest(verdict),
    enforcement_plan_digest: enforcementPlanDigest(plan),
    admission_digest: admissionDecisionDigest(admission),
    required_controls: requiredControls(plan.controls),
    evidence_requirements: evidenceOf(plan.controls),
    non_claims: NON_CLAIMS,
    schema_version: "v0.1",
  } as const;
  return { ...trace, trace_digest: traceDigest({ ...trace }) };
}

/** Holds a stored trace against what it names; the first thing that drifted refuses it. */
export function checkGovernanceTrace(value: ExactJson, { plan, admission }: Pick<Traced, "plan" | "admission">): void {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_governance_trace",
    unknown: "unknown_governance_trace_field",
  });
  const planned = textOf(record, "enforcement_plan_digest", "missing_policy_enforcement_plan_binding");
  const admitted = textOf(record, "admission_digest", "missing_policy_enforcement_admission_binding");
  const subject = textOf(record, "subject_ref", "missing_governance_trace_subject_ref");
  const { trace_digest: digest, ...rest } = record;
  const rules: readonly (readonly [reason: string, holds: boolean])[] = [
    ["policy_enforcement_plan_digest_mismatch", planned === enforcementPlanDigest(plan)],
    ["policy_enforcement_admission_digest_mismatch", admitted === admissionDecisionDigest(admission)],
    ["governance_trace_subject_ref_mismatch", subject === plan.subject_ref],
    ["governance_trace_admission_subject_ref_mismatch", subject === admission.subject_ref],
    ["governance_trace_controls_mismatch", sameTexts(record, "required_controls", requiredControls(plan.controls))],
    ["governance_trace_digest_mismatch", digest === traceDigest(rest)],
  ];
  const broken = rules.find(([, holds]) => !holds);
  if (broken !== undefined) throw recordRefusal(broken[0]);
}

/** Every control by name: those policy named, their typed names, and those that a set limit or flag implies. */
function requiredControls(controls: RuntimeControls): readonly string[] {
  const implied = [
    ["receipt_required", controls.receipt_required],
    ["output_digest_required", controls.output_digest_required],
    ["read_only_posture", controls.read_only_required],
    ["no_raw_shell", controls.no_raw_shell],
    ["mutation_requires_approval", controls.mutation_requires_approval],
    ["network_boundary_match", controls.allowed_network_egress.length > 0],
    ["backend_class_supported", controls.allowed_backend_classes.length > 0],
  ] as const;
  const names = implied.flatMap(([name, holds]) => (holds ? [name] : []));
  const all = new Set([...controls.control_ids, ...controls.typed_execution_control_ids, ...names]);
  return [...all].toSorted(compareCodePoints);
}

function evidenceOf(controls: RuntimeControls): readonly string[] {
  const digests = controls.output_digest_required ? ["output_digest_required"] : [];
  return controls.receipt_required ? ["receipt_required", ...digests] : digests;
}

function sameTexts(record: ExactRecord, key: string, expected: readonly string[]): boolean {
  return orderedTexts(record, key, `invalid_governance_trace_${key}`).join("\n") === expected.join("\n");
}

function traceDigest(record: ExactRecord): string {
  const recordType = "govengine.governance_trace.GovernanceTrace";
  return kernelRecordDigest({ recordType, schemaVersion: "v0.1", record });
}

const NON_CLAIMS = ["does_not_claim_execution", "does_not_claim_runtime_enforcement"] as const;

const FIELDS: ReadonlySet<string> = new Set(
  (
    "trace_id subject_ref policy_request_digest policy_verdict_digest enforcement_plan_digest admission_digest " +
    "required_controls evidence_requirements non_claims schema_version trace_digest"
  ).split(" "),
);
