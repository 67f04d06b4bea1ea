import { EMPTY_RECORD, type RecordValue } from "../values/record-value.ts";
import { EntityValue, FAULT, type EntityNode, type Fault, type Outcome, typeName } from "../values/value.ts";

/** Finds what is known of an entity. */
export interface EntityLookup {
  readonly find: (type: string, id: string) => EntityNode | null;
}

/** All that an expression may read. */
export interface Frame {
  readonly principal: EntityValue;
  readonly action: EntityValue;
  readonly resource: EntityValue;
  /** The action's number in the schema, -1 without one. */
  readonly actionNumber: number;
  readonly context: RecordValue;
  readonly entities: EntityLookup;
  /** Where explanations collect error messages; `null` in plain decisions, which build none. */
  readonly notes: string[] | null;
}

export type Evaluate = (frame: Frame) => Outcome;

/** What is known of an entity; values of a store carry it. */
export function nodeOf(frame: Frame, entity: EntityValue): EntityNode | null {
  return entity.node === undefined ? frame.entities.find(entity.type, entity.id) : entity.node;
}

/** An evaluation error; its message is only built when somebody asks. */
export function fault(frame: Frame, what: string, entity?: EntityValue, name?: string): Fault {
  if (frame.notes === null) return FAULT;
  const of = entity === undefined ? "" : `entity \`${entity.type}::${JSON.stringify(entity.id)}\` `;
  frame.notes.push(`${of}${what}${name === undefined ? "" : ` \`${name}\``}`);
  return FAULT;
}

/** A value of a kind the operator does not take; an error that came up from below passes through. */
export function kindFault(frame: Frame, expected: string, found: Outcome): Fault {
  if (frame.notes !== null && !(found === FAULT)) {
    frame.notes.push(`expected ${expected}, found ${typeName(found as Exclude<Outcome, Fault>)}`);
  }
  return FAULT;
}

const NOBODY = new EntityValue("__cedar::internal", "", null);

/** For expressions without variables, which are evaluated once at load. */
export const CONSTANT_FRAME: Frame = {
  principal: NOBODY,
  action: NOBODY,
  resource: NOBODY,
  actionNumber: -1,
  context: EMPTY_RECORD,
  entities: { find: () => null },
  notes: null,
};
