import { sameValue } from "../values/equality.ts";
import type { Compiled, OperatorCompiler } from "./expression.ts";
import { type Evaluate, fault, type Frame, kindFault } from "./frame.ts";
import { addLongs, multiplyLongs, negateLong, subtractLongs } from "../values/long.ts";
import {
  EntityValue,
  FAULT,
  type Fault,
  isLong,
  type Long,
  type Outcome,
  sameEntity,
  typeName,
  type Value,
} from "../values/value.ts";

/** Equality, order and integer arithmetic. */
export const ARITHMETIC: Readonly<Record<string, OperatorCompiler>> = {
  "==": (body, compile) => equality(compile(body["left"]), compile(body["right"])),
  "!=": (body, compile) => {
    const equal = equality(compile(body["left"]), compile(body["right"]));
    return (frame) => {
      const value = equal(frame);
      return value === FAULT ? FAULT : value !== true;
    };
  },
  "<": (body, compile) => order(compile(body["left"]).run, compile(body["right"]).run, (a, b) => a < b),
  "<=": (body, compile) => order(compile(body["left"]).run, compile(body["right"]).run, (a, b) => a <= b),
  ">": (body, compile) => order(compile(body["left"]).run, compile(body["right"]).run, (a, b) => a > b),
  ">=": (body, compile) => order(compile(body["left"]).run, compile(body["right"]).run, (a, b) => a >= b),
  "+": (body, compile) => arithmetic(compile(body["left"]).run, compile(body["right"]).run, addLongs),
  "-": (body, compile) => arithmetic(compile(body["left"]).run, compile(body["right"]).run, subtractLongs),
  "*": (body, compile) => arithmetic(compile(body["left"]).run, compile(body["right"]).run, multiplyLongs),
  neg: (body, compile) => {
    const operand = compile(body["arg"]).run;
    return (frame) => {
      const value = operand(frame);
      if (!isLong(value)) return kindFault(frame, "long", value);
      return overflowing(frame, negateLong(value));
    };
  },
};

function equality(left: Compiled, right: Compiled): Evaluate {
  if (right.constant !== undefined) return equalsConstant(left.run, right.constant);
  if (left.constant !== undefined) return equalsConstant(right.run, left.constant);
  const [a, b] = [left.run, right.run];
  return (frame) => {
    const one = a(frame);
    const other = b(frame);
    if (one === FAULT || other === FAULT) return FAULT;
    return sameValue(one as Value, other as Value);
  };
}

function equalsConstant(run: Evaluate, constant: Value): Evaluate {
  if (typeof constant !== "object") {
    return (frame) => {
      const value = run(frame);
      return value === FAULT ? FAULT : value === constant;
    };
  }
  if (constant instanceof EntityValue) {
    return (frame) => {
      const value = run(frame);
      return value === FAULT ? FAULT : value instanceof EntityValue && sameEntity(value, constant);
    };
  }
  return (frame) => {
    const value = run(frame);
    return value === FAULT ? FAULT : sameValue(value as Value, constant);
  };
}

/** Two Longs, two datetimes or two durations; everything else errs. */
function order(left: Evaluate, right: Evaluate, holds: (a: Long, b: Long) => boolean): Evaluate {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (isLong(a) && isLong(b)) return holds(a, b);
    return orderOfTimes(frame, a, b, holds);
  };
}

function orderOfTimes(frame: Frame, a: Outcome, b: Outcome, holds: (a: Long, b: Long) => boolean): Outcome {
  if (a === FAULT || b === FAULT) return FAULT;
  if (typeof a === "object" && typeof b === "object") {
    if (a.kind === "datetime" && b.kind === "datetime") return holds(a.ms, b.ms);
    if (a.kind === "duration" && b.kind === "duration") return holds(a.ms, b.ms);
  }
  const comparable = isLong(a) || (typeof a === "object" && (a.kind === "datetime" || a.kind === "duration"));
  return comparable ? kindFault(frame, typeName(a), b) : kindFault(frame, "long, datetime or duration", a);
}

function arithmetic(left: Evaluate, right: Evaluate, compute: (a: Long, b: Long) => Long | Fault): Evaluate {
  return (frame): Outcome => {
    const a = left(frame);
    const b = right(frame);
    if (isLong(a) && isLong(b)) return overflowing(frame, compute(a, b));
    return a === FAULT || b === FAULT ? FAULT : kindFault(frame, "long", isLong(a) ? b : a);
  };
}

function overflowing(frame: Frame, result: Long | Fault): Outcome {
  return result === FAULT ? fault(frame, "integer overflow") : result;
}
