import type { ExactJson } from "@writ/canon";
import { countCodePoints } from "../compat/code-points.ts";
import { isExactList, isExactRecord, member } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { inputLines } from "../domain-scope/hosts.ts";
import { ACTION_LIMITS, CHAIN_ROLES, EXPERIMENT_SHAPES, TARGET_CARDINALITIES } from "./action-types.ts";
import { codesOf, fault, type Fault } from "./fault.ts";

/** Longest free text of a contract, in code points. */
const TEXT_MAX = 500;

/** Everything wrong with an action contract v2, in order (spec kernel.md §11.2). */
export function actionContractErrors(spec: ExactJson, capabilities: readonly string[]): readonly string[] {
  return codesOf(actionContractFaults(spec, capabilities));
}

/** As `actionContractErrors`, with the rule by which each is stricter than the reference. */
export function actionContractFaults(spec: ExactJson, capabilities: readonly string[]): readonly Fault[] {
  if (!isExactRecord(spec)) return [fault("action_contract_must_be_object", 12)];
  return [
    ...choiceFaults(member(spec, "capability"), capabilities, "invalid_capability"),
    ...choiceFaults(member(spec, "experiment_shape"), EXPERIMENT_SHAPES, "invalid_experiment_shape"),
    ...choiceFaults(member(spec, "target_cardinality"), TARGET_CARDINALITIES, "invalid_target_cardinality"),
    ...candidateFaults(member(spec, "tool_candidates")),
    ...stdinFaults(member(spec, "stdin")),
    ...chainFaults(member(spec, "tool_chain")),
    ...["capability", "experiment_shape", "rationale", "expected_artifacts"].flatMap((key) =>
      textFaults(key, member(spec, key)),
    ),
  ];
}

/** What is not spelled as in the closed set is refused; a reader that trims or folds case lets it pass (§27 no. 21). */
function choiceFaults(value: ExactJson | undefined, allowed: readonly string[], reason: string): readonly Fault[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value !== "string") return [fault(`${reason}:not_text`, 12)];
  if (allowed.includes(value)) return [];
  const folded = stripSpace(value).toLowerCase();
  const lenient = folded === "" || allowed.includes(folded);
  return [lenient ? fault(`${reason}:${value}`, 21) : fault(`${reason}:${folded}`)];
}

function candidateFaults(value: ExactJson | undefined): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (!isExactList(value)) return [fault("tool_candidates_must_be_array")];
  const long = value.length > ACTION_LIMITS.candidates ? [fault("tool_candidates_too_many")] : [];
  const invalid = value.flatMap((item, index) =>
    typeof item === "string" && stripSpace(item) !== "" ? [] : [fault(`invalid_tool_candidate:${String(index)}`)],
  );
  return [...long, ...invalid];
}

function stdinFaults(value: ExactJson | undefined, prefix = ""): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") return [fault(`${prefix}stdin_must_be_string`)];
  if (value.includes("\0")) return [fault(`${prefix}stdin_contains_nul`)];
  const faults: Fault[] = [];
  if (countCodePoints(value) > ACTION_LIMITS.stdinCharacters) faults.push(fault(`${prefix}stdin_too_long`));
  const lines = inputLines(value);
  const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  if (count > ACTION_LIMITS.stdinLines) faults.push(fault(`${prefix}stdin_too_many_lines`));
  return faults;
}

function chainFaults(value: ExactJson | undefined): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (!isExactList(value)) return [fault("tool_chain_must_be_array")];
  const long = value.length > ACTION_LIMITS.chain ? [fault(`tool_chain_too_long:${String(value.length)}`)] : [];
  return [...long, ...value.flatMap(stepFaults)];
}

function stepFaults(step: ExactJson, index: number): readonly Fault[] {
  const at = String(index);
  if (!isExactRecord(step)) return [fault(`tool_chain_step_not_object:${at}`)];
  return [
    ...roleFaults(member(step, "role") ?? "", at),
    ...argsFaults(member(step, "args") ?? [], at),
    ...stdinFaults(member(step, "stdin"), `tool_chain_${at}_`),
  ];
}

/** A step that says no role is let pass by the reference (§27 no. 10). */
function roleFaults(role: ExactJson, at: string): readonly Fault[] {
  if (CHAIN_ROLES.some((name) => name === role)) return [];
  if (typeof role !== "string") return [fault(`invalid_tool_chain_role:${at}:not_text`, 12)];
  if (role === "") return [fault(`invalid_tool_chain_role:${at}:`, 10)];
  const folded = stripSpace(role).toLowerCase();
  const lenient = folded === "" || CHAIN_ROLES.some((name) => name === folded);
  const code = `invalid_tool_chain_role:${at}`;
  return [lenient ? fault(`${code}:${role}`, 21) : fault(`${code}:${folded}`)];
}

function argsFaults(args: ExactJson, at: string): readonly Fault[] {
  if (!isExactList(args)) return [fault(`tool_chain_args_must_be_array:${at}`)];
  const long = args.length > ACTION_LIMITS.argsPerStep ? [fault(`tool_chain_args_too_long:${at}`)] : [];
  const wrong = args.findIndex((argument) => typeof argument !== "string" || argument.includes("\0"));
  return wrong === -1 ? long : [...long, fault(`invalid_tool_chain_arg:${at}:${String(wrong)}`, 12)];
}

function textFaults(key: string, value: ExactJson | undefined): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") return [fault(`${key}_must_be_string`)];
  return countCodePoints(value) > TEXT_MAX ? [fault(`${key}_too_long`)] : [];
}
