import type { CompileOperand, Expression, OperatorCompiler } from "./expression.ts";
import { type Evaluate, fault, type Frame, kindFault, nodeOf } from "./frame.ts";
import { SetValue } from "../values/set-value.ts";
import { EntityValue, FAULT, type Outcome, sameEntity } from "../values/value.ts";

/** Hierarchy, types and tags. */
export const ENTITIES: Readonly<Record<string, OperatorCompiler>> = {
  in: (body, compile) => {
    const left = compile(body["left"]).run;
    const right = compile(body["right"]).run;
    return (frame) => {
      const entity = left(frame);
      const group = right(frame);
      if (entity === FAULT || group === FAULT) return FAULT;
      return entity instanceof EntityValue ? within(frame, entity, group) : kindFault(frame, "entity", entity);
    };
  },
  is: (body, compile) => typeTest(body, compile),
  hasTag: (body, compile) =>
    tagOperator(body, compile, (frame, entity, name) => nodeOf(frame, entity)?.tags.has(name) ?? false),
  getTag: (body, compile) =>
    tagOperator(body, compile, (frame, entity, name) => {
      const node = nodeOf(frame, entity);
      if (node === null) return fault(frame, "does not exist", entity);
      return node.tags.get(name) ?? fault(frame, "has no tag", entity, name);
    }),
};

/** `entity in ancestor`: reflexive, also for an entity nobody declared. */
export function isIn(frame: Frame, entity: EntityValue, ancestor: EntityValue): boolean {
  if (sameEntity(entity, ancestor)) return true;
  const ancestors = nodeOf(frame, entity)?.ancestorIds.get(ancestor.type);
  return ancestors !== undefined && ancestors.has(ancestor.id);
}

/** INVARIANT: every element is checked to be an entity before any match counts. */
function within(frame: Frame, entity: EntityValue, group: Outcome): Outcome {
  if (group instanceof EntityValue) return isIn(frame, entity, group);
  if (!(group instanceof SetValue)) return kindFault(frame, "entity or set of entities", group);
  let found = false;
  for (const item of group.items) {
    if (!(item instanceof EntityValue)) return kindFault(frame, "entity", item);
    found ||= isIn(frame, entity, item);
  }
  return found;
}

function typeTest(body: Expression, compile: CompileOperand): Evaluate | undefined {
  const type = body["entity_type"];
  if (typeof type !== "string") return undefined;
  const left = compile(body["left"]).run;
  const group = body["in"] === undefined ? undefined : compile(body["in"]).run;
  return (frame) => {
    const entity = left(frame);
    if (!(entity instanceof EntityValue)) return kindFault(frame, "entity", entity);
    if (entity.type !== type) return false;
    if (group === undefined) return true;
    const ancestor = group(frame);
    return ancestor === FAULT ? FAULT : within(frame, entity, ancestor);
  };
}

function tagOperator(
  body: Expression,
  compile: CompileOperand,
  run: (frame: Frame, entity: EntityValue, name: string) => Outcome,
): Evaluate {
  const left = compile(body["left"]).run;
  const right = compile(body["right"]).run;
  return (frame) => {
    const entity = left(frame);
    const name = right(frame);
    if (entity === FAULT || name === FAULT) return FAULT;
    if (!(entity instanceof EntityValue)) return kindFault(frame, "entity", entity);
    return typeof name === "string" ? run(frame, entity, name) : kindFault(frame, "string", name);
  };
}
