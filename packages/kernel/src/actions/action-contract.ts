import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member } from "../compat/exact-record.ts";

export const EXPERIMENT_SHAPES = [
  "single_step",
  "fingerprint",
  "enumeration",
  "differential",
  "variant",
  "state_transition",
  "bounded_chain",
] as const;
export const CHAIN_ROLES = [
  "enumerate",
  "fetch",
  "probe",
  "validate",
  "scan",
  "observe",
  "capture",
  "analyze",
  "fingerprint",
] as const;

const CARDINALITIES = ["single", "bounded"];
const CHAIN_MAX = 2;
const CANDIDATES_MAX = 4;
const ARGS_MAX = 32;
const STDIN_MAX = 4_096;
const STDIN_LINES_MAX = 32;
const TEXT_MAX = 500;

/** Everything wrong with an action contract v2, in order (spec kernel.md §11.2). */
export function actionContractErrors(spec: ExactJson, capabilities: readonly string[]): readonly string[] {
  if (!isExactRecord(spec)) return ["action_contract_must_be_object"];
  return [
    ...choiceErrors(member(spec, "capability"), capabilities, "invalid_capability"),
    ...choiceErrors(member(spec, "experiment_shape"), EXPERIMENT_SHAPES, "invalid_experiment_shape"),
    ...choiceErrors(member(spec, "target_cardinality"), CARDINALITIES, "invalid_target_cardinality"),
    ...candidateErrors(member(spec, "tool_candidates")),
    ...stdinErrors(member(spec, "stdin")),
    ...chainErrors(member(spec, "tool_chain")),
    ...["capability", "experiment_shape", "rationale", "expected_artifacts"].flatMap((key) =>
      textErrors(key, member(spec, key)),
    ),
  ];
}

function choiceErrors(value: ExactJson | undefined, allowed: readonly string[], reason: string): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value !== "string") return [`${reason}:not_text`];
  return allowed.includes(value) ? [] : [`${reason}:${value}`];
}

function candidateErrors(value: ExactJson | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!isExactList(value)) return ["tool_candidates_must_be_array"];
  const long = value.length > CANDIDATES_MAX ? ["tool_candidates_too_many"] : [];
  const invalid = value.flatMap((item, index) =>
    typeof item === "string" && item.trim() !== "" ? [] : [`invalid_tool_candidate:${String(index)}`],
  );
  return [...long, ...invalid];
}

function stdinErrors(value: ExactJson | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") return ["stdin_must_be_string"];
  if (value.includes("\0")) return ["stdin_contains_nul"];
  const errors: string[] = [];
  if (value.length > STDIN_MAX) errors.push("stdin_too_long");
  if (value.replace(/\r?\n$/, "").split(/\r\n|\r|\n/).length > STDIN_LINES_MAX) errors.push("stdin_too_many_lines");
  return errors;
}

function chainErrors(value: ExactJson | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!isExactList(value)) return ["tool_chain_must_be_array"];
  const long = value.length > CHAIN_MAX ? [`tool_chain_too_long:${String(value.length)}`] : [];
  return [...long, ...value.flatMap(stepErrors)];
}

function stepErrors(step: ExactJson, index: number): readonly string[] {
  const at = String(index);
  if (!isExactRecord(step)) return [`tool_chain_step_not_object:${at}`];
  const role = member(step, "role") ?? "";
  const known = CHAIN_ROLES.some((name) => name === role);
  const args = member(step, "args") ?? [];
  return [
    ...(known ? [] : [`invalid_tool_chain_role:${at}:${typeof role === "string" ? role : "not_text"}`]),
    ...(isExactList(args) ? [] : [`tool_chain_args_must_be_array:${at}`]),
    ...(isExactList(args) && args.length > ARGS_MAX ? [`tool_chain_args_too_long:${at}`] : []),
    ...stdinErrors(member(step, "stdin")).map((error) => `tool_chain_${at}_${error}`),
  ];
}

function textErrors(key: string, value: ExactJson | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") return [`${key}_must_be_string`];
  return value.length > TEXT_MAX ? [`${key}_too_long`] : [];
}
