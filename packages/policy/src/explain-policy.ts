import { compileExpression } from "./compile/compile-expression.ts";
import type { CompiledPolicy, Conjunct } from "./compile/compile-policy.ts";
import type { Expression } from "./compile/expression.ts";
import { expressionText } from "./compile/expression-text.ts";
import type { Frame } from "./compile/frame.ts";
import { matchesScope } from "./compile/scope.ts";
import { FAULT, type Fault, type Outcome, typeName, type Value } from "./values/value.ts";
import { valueText } from "./values/value-text.ts";

/** What one policy says of a request; `undefined` if its scope does not match. */
export interface PolicyVerdict {
  readonly verdict: "satisfied" | "erred" | "near";
  readonly why: readonly string[];
  readonly error: string | undefined;
}

/** Sentences one policy may take. */
const SENTENCES_MAX = 24;
/** Values shown beside one failing condition. */
const PATHS_MAX = 6;

export function explainPolicy(frame: Frame, policy: CompiledPolicy): PolicyVerdict | undefined {
  for (const variable of ["action", "principal", "resource"] as const) {
    if (!matchesScope(frame, policy[variable], frame[variable])) return undefined;
  }
  const why = ["its scope matches the principal, action and resource"];
  for (const conjunct of policy.conjuncts) {
    const notes: string[] = [];
    const value = conjunct.run({ ...frame, notes });
    const shown = `\`${conjunctText(conjunct)}\``;
    if (value === true) {
      if (why.length < SENTENCES_MAX) why.push(`${shown} holds`);
      continue;
    }
    const seen = seenValues(frame, conjunct.expression);
    if (value === false) return { verdict: "near", why: [...why, `${shown} does not hold${seen}`], error: undefined };
    const error = notes[0] ?? notBoolean(value);
    return { verdict: "erred", why: [...why, `${shown} cannot be evaluated: ${error}${seen}`], error };
  }
  return { verdict: "satisfied", why, error: undefined };
}

function conjunctText(conjunct: Conjunct): string {
  const text = expressionText(conjunct.expression);
  return conjunct.unless ? `unless { ${text} }` : text;
}

function notBoolean(value: Outcome): string {
  return value === FAULT ? "evaluation error" : `expected bool, found ${typeName(value as Exclude<Outcome, Fault>)}`;
}

/** The values of the attributes a condition reads, as far as they can be read. */
function seenValues(frame: Frame, expression: Expression): string {
  const paths = new Map<string, unknown>();
  collectPaths(expression, paths);
  const seen = [...paths].slice(0, PATHS_MAX).flatMap(([text, path]) => {
    const value = compileExpression(path).run({ ...frame, notes: null });
    return value === FAULT ? [] : [`\`${text}\` is \`${valueText(value as Value)}\``];
  });
  return seen.length === 0 ? "" : `; ${seen.join(", ")}`;
}

/** Attribute accesses rooted in a variable, each once. Iterative: conditions may be long chains. */
function collectPaths(expression: unknown, found: Map<string, unknown>): void {
  const pending: unknown[] = [expression];
  while (pending.length > 0 && found.size < PATHS_MAX) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null) continue;
    if (isPath(next)) found.set(expressionText(next), next);
    else pending.push(...Object.values(next).reverse());
  }
}

function isPath(expression: object): boolean {
  let at: unknown = expression;
  let depth = 0;
  while (typeof at === "object" && at !== null && "." in at) {
    at = (at["."] as Expression)["left"];
    if (++depth > 16) return false;
  }
  return depth > 0 && typeof at === "object" && at !== null && "Var" in at;
}
