import type { CompileOperand, Expression, OperatorCompiler } from "./expression.ts";
import { type Evaluate, kindFault } from "./frame.ts";
import { FAULT, type Outcome } from "../values/value.ts";

/** Operators that evaluate only what they need, and check what they evaluate. */
export const LOGIC: Readonly<Record<string, OperatorCompiler>> = {
  "&&": (body, compile) => {
    const parts = operandsOf("&&", body).map((part) => compile(part).run);
    return (frame) => {
      for (const part of parts) {
        const value = part(frame);
        if (value !== true) return value === false ? false : kindFault(frame, "bool", value);
      }
      return true;
    };
  },
  "||": (body, compile) => {
    const parts = operandsOf("||", body).map((part) => compile(part).run);
    return (frame) => {
      for (const part of parts) {
        const value = part(frame);
        if (value !== false) return value === true ? true : kindFault(frame, "bool", value);
      }
      return false;
    };
  },
  "!": (body, compile) => negation(compile(body["arg"]).run),
  "if-then-else": (body, compile) => conditional(body, compile),
};

/** The conjuncts of an expression in order; a chain of any length becomes one flat list. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  const body = expression["&&"];
  return body === undefined ? [expression] : (operandsOf("&&", body as Expression) as readonly Expression[]);
}

/**
 * Operands of nested uses of one associative operator, left to right, without recursion: `(a && b) && (c && d)`
 * checks and stops exactly like `a && b && c && d`.
 */
function operandsOf(operator: string, body: Expression): readonly unknown[] {
  const found: unknown[] = [];
  const pending: unknown[] = [body["right"], body["left"]];
  while (pending.length > 0) {
    const next = pending.pop();
    const inner = typeof next === "object" && next !== null ? (next as Expression)[operator] : undefined;
    if (inner === undefined) found.push(next);
    else pending.push((inner as Expression)["right"], (inner as Expression)["left"]);
  }
  return found;
}

/** `!e` for a compiled `e`. */
export function negation(run: Evaluate): Evaluate {
  return (frame) => {
    const value = run(frame);
    return typeof value === "boolean" ? !value : kindFault(frame, "bool", value);
  };
}

function conditional(body: Expression, compile: CompileOperand): Evaluate {
  const test = compile(body["if"]).run;
  const positive = compile(body["then"]).run;
  const negative = compile(body["else"]).run;
  return (frame): Outcome => {
    const value = test(frame);
    if (value === true) return positive(frame);
    return value === false ? negative(frame) : value === FAULT ? FAULT : kindFault(frame, "bool", value);
  };
}
