import type { Evaluate } from "./frame.ts";
import type { Value } from "../values/value.ts";

/** An expression of Cedar's JSON form (EST): an object with one key, the operator. */
export type Expression = Readonly<Record<string, unknown>>;

/** An expression as a closure; `constant` where its value is known at load. */
export interface Compiled {
  readonly run: Evaluate;
  readonly constant: Value | undefined;
}

/** Compiles an operand, one level deeper. */
export type CompileOperand = (expression: unknown) => Compiled;

/** Compiles one operator's body; `undefined` when the body is not of the operator's form. */
export type OperatorCompiler = (
  body: Readonly<Record<string, unknown>>,
  compile: CompileOperand,
) => Evaluate | undefined;
