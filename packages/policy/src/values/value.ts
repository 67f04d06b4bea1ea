import type { Datetime, Decimal, Duration } from "./extension-value.ts";
import type { IpAddress } from "./ip-address.ts";
import type { RecordValue } from "./record-value.ts";
import type { SetValue } from "./set-value.ts";

/**
 * A Cedar integer of 64 bits: a `number` if it is safe and a `bigint` otherwise, always normalised, so that
 * `===` is equality. Never `-0`.
 */
export type Long = number | bigint;

/** A Cedar value in the evaluator's form. */
export type Value =
  | boolean
  | string
  | Long
  | EntityValue
  | SetValue
  | RecordValue
  | Decimal
  | Datetime
  | Duration
  | IpAddress;

/** The evaluation error. A value and no exception: a thousand erring policies cost microseconds. */
export class Fault {
  readonly kind = "error";
}
export const FAULT = new Fault();
export type Outcome = Value | Fault;

/** What a store knows of an entity. */
export interface EntityNode {
  readonly uid: EntityValue;
  readonly attrs: RecordValue;
  readonly tags: ReadonlyMap<string, Value>;
  /** All ancestors, direct and indirect, without the entity itself. */
  readonly ancestors: readonly EntityValue[];
  /** The same by type and id. */
  readonly ancestorIds: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A reference to an entity, which need not exist. Equal when type and id are. */
export class EntityValue {
  readonly kind = "entity";
  readonly type: string;
  readonly id: string;
  /** Filled by the store it belongs to; `undefined` is "not looked up", `null` is "no such entity". */
  node: EntityNode | null | undefined;

  constructor(type: string, id: string, node?: EntityNode | null) {
    this.type = type;
    this.id = id;
    this.node = node;
  }
}

export function sameEntity(a: EntityValue, b: EntityValue): boolean {
  return a === b || (a.id === b.id && a.type === b.type);
}

/** The name of a value's type, for messages. */
export function typeName(value: Value): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (typeof value === "number" || typeof value === "bigint") return "long";
  return value.kind === "entity" ? `(entity of type \`${value.type}\`)` : value.kind;
}

export function isLong(value: Outcome): value is Long {
  return typeof value === "number" || typeof value === "bigint";
}
