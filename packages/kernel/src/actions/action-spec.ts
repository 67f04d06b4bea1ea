import type { JsonValue } from "@writ/canon";
import { integer, list, oneOf, record, text, type FieldReader } from "../fields.ts";
import {
  ACTION_LIMITS,
  ACTION_TYPES,
  CHAIN_ROLES,
  EXPERIMENT_SHAPES,
  TARGET_CARDINALITIES,
  type ActionType,
  type ChainRole,
  type ExperimentShape,
} from "./action-types.ts";
import { distinct } from "./distinct.ts";
import { CAPABILITIES, TASK_FAMILIES, type Capability, type TaskFamily } from "./capability-tools.ts";

/** One step that an action asks for. */
export interface AskedStep {
  readonly tool: string;
  readonly role: ChainRole;
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface ProbeRecipe {
  readonly variant_count: number;
  readonly comparison_mode: string;
  readonly sequence_steps: readonly JsonValue[];
  readonly evidence_goal: string;
}

/** What a planner asks for (spec kernel.md §11); what it leaves out has the default of its kind. */
export interface ActionSpec {
  readonly action_type: ActionType;
  readonly capability: Capability;
  readonly experiment_shape: ExperimentShape;
  readonly target_cardinality: (typeof TARGET_CARDINALITIES)[number];
  readonly recipe_name: string;
  readonly probe_recipe: ProbeRecipe;
  readonly tool: string;
  readonly preferred_tool: string;
  readonly tool_candidates: readonly string[];
  readonly tool_chain: readonly AskedStep[];
  readonly args: readonly string[];
  readonly stdin: string;
  readonly target: string;
  readonly task_family: TaskFamily | "";
  readonly rationale: string;
  readonly expected_artifacts: string;
}

/** Reads an action strictly. Throws `SECURITY_PROFILE_INVALID` with the path to the field. */
export function parseActionSpec(value: JsonValue): ActionSpec {
  const asked = readAsked(value, { code: "SECURITY_PROFILE_INVALID", path: "" });
  const kind = ACTION_TYPES[asked.action_type];
  return {
    ...asked,
    capability: asked.capability === "" ? kind.capability : asked.capability,
    experiment_shape: asked.experiment_shape === "" ? kind.shape : asked.experiment_shape,
  };
}

interface Asked extends Omit<ActionSpec, "capability" | "experiment_shape"> {
  readonly capability: Capability | "";
  readonly experiment_shape: ExperimentShape | "";
}

/** A field that may be left out; null is not left out. */
function optional<T>(reader: FieldReader<T>, fallback: T): FieldReader<T> {
  return (value, at) => (value === undefined ? fallback : reader(value, at));
}

const words = text({ min: 0, max: 500 });
const name = text({ min: 0, max: 64 });
const argument = text({ min: 0, max: 4_096 });
const stdin = text({ min: 0, max: ACTION_LIMITS.stdinCharacters });
const args = optional(list(argument, ACTION_LIMITS.argsPerStep), []);
const actionTypes = Object.keys(ACTION_TYPES) as readonly ActionType[];

const probeRecipe = record<ProbeRecipe>({
  variant_count: optional(integer(1, ACTION_LIMITS.variants), 1),
  comparison_mode: optional(text({ min: 0, max: 64 }), ""),
  sequence_steps: optional(
    list((value) => value ?? null, ACTION_LIMITS.sequence),
    [],
  ),
  evidence_goal: optional(text({ min: 0, max: 240 }), ""),
});
const NO_RECIPE: ProbeRecipe = { variant_count: 1, comparison_mode: "", sequence_steps: [], evidence_goal: "" };

const readAsked = record<Asked>({
  action_type: optional<ActionType>(oneOf(actionTypes), "single_probe"),
  capability: optional<Capability | "">(oneOf(CAPABILITIES), ""),
  experiment_shape: optional<ExperimentShape | "">(oneOf(EXPERIMENT_SHAPES), ""),
  target_cardinality: optional<Asked["target_cardinality"]>(oneOf(TARGET_CARDINALITIES), "single"),
  recipe_name: optional(name, ""),
  probe_recipe: optional(probeRecipe, NO_RECIPE),
  tool: optional(name, ""),
  preferred_tool: optional(name, ""),
  tool_candidates: optional(distinct(list(name, ACTION_LIMITS.candidates)), []),
  tool_chain: optional(
    list(
      record<AskedStep>({ tool: optional(name, ""), role: oneOf(CHAIN_ROLES), args, stdin: optional(stdin, "") }),
      ACTION_LIMITS.chain,
    ),
    [],
  ),
  args,
  stdin: optional(stdin, ""),
  target: optional(text({ min: 0, max: 4_096 }), ""),
  task_family: optional<TaskFamily | "">(oneOf(Object.keys(TASK_FAMILIES) as TaskFamily[]), ""),
  rationale: optional(words, ""),
  expected_artifacts: optional(words, ""),
});
