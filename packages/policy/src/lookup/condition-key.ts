import { compileExpression } from "../compile/compile-expression.ts";
import type { Conjunct } from "../compile/compile-policy.ts";
import type { Expression } from "../compile/expression.ts";
import type { Evaluate } from "../compile/frame.ts";
import { SetValue } from "../values/set-value.ts";
import { EntityValue, type Value } from "../values/value.ts";

/** A conjunct that only holds when a path has one of a few literal values. */
export interface ConditionKey {
  /** The path as text, the same for equal paths, with its guard if it has one. */
  readonly path: string;
  readonly read: Evaluate;
  readonly values: readonly Value[];
  /** Place of the conjunct in the condition. */
  readonly position: number;
  /** An earlier conjunct is false exactly when the path errs. */
  readonly guarded: boolean;
}

/** Literal sets larger than this would fill the table for little. */
const VALUES_MAX = 256;

/**
 * The key of a condition: its first conjunct of the form `path == literal` or `[literals].contains(path)` that
 * nothing but conjuncts that cannot err stands before. Skipping past one that can err would hide its error.
 */
export function conditionKey(conjuncts: readonly Conjunct[]): ConditionKey | undefined {
  for (const [position, conjunct] of conjuncts.entries()) {
    const found = conjunct.unless ? undefined : necessaryValues(conjunct.expression);
    if (found !== undefined) return keyOf(found.path, found.values, position, conjuncts);
    if (conjunct.unless || !cannotErr(conjunct.expression)) return undefined;
  }
  return undefined;
}

function keyOf(
  path: Expression,
  values: readonly Value[],
  position: number,
  conjuncts: readonly Conjunct[],
): ConditionKey {
  const access = path["."] as Expression | undefined;
  const guarded =
    access !== undefined &&
    conjuncts.slice(0, position).some((conjunct) => isContextGuard(conjunct.expression, access));
  const text = JSON.stringify(path);
  return { path: `${guarded}${text}`, read: compileExpression(path).run, values, position, guarded };
}

/** `context has a` before `context.a`: the context is always a record, so the path errs only without `a`. */
function isContextGuard(expression: Expression, access: Expression): boolean {
  const has = expression["has"] as Expression | undefined;
  return has !== undefined && isContext(has["left"]) && isContext(access["left"]) && has["attr"] === access["attr"];
}

function necessaryValues(expression: Expression): { path: Expression; values: readonly Value[] } | undefined {
  const equality = expression["=="] as Expression | undefined;
  if (equality !== undefined) {
    return literalPath(equality["left"], equality["right"]) ?? literalPath(equality["right"], equality["left"]);
  }
  const contains = expression["contains"] as Expression | undefined;
  if (contains === undefined || !isPath(contains["right"])) return undefined;
  const set = constantOf(contains["left"]);
  if (!(set instanceof SetValue) || set.items.length > VALUES_MAX || !set.items.every(isKey)) return undefined;
  return { path: contains["right"], values: distinct(set.items) };
}

function literalPath(path: unknown, literal: unknown): { path: Expression; values: readonly Value[] } | undefined {
  if (!isPath(path)) return undefined;
  const value = constantOf(literal);
  return value !== undefined && isKey(value) ? { path, values: [value] } : undefined;
}

/** A variable, or attributes of one. */
function isPath(expression: unknown): expression is Expression {
  let at = expression as Expression | undefined;
  while (typeof at === "object" && at !== null && at["."] !== undefined) {
    at = (at["."] as Expression)["left"] as Expression | undefined;
  }
  return typeof at === "object" && at !== null && at["Var"] !== undefined;
}

/** Conjuncts that are a boolean whatever the request. */
function cannotErr(expression: Expression): boolean {
  if (typeof expression["Value"] === "boolean") return true;
  const has = expression["has"] as Expression | undefined;
  if (has !== undefined) return isVariable(has["left"]) && typeof has["attr"] === "string";
  const equality = (expression["=="] ?? expression["!="]) as Expression | undefined;
  if (equality !== undefined) return isPlain(equality["left"]) && isPlain(equality["right"]);
  const is = expression["is"] as Expression | undefined;
  if (is !== undefined) return isEntityVariable(is["left"]) && (is["in"] === undefined || isEntityLiteral(is["in"]));
  const within = expression["in"] as Expression | undefined;
  return within !== undefined && isEntityVariable(within["left"]) && isEntityLiteral(within["right"]);
}

function isPlain(expression: unknown): boolean {
  return isVariable(expression) || constantOf(expression) !== undefined;
}

function isVariable(expression: unknown): boolean {
  return typeof expression === "object" && expression !== null && (expression as Expression)["Var"] !== undefined;
}

function isEntityVariable(expression: unknown): boolean {
  return isVariable(expression) && !isContext(expression);
}

function isContext(expression: unknown): boolean {
  return typeof expression === "object" && expression !== null && (expression as Expression)["Var"] === "context";
}

function isEntityLiteral(expression: unknown): boolean {
  return constantOf(expression) instanceof EntityValue;
}

function constantOf(expression: unknown): Value | undefined {
  return isVariable(expression) ? undefined : compileExpression(expression).constant;
}

function isKey(value: Value): boolean {
  return typeof value !== "object" || value instanceof EntityValue;
}

/** Each key once, so that a policy is never found twice in one group. */
function distinct(values: readonly Value[]): readonly Value[] {
  const found: Value[] = [];
  for (const value of values) if (!new SetValue(found).contains(value)) found.push(value);
  return found;
}
