import type { CompileOperand, Expression, OperatorCompiler } from "./expression.ts";
import { type Evaluate, kindFault } from "./frame.ts";
import { compilePattern } from "./pattern.ts";
import { SetValue } from "../values/set-value.ts";
import { FAULT, type Value } from "../values/value.ts";

/** Set operators and `like`. Both operands are evaluated before either is checked. */
export const SETS: Readonly<Record<string, OperatorCompiler>> = {
  contains: (body, compile) => {
    const { left, right } = operands(body, compile);
    return (frame) => {
      const set = left(frame);
      const value = right(frame);
      if (set === FAULT || value === FAULT) return FAULT;
      return set instanceof SetValue ? set.contains(value as Value) : kindFault(frame, "set", set);
    };
  },
  containsAll: (body, compile) => betweenSets(body, compile, (set, other) => set.containsAll(other)),
  containsAny: (body, compile) => betweenSets(body, compile, (set, other) => set.containsAny(other)),
  isEmpty: (body, compile) => {
    const operand = compile(body["arg"]).run;
    return (frame) => {
      const set = operand(frame);
      return set instanceof SetValue ? set.isEmpty : kindFault(frame, "set", set);
    };
  },
  like: (body, compile) => {
    const matches = compilePattern(body["pattern"]);
    if (matches === undefined) return undefined;
    const operand = compile(body["left"]).run;
    return (frame) => {
      const text = operand(frame);
      return typeof text === "string" ? matches(text) : kindFault(frame, "string", text);
    };
  },
};

function operands(body: Expression, compile: CompileOperand): { left: Evaluate; right: Evaluate } {
  return { left: compile(body["left"]).run, right: compile(body["right"]).run };
}

function betweenSets(
  body: Expression,
  compile: CompileOperand,
  holds: (set: SetValue, other: SetValue) => boolean,
): Evaluate {
  const { left, right } = operands(body, compile);
  return (frame) => {
    const set = left(frame);
    const other = right(frame);
    if (set instanceof SetValue && other instanceof SetValue) return holds(set, other);
    if (set === FAULT || other === FAULT) return FAULT;
    return kindFault(frame, "set", set instanceof SetValue ? other : set);
  };
}
