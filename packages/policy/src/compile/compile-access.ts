import type { CompileOperand, Expression, OperatorCompiler } from "./expression.ts";
import { type Evaluate, fault, type Frame, kindFault, nodeOf } from "./frame.ts";
import { RecordValue, type Shape } from "../values/record-value.ts";
import { EntityValue, FAULT, type Outcome, type Value } from "../values/value.ts";

/** Attribute access and `has`. */
export const ACCESS: Readonly<Record<string, OperatorCompiler>> = {
  ".": (body, compile) => {
    const name = body["attr"];
    return typeof name === "string" ? attribute(body, name, compile) : undefined;
  },
  has: (body, compile) => {
    const attr = body["attr"];
    const names: readonly unknown[] = Array.isArray(attr) ? attr : [attr];
    if (names.length === 0 || !names.every((name) => typeof name === "string")) return undefined;
    return presence(compile(body["left"]).run, names);
  },
};

function attribute(body: Expression, name: string, compile: CompileOperand): Evaluate {
  const read = attributeReader(name);
  if ((body["left"] as Expression)["Var"] === "context") {
    return contextAttribute(name);
  }
  const left = compile(body["left"]).run;
  return (frame) => {
    const base = left(frame);
    if (base instanceof RecordValue) return read(base) ?? fault(frame, "the record has no attribute", undefined, name);
    if (!(base instanceof EntityValue)) return kindFault(frame, "record or entity", base);
    const node = nodeOf(frame, base);
    if (node === null) return fault(frame, "does not exist", base);
    return read(node.attrs) ?? fault(frame, "has no attribute", base, name);
  };
}

/** The commonest access of all, with the place of the attribute remembered as `attributeReader` does. */
function contextAttribute(name: string): Evaluate {
  let shape: Shape | undefined;
  let index = -1;
  return (frame) => {
    const { context } = frame;
    if (context.shape !== shape) {
      shape = context.shape;
      index = shape.indexOf(name);
    }
    const value = index < 0 ? undefined : context.values[index];
    return value === undefined ? fault(frame, "`context` has no attribute", undefined, name) : value;
  };
}

/** `e has a.b.c`: a missing middle is false, a middle of the wrong kind errs. */
function presence(left: Evaluate, names: readonly string[]): Evaluate {
  const readers = names.map(attributeReader);
  return (frame) => {
    let base = left(frame);
    for (const read of readers) {
      const attrs = attributesOf(frame, base);
      if (attrs === FAULT) return FAULT;
      const value = attrs === null ? undefined : read(attrs as RecordValue);
      if (value === undefined) return false;
      base = value;
    }
    return true;
  };
}

function attributesOf(frame: Frame, base: Outcome): RecordValue | null | typeof FAULT {
  if (base instanceof RecordValue) return base;
  if (base instanceof EntityValue) return nodeOf(frame, base)?.attrs ?? null;
  return kindFault(frame, "record or entity", base);
}

/** Reads one attribute; remembers its place in the last shape seen, which for typed records is the only one. */
function attributeReader(name: string): (record: RecordValue) => Value | undefined {
  let shape: Shape | undefined;
  let index = -1;
  return (record) => {
    if (record.shape !== shape) {
      shape = record.shape;
      index = shape.indexOf(name);
    }
    return index < 0 ? undefined : record.values[index];
  };
}
