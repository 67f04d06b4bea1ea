import { boolean, integer, list, oneOf, record, sha256, type FieldReader } from "../fields.ts";
import type { InputSummary } from "./auditor-text.ts";
import { APPROVED_ARTIFACT, APPROVED_SPEC_VERSION } from "./approved-spec.ts";
import { toolName } from "../actions/tool-name.ts";
import {
  bodyReaders,
  hygieneReaders,
  plan,
  type HostHygiene,
  type SpecBody,
  type SpecStep,
} from "./prepared-record.ts";
import { ARGUMENT_MAX, ARGUMENTS_MAX, constant, plainText, STEPS_MAX } from "./spec-fields.ts";

export const APPROVAL_SOURCES = ["auditor", "owner"] as const;

/** What the approver said. */
export interface SpecApproval {
  readonly decision: "approve";
  readonly reason: string;
  readonly reason_code: string;
  readonly constraints: readonly string[];
  readonly approval_source: (typeof APPROVAL_SOURCES)[number];
  readonly owner_override_applied: boolean;
  readonly approval_transform_chain: readonly string[];
  readonly approved_under_degradation: boolean;
  readonly semantic_loss_rereview_required: boolean;
  readonly semantic_loss_rereview_completed: boolean;
  readonly semantic_loss_rereview_decision: "approve" | "";
  /** The digest of the prepared spec that was approved: an approval of one spec is none of another (§27 no. 22). */
  readonly subject_digest: string;
}

/** What runs, in one place. */
export interface ExecutionTruth extends HostHygiene {
  readonly artifact_type: typeof APPROVED_ARTIFACT;
  readonly resolved_tool: string;
  readonly normalized_args: readonly string[];
  readonly execution_plan: readonly SpecStep[];
  readonly command_preview: string;
  readonly command_input_summary: InputSummary;
  readonly execution_input_summaries: readonly InputSummary[];
}

/** A prepared spec with its approval (spec kernel.md §12). */
export interface ApprovedSpec extends SpecBody {
  readonly spec_version: typeof APPROVED_SPEC_VERSION;
  readonly approval: SpecApproval;
  readonly execution_truth: ExecutionTruth;
}

const notes = list(plainText(512, 1), 32);

const summary = record<InputSummary>({
  stdin_present: boolean,
  stdin_char_count: integer(0, 2 ** 20),
  stdin_line_count: integer(0, 2 ** 20),
  stdin_preview: plainText(4_096),
  stdin_preview_truncated: boolean,
});

export const readApproval: FieldReader<SpecApproval> = record<SpecApproval>({
  decision: oneOf(["approve"]),
  reason: plainText(4_096),
  reason_code: plainText(256),
  constraints: notes,
  approval_source: oneOf(APPROVAL_SOURCES),
  owner_override_applied: boolean,
  approval_transform_chain: notes,
  approved_under_degradation: boolean,
  semantic_loss_rereview_required: boolean,
  semantic_loss_rereview_completed: boolean,
  semantic_loss_rereview_decision: oneOf(["", "approve"]),
  subject_digest: sha256,
});

export const readApproved: FieldReader<ApprovedSpec> = record<ApprovedSpec>({
  ...bodyReaders,
  spec_version: constant(APPROVED_SPEC_VERSION),
  approval: readApproval,
  execution_truth: record<ExecutionTruth>({
    ...hygieneReaders,
    artifact_type: constant(APPROVED_ARTIFACT),
    resolved_tool: toolName,
    normalized_args: list(plainText(ARGUMENT_MAX), ARGUMENTS_MAX),
    execution_plan: plan,
    command_preview: plainText(65_536, 1),
    command_input_summary: summary,
    execution_input_summaries: list(summary, STEPS_MAX, 1),
  }),
});
