import type { ExactJson } from "@writ/canon";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { mapField, oneOf, recordOf, requiredText, textField, textsField } from "./record-fields.ts";
import { recordRefusal } from "./record-refusal.ts";

/** Which stage may follow which (spec kernel.md §17); a run begins with admission, and a handoff ends it. */
const WAYS = {
  admission: ["policy_check"],
  policy_check: ["trust_check"],
  trust_check: ["runner_gate"],
  runner_gate: ["between_step_control", "receipt_review"],
  between_step_control: ["between_step_control", "receipt_review"],
  receipt_review: ["profile_handoff"],
  profile_handoff: [],
} as const;

export type OrchestrationStage = keyof typeof WAYS;

export const ORCHESTRATION_STAGES = Object.keys(WAYS) as readonly OrchestrationStage[];

/** What the kernel decides between steps, and what it leaves to its host. */
export const KERNEL_CONTROLS = [
  "state_transition_routing",
  "between_step_control_decisions",
  "receipt_reference_routing",
  "profile_boundary_checks",
] as const;
export const HOST_CONTROLS = [
  "event_loop_liveness",
  "workflow_scheduling",
  "operator_ui",
  "credential_handling",
  "carrier_delivery",
  "concrete_execution",
] as const;

const FORBIDDEN_AUTHORITY: readonly string[] = [
  "llm_agent_loop",
  "workflow_scheduler",
  "operator_ui",
  "credential_access",
  "live_execution",
  "carrier_adapter",
];

export interface OrchestrationStep {
  readonly step_id: string;
  readonly stage: OrchestrationStage;
  readonly profile: string;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly required_decisions: readonly string[];
  readonly metadata: ExactRecord;
}

/** Reads a step. It claims no authority: neither one of the forbidden ones nor one nobody knows. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseOrchestrationStep(value: ExactJson): OrchestrationStep {
  const record = recordOf(value, "invalid_orchestration_step");
  if (member(record, "raw_intent") !== undefined || member(record, "prompt") !== undefined)
    throw recordRefusal("raw_intent_not_orchestration_step");
  const stepId = requiredText(record, ["step_id", "id"], "missing_orchestration_step_id");
  const stage = requiredText(record, "stage", "missing_orchestration_stage");
  const known = oneOf(ORCHESTRATION_STAGES, stage, "unknown_orchestration_stage");
  refuseAuthority(textsField(record, "forbidden_authority", "invalid_orchestration_sequence"));
  return {
    step_id: stepId,
    stage: known,
    profile: textField(record, "profile", "generic"),
    consumes: textsField(record, "consumes", "invalid_orchestration_sequence"),
    produces: textsField(record, "produces", "invalid_orchestration_sequence"),
    required_decisions: textsField(record, "required_decisions", "invalid_orchestration_sequence"),
    metadata: mapField(record, "metadata", "invalid_orchestration_metadata"),
  };
}

export function nextStages(stage: OrchestrationStage): readonly OrchestrationStage[] {
  return WAYS[stage];
}

/**
 * Reads the steps of one run: the stages follow each other as the table has them, and nothing is consumed that no
 * earlier step produced and the run was not given. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function parseOrchestration(value: ExactJson, given: readonly string[] = []): readonly OrchestrationStep[] {
  if (!isExactList(value) || value.length > STEPS_MAX) throw recordRefusal("invalid_orchestration_sequence", 12);
  const steps = value.map(parseOrchestrationStep);
  const [ids, produced] = [new Set<string>(), new Set(given)];
  steps.forEach((step, index) => {
    const before = steps[index - 1]?.stage;
    const ways: readonly OrchestrationStage[] = before === undefined ? ["admission"] : WAYS[before];
    if (!ways.includes(step.stage))
      throw recordRefusal(`invalid_orchestration_order:${before ?? "start"}->${step.stage}`, 19);
    if (ids.has(step.step_id)) throw recordRefusal(`duplicate_orchestration_step:${step.step_id}`, 19);
    ids.add(step.step_id);
    const missing = step.consumes.find((name) => !produced.has(name));
    if (missing !== undefined) throw recordRefusal(`missing_orchestration_input:${missing}`, 19);
    for (const name of step.produces) produced.add(name);
  });
  return steps;
}

/** Most steps of one run. */
const STEPS_MAX = 10_000;

function refuseAuthority(claimed: readonly string[]): void {
  const sorted = claimed.toSorted();
  const forbidden = sorted.find((name) => FORBIDDEN_AUTHORITY.includes(name));
  if (forbidden !== undefined) throw recordRefusal(`forbidden_orchestration_authority:${forbidden}`);
  if (sorted[0] !== undefined) throw recordRefusal(`unknown_orchestration_authority:${sorted[0]}`, 10);
}
