import { ACCESS } from "./compile-access.ts";
import { ARITHMETIC } from "./compile-arithmetic.ts";
import { ENTITIES } from "./compile-entity.ts";
import { LOGIC } from "./compile-logic.ts";
import { SETS } from "./compile-set.ts";
import type { Compiled, CompileOperand, Expression, OperatorCompiler } from "./expression.ts";
import { EXTENSIONS, type ExtensionFunction } from "../values/extension-functions.ts";
import { CONSTANT_FRAME, type Evaluate, fault } from "./frame.ts";
import { RecordValue, Shape } from "../values/record-value.ts";
import { policyRefusal } from "../refusal.ts";
import { setOf } from "../values/set-value.ts";
import { readUntyped } from "../input/untyped-value.ts";
import { FAULT, type Value, typeName } from "../values/value.ts";

/** Deepest nesting of operators other than chains of `&&` and `||`; keeps evaluation far from the stack's end. */
const EXPRESSION_DEPTH_MAX = 256;

const OPERATORS: ReadonlyMap<string, OperatorCompiler> = new Map(
  Object.entries({ ...LOGIC, ...ARITHMETIC, ...SETS, ...ENTITIES, ...ACCESS }),
);

/** An expression of the official JSON form as a closure. Refuses what it does not know with `POLICY_UNSUPPORTED`. */
export function compileExpression(expression: unknown, depth = 0): Compiled {
  if (depth > EXPRESSION_DEPTH_MAX) throw tooDeep();
  const [operator, body] = soleEntry(expression);
  const compile: CompileOperand = (operand) => compileExpression(operand, depth + 1);
  if (operator === "Value") return constantOf(readUntyped(body));
  if (operator === "Var") return variable(body);
  if (operator === "Set") return folded(...setLiteral(body, compile));
  if (operator === "Record") return folded(...recordLiteral(body, compile));
  const extension = EXTENSIONS.get(operator);
  if (extension !== undefined) return folded(...extensionCall(operator, extension, body, compile));
  return operation(operator, body, compile);
}

function operation(operator: string, body: unknown, compile: CompileOperand): Compiled {
  const known = OPERATORS.get(operator);
  if (known === undefined || typeof body !== "object" || body === null) throw unsupported(operator);
  let constants = true;
  const run = known(body as Expression, (operand) => {
    const compiled = compile(operand);
    constants &&= compiled.constant !== undefined;
    return compiled;
  });
  if (run === undefined) throw unsupported(operator);
  // Entities may be looked up, so what reads them is no constant even over literals.
  return folded(run, constants && !(operator in ENTITIES) && !(operator in ACCESS));
}

/** Evaluated now if it has no variables; an error is left to be found, with its message, when it is reached. */
function folded(run: Evaluate, constant: boolean): Compiled {
  const value = constant ? run(CONSTANT_FRAME) : FAULT;
  return value === FAULT ? { run, constant: undefined } : constantOf(value as Value);
}

function constantOf(value: Value): Compiled {
  return { run: () => value, constant: value };
}

function variable(name: unknown): Compiled {
  const variables: Readonly<Record<string, Evaluate>> = {
    principal: (frame) => frame.principal,
    action: (frame) => frame.action,
    resource: (frame) => frame.resource,
    context: (frame) => frame.context,
  };
  const run = typeof name === "string" && Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (run === undefined) throw unsupported("Var");
  return { run, constant: undefined };
}

function setLiteral(body: unknown, compile: CompileOperand): [Evaluate, boolean] {
  if (!Array.isArray(body)) throw unsupported("Set");
  const items = body.map(compile);
  const runs = items.map((item) => item.run);
  return [(frame) => setOf(runs.map((run) => run(frame))), items.every((item) => item.constant !== undefined)];
}

function recordLiteral(body: unknown, compile: CompileOperand): [Evaluate, boolean] {
  if (typeof body !== "object" || body === null) throw unsupported("Record");
  const names = Object.keys(body);
  const shape = new Shape(names);
  const items = names.map((name) => compile((body as Expression)[name]));
  const runs = items.map((item) => item.run);
  const run: Evaluate = (frame) => {
    const values = runs.map((each) => each(frame));
    for (const value of values) if (value === FAULT) return FAULT;
    return new RecordValue(shape, values as readonly Value[]);
  };
  return [run, items.every((item) => item.constant !== undefined)];
}

/** A call with the wrong number of arguments parses, and errs only when it is reached. */
function extensionCall(
  name: string,
  extension: ExtensionFunction,
  body: unknown,
  compile: CompileOperand,
): [Evaluate, boolean] {
  if (!Array.isArray(body)) throw unsupported(name);
  const items = body.map(compile);
  if (items.length !== extension.arity) {
    return [(frame) => fault(frame, `\`${name}\` takes ${extension.arity} arguments, found ${items.length}`), false];
  }
  const first = items[0]!.run;
  const second = items[1]?.run;
  const run: Evaluate = (frame) => {
    const a = first(frame);
    const b = second === undefined ? a : second(frame);
    if (a === FAULT || b === FAULT) return FAULT;
    const value = extension.call(a as Value, b as Value);
    if (value !== FAULT) return value;
    return frame.notes === null ? FAULT : fault(frame, `\`${name}\` does not accept ${shown(a as Value)}`);
  };
  return [run, items.every((item) => item.constant !== undefined)];
}

function shown(value: Value): string {
  return typeof value === "string" ? `\`${value}\`` : `this ${typeName(value)}`;
}

function soleEntry(expression: unknown): [operator: string, body: unknown] {
  const entries = typeof expression === "object" && expression !== null ? Object.entries(expression) : [];
  if (entries.length !== 1) throw unsupported("expression");
  return entries[0]!;
}

function unsupported(operator: string): Error {
  return policyRefusal(
    "POLICY_UNSUPPORTED",
    `the compiler does not know this form of \`${operator}\``,
    "rewrite the policy without it, or use a newer version",
    { operator },
  );
}

function tooDeep(): Error {
  return policyRefusal(
    "POLICY_TOO_LARGE",
    `a condition is nested deeper than ${EXPRESSION_DEPTH_MAX}`,
    "split the condition into several policies",
    { limit: EXPRESSION_DEPTH_MAX },
  );
}
