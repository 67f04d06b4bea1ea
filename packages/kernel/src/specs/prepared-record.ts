import { ACTION_LIMITS, ACTION_TYPES, CHAIN_ROLES, type ActionType, type ChainRole } from "../actions/action-types.ts";
import { CAPABILITIES, TASK_FAMILIES, type Capability, type TaskFamily } from "../actions/capability-tools.ts";
import { distinct } from "../actions/distinct.ts";
import { PLANNER_PROFILES, type PlannerProfile } from "../actions/planner-profile.ts";
import { COMPILER_STRATEGIES, type LossPolicy } from "../actions/semantic-loss.ts";
import { toolName } from "../actions/tool-name.ts";
import { TOOL_SOURCES, type ToolSource } from "../actions/tool-resolution.ts";
import type { CompilerStrategy } from "../actions/lowering.ts";
import { boolean, integer, list, oneOf, record, text, type FieldReader } from "../fields.ts";
import type { FidelityReport } from "../domain-scope/fidelity.ts";
import { readDecoration, type RequestDecoration } from "./decoration.ts";
import { ARGUMENT_MAX, ARGUMENTS_MAX, constant, ITEMS_MAX, plainText, STEPS_MAX } from "./spec-fields.ts";

export const PREPARED_SPEC_VERSION = "2026-03-18.prepared.v1";

export interface SpecStep {
  readonly tool: string;
  readonly role: ChainRole;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** Which hosts a spec speaks of, and whether they are its target alone. */
export type HostHygiene = Omit<FidelityReport, "verdict" | "target_host"> & {
  readonly arg_hosts_detected: readonly string[];
  readonly execution_plan_hosts_detected: readonly string[];
};

export interface CredentialsSnapshot {
  readonly credentials_required: boolean;
  readonly allow_auth_header: boolean;
  readonly allow_cookie_header: boolean;
  readonly allow_basic_auth: boolean;
  readonly credentials_owner_approved: boolean;
  readonly resolved_campaign_key: string;
}

export interface CompilerFacts {
  readonly compiler_strategy: CompilerStrategy;
  readonly compiler_tool_choice: string;
  readonly compiler_tool_choice_source: ToolSource;
  readonly compiler_variant_count: number;
  readonly recipe_name: string;
  readonly semantic_loss_detected: boolean;
  readonly normalization_reason: string;
  readonly semantic_loss_policy: LossPolicy;
}

/** What would run, before anyone has approved it (spec kernel.md §12); the parts it shares with an approved spec. */
export interface SpecBody extends HostHygiene {
  readonly target: string;
  readonly target_host: string;
  readonly target_in_scope: boolean;
  readonly action_type: ActionType;
  readonly capability: Capability;
  readonly task_family: TaskFamily | "";
  readonly execution_mode: "normalized";
  readonly resolved_planner_profiles: readonly PlannerProfile[];
  readonly resolved_tool: string;
  readonly tool_candidates: readonly string[];
  readonly normalized_args: readonly string[];
  readonly stdin: string;
  readonly execution_plan: readonly SpecStep[];
  readonly request_decoration: RequestDecoration;
  readonly scope_facts: Pick<SpecBody, "target" | "target_host" | "target_in_scope">;
  readonly credentials_policy_snapshot: CredentialsSnapshot;
  readonly compiler: CompilerFacts;
}

export interface PreparedSpec extends SpecBody {
  readonly spec_version: typeof PREPARED_SPEC_VERSION;
}

type Readers<T> = { readonly [Key in keyof T]-?: FieldReader<T[Key]> };

const args = list(plainText(ARGUMENT_MAX), ARGUMENTS_MAX);
/** A recipe's later step reads what the one before it wrote. */
const stdin = plainText(ACTION_LIMITS.stdinCharacters);
const hosts = distinct(list(plainText(253, 1), ITEMS_MAX));
const profiles: FieldReader<readonly PlannerProfile[]> = distinct(
  list(oneOf(PLANNER_PROFILES), PLANNER_PROFILES.length, 1),
);
const targetFacts = { target: plainText(4_096), target_host: plainText(253), target_in_scope: boolean };

export const specStep = record<SpecStep>({ tool: toolName, role: oneOf(CHAIN_ROLES), args, stdin });
export const plan: FieldReader<readonly SpecStep[]> = list(specStep, STEPS_MAX, 1);

const lossPolicy = record<LossPolicy>({
  loss_class: oneOf([
    "none",
    "harmless_normalization",
    "bounded_lowering",
    "degraded_semantics",
    "unacceptable_flattening",
  ]),
  severity: oneOf(["none", "low", "medium", "high"]),
  policy_response: oneOf(["proceed", "proceed_mark_degraded", "auditor_rereview", "required_replan"]),
  approved_under_degradation: boolean,
  operator_visibility: oneOf(["none", "compact", "prominent"]),
  reason_code: plainText(256, 1),
  normalization_reason: plainText(256),
});

export const hygieneReaders: Readers<HostHygiene> = {
  arg_hosts_detected: hosts,
  execution_plan_hosts_detected: hosts,
  all_hosts_detected: hosts,
  mismatched_hosts_detected: hosts,
  target_host_match_status: oneOf(["exact", "mixed", "none_detected"]),
  request_shape_hygiene_status: oneOf(["clean", "cross_host_mismatch", "ambiguous"]),
  request_shape_hygiene_reason: plainText(65_536, 1),
  request_shape_hygiene_source: oneOf(["none", "normalized_args", "execution_plan", "normalized_args+execution_plan"]),
};

export const bodyReaders: Readers<SpecBody> = {
  ...targetFacts,
  action_type: oneOf(Object.keys(ACTION_TYPES) as ActionType[]),
  capability: oneOf(CAPABILITIES),
  task_family: oneOf(["", ...(Object.keys(TASK_FAMILIES) as TaskFamily[])]),
  execution_mode: constant("normalized"),
  resolved_planner_profiles: profiles,
  resolved_tool: toolName,
  tool_candidates: distinct(list(toolName, ITEMS_MAX)),
  normalized_args: args,
  stdin,
  execution_plan: plan,
  request_decoration: readDecoration,
  ...hygieneReaders,
  scope_facts: record<SpecBody["scope_facts"]>(targetFacts),
  credentials_policy_snapshot: record<CredentialsSnapshot>({
    credentials_required: boolean,
    allow_auth_header: boolean,
    allow_cookie_header: boolean,
    allow_basic_auth: boolean,
    credentials_owner_approved: boolean,
    resolved_campaign_key: plainText(256),
  }),
  compiler: record<CompilerFacts>({
    compiler_strategy: oneOf(COMPILER_STRATEGIES),
    compiler_tool_choice: toolName,
    compiler_tool_choice_source: oneOf(TOOL_SOURCES),
    compiler_variant_count: integer(1, ACTION_LIMITS.variants),
    recipe_name: text({ min: 0, max: 64, form: /^(?:[a-z][a-z0-9_]*)?$/, what: "a recipe's name" }),
    semantic_loss_detected: boolean,
    normalization_reason: plainText(256),
    semantic_loss_policy: lossPolicy,
  }),
};

export const readPrepared: FieldReader<PreparedSpec> = record<PreparedSpec>({
  spec_version: constant(PREPARED_SPEC_VERSION),
  ...bodyReaders,
});
