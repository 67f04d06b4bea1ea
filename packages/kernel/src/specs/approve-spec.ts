import { canonicalize, sha256Hex, type JsonValue } from "@writ/canon";
import { lossGate } from "../actions/semantic-loss.ts";
import { inside, refuse } from "../fields.ts";
import { readApproved, type ApprovedSpec, type ExecutionTruth, type SpecApproval } from "./approved-record.ts";
import { APPROVED_ARTIFACT, APPROVED_SPEC_VERSION } from "./approved-spec.ts";
import { auditorArguments, inputSummary } from "./auditor-text.ts";
import { PREPARED_SPEC_VERSION, type PreparedSpec, type SpecBody } from "./prepared-record.ts";
import { preparedSpecDigest } from "./prepared-spec.ts";
import { checkBody, compare, hostHygiene } from "./spec-body.ts";
import { SPEC_PLACE } from "./spec-fields.ts";

/** What an approver decides; what follows from the spec is worked out from it. */
export type ApprovalGiven = Pick<
  SpecApproval,
  | "reason"
  | "reason_code"
  | "constraints"
  | "approval_source"
  | "owner_override_applied"
  | "approval_transform_chain"
  | "subject_digest"
> & { readonly decision: string };

export type SpecApprovalResult =
  | { readonly ok: true; readonly spec: ApprovedSpec }
  | { readonly ok: false; readonly reason: string };

/** Joins a prepared spec and its approval; a reason where that is no approval of this spec. */
export function approveSpec(prepared: PreparedSpec, given: ApprovalGiven): SpecApprovalResult {
  const reason = approvalFault(prepared, given);
  if (reason !== null) return { ok: false, reason };
  const { spec_version: _version, ...body } = prepared;
  const spec = {
    ...body,
    spec_version: APPROVED_SPEC_VERSION,
    approval: { ...given, decision: "approve", ...derivedApproval(body, given.subject_digest) },
    execution_truth: truthOf(body),
  };
  return { ok: true, spec: parseApprovedSpec(spec as unknown as JsonValue) };
}

/** Reads an approved spec strictly, and refuses one whose parts contradict each other. Throws `EXECUTION_SPEC_INVALID`. */
export function parseApprovedSpec(value: JsonValue): ApprovedSpec {
  const spec = readApproved(value, SPEC_PLACE);
  checkBody(spec, SPEC_PLACE);
  const { approval, execution_truth: truth, spec_version: _version, ...body } = spec;
  const subject = preparedSpecDigest({ ...body, spec_version: PREPARED_SPEC_VERSION });
  compare(inside(SPEC_PLACE, "approval"), approval, derivedApproval(body, subject));
  compare(inside(SPEC_PLACE, "execution_truth"), truth, truthOf(body));
  return spec;
}

/** SHA-256 of the RFC 8785 bytes, 64 lower-case hex digits. */
export function approvedSpecDigest(spec: ApprovedSpec): string {
  return sha256Hex(canonicalize(spec as unknown as JsonValue));
}

/** Reads the spec that a digest names, and no other: this is what may run. */
export function openApprovedSpec(value: JsonValue, digest: string): ApprovedSpec {
  const spec = parseApprovedSpec(value);
  if (approvedSpecDigest(spec) !== digest) throw refuse(SPEC_PLACE, "is not the spec that its digest names");
  return spec;
}

function approvalFault(prepared: PreparedSpec, given: ApprovalGiven): string | null {
  if (given.decision !== "approve") return `invalid_approved_execution_decision:${given.decision || "missing"}`;
  if (given.subject_digest !== preparedSpecDigest(prepared)) return "approval_of_another_spec";
  if (!prepared.target_in_scope) return "target_not_in_scope";
  const gate = lossGate(prepared.compiler.semantic_loss_policy);
  return gate.blocked ? gate.blocked_reason : null;
}

/** What an approval says by approving this spec. */
function derivedApproval(
  { compiler: { semantic_loss_policy: policy } }: SpecBody,
  subject: string,
): Pick<
  SpecApproval,
  | "approved_under_degradation"
  | "semantic_loss_rereview_required"
  | "semantic_loss_rereview_completed"
  | "semantic_loss_rereview_decision"
  | "subject_digest"
> {
  const required = lossGate(policy).requires_rereview;
  return {
    approved_under_degradation: policy.approved_under_degradation,
    semantic_loss_rereview_required: required,
    semantic_loss_rereview_completed: required,
    semantic_loss_rereview_decision: required ? "approve" : "",
    subject_digest: subject,
  };
}

function truthOf({
  target,
  resolved_tool: tool,
  normalized_args: args,
  stdin,
  execution_plan: plan,
}: SpecBody): ExecutionTruth {
  return {
    artifact_type: APPROVED_ARTIFACT,
    resolved_tool: tool,
    normalized_args: args,
    execution_plan: plan,
    command_preview: [tool, ...auditorArguments(tool, args)].join(" "),
    command_input_summary: inputSummary(stdin),
    execution_input_summaries: plan.map((step) => inputSummary(step.stdin)),
    ...hostHygiene(target, plan),
  };
}
