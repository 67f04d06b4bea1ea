import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, isExactRecord, member, sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { packText } from "./pack-text.ts";

export interface PolicyCondition {
  readonly path: string;
  readonly operator: string;
  readonly value: ExactJson;
}

/** Reads a rule's conditions, sorted by path, operator and digest of the value (spec kernel.md §22.2). */
export function parseConditions(value: ExactJson | undefined): readonly PolicyCondition[] {
  if (!isExactList(value)) throw recordRefusal("invalid_policy_rule_conditions");
  if (value.length === 0) throw recordRefusal("policy_rule_without_conditions");
  if (value.length > CONDITIONS_MAX) throw recordRefusal("policy_rule_condition_limit_exceeded");
  return sorted(value.map(parseCondition));
}

/** The map form of v0.1, each path as it is written and equal to its value. */
export function parseConditionMap(value: ExactJson | undefined): readonly PolicyCondition[] {
  const map = value ?? {};
  if (!isExactRecord(map)) throw recordRefusal("invalid_policy_rule_conditions");
  const entries = Object.entries(map);
  if (entries.length === 0) throw recordRefusal("policy_rule_without_conditions");
  if (entries.length > CONDITIONS_MAX) throw recordRefusal("policy_rule_condition_limit_exceeded");
  return sorted(entries.map(([path, equal]) => checkedCondition({ path, operator: "eq", value: equal })));
}

/** Most conditions of one rule. */
const CONDITIONS_MAX = 32;

function sorted(conditions: readonly PolicyCondition[]): readonly PolicyCondition[] {
  const keyed = conditions.map((condition) => {
    const { path, operator, value } = condition;
    return { condition, key: [path, operator, valueDigest(value)].join("\n") };
  });
  if (new Set(keyed.map(({ key }) => key)).size !== keyed.length) throw recordRefusal("duplicate_policy_condition");
  return keyed.toSorted((left, right) => compareCodePoints(left.key, right.key)).map(({ condition }) => condition);
}

/** Whether a condition holds of the inputs by namespace. Numbers of two kinds are never equal, nor is 1 and true. */
export function conditionHolds({ path, operator, value }: PolicyCondition, inputs: ExactRecord): boolean {
  let found: ExactJson | undefined = inputs;
  for (const segment of path.split(".")) found = member(found, segment);
  if (operator === "exists") return (found !== undefined) === value;
  return found !== undefined && operators[operator]?.(found, value) === true;
}

type Comparison = (found: ExactJson, value: ExactJson) => boolean;

const isIn: Comparison = (found, value) => isExactList(value) && value.some((item) => same(found, item));

const operators: Readonly<Record<string, Comparison>> = {
  eq: same,
  neq: (found, value) => !same(found, value),
  in: isIn,
  not_in: (found, value) => !isIn(found, value),
  contains: containsValue,
  lt: (found, value) => difference(found, value) < 0,
  lte: (found, value) => difference(found, value) <= 0,
  gt: (found, value) => difference(found, value) > 0,
  gte: (found, value) => difference(found, value) >= 0,
  subset_of: (found, value) => {
    if (!isExactList(found)) throw mismatch();
    return found.every((item) => isIn(item, value));
  },
  matches_namespace: (found, value) => {
    if (typeof found !== "string" || typeof value !== "string") throw mismatch();
    return found === value || found.startsWith(`${value}.`);
  },
};

const PATH = /^(?:principal|action|resource|request_context|context)(?:\.[A-Za-z_][A-Za-z0-9_-]*)+$/;
const NAMESPACE = /^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*$/;

function parseCondition(item: ExactJson): PolicyCondition {
  if (!isExactRecord(item)) throw recordRefusal("invalid_policy_condition");
  if (Object.keys(item).some((key) => !["path", "operator", "value"].includes(key)))
    throw recordRefusal("unknown_policy_condition_field");
  const value = member(item, "value");
  if (value === undefined) throw recordRefusal("missing_policy_condition_value");
  const path = packText(item, "path", { reason: "missing_policy_condition_path" });
  const operator = member(item, "operator");
  // What is no operator is an unknown one, and that after the path.
  return checkedCondition({ path, operator: typeof operator === "string" ? stripSpace(operator) : "", value });
}

function checkedCondition(condition: PolicyCondition): PolicyCondition {
  const { path, operator, value } = condition;
  if (path === "") throw recordRefusal("missing_policy_condition_path");
  if (!PATH.test(path)) throw recordRefusal("unknown_policy_condition_path");
  if (operator !== "exists" && !Object.hasOwn(operators, operator))
    throw recordRefusal("unknown_policy_condition_operator");
  if (!isOperand(operator, value)) throw recordRefusal("invalid_policy_condition_operand");
  return condition;
}

function isOperand(operator: string, value: ExactJson): boolean {
  if (operator === "exists") return typeof value === "boolean";
  if (["lt", "lte", "gt", "gte"].includes(operator)) return kindOf(value) === "integer" || kindOf(value) === "float";
  if (["in", "not_in", "subset_of"].includes(operator)) return isExactList(value);
  return operator !== "matches_namespace" || (typeof value === "string" && NAMESPACE.test(value));
}

function valueDigest(value: ExactJson): string {
  return kernelRecordDigest({ recordType: "govengine.policy.PolicyConditionValue", record: value });
}

function kindOf(value: ExactJson): string {
  if (value instanceof JsonFraction) return "float";
  return typeof value === "number" || typeof value === "bigint" ? "integer" : typeof value;
}

function same(left: ExactJson, right: ExactJson): boolean {
  if (kindOf(left) !== kindOf(right)) return false;
  if (isExactList(left) && isExactList(right))
    return left.length === right.length && left.every((item, index) => same(item, right[index] ?? null));
  if (isExactRecord(left) && isExactRecord(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && same(left[key] ?? null, right[key] ?? null))
    );
  }
  return sameExact(left, right);
}

function containsValue(found: ExactJson, value: ExactJson): boolean {
  if (isExactList(found)) return found.some((item) => same(item, value));
  if (typeof found === "string" && typeof value === "string") return found.includes(value);
  throw mismatch();
}

function difference(found: ExactJson, value: ExactJson): number {
  const kind = kindOf(found);
  if (kind !== kindOf(value) || (kind !== "integer" && kind !== "float")) throw mismatch();
  const [left, right] = [numberOf(found), numberOf(value)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function numberOf(value: ExactJson): number | bigint {
  if (value instanceof JsonFraction) return value.value;
  return typeof value === "bigint" ? value : Number(value);
}

function mismatch(): Error {
  return recordRefusal("policy_condition_operand_type_mismatch");
}
