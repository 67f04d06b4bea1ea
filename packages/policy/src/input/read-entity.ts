import type { PlainNode } from "./ancestors.ts";
import { readCheckedUid, readUid } from "./entity-uid.ts";
import { type JsonObject, readObject } from "./plain-json.ts";
import { faultAt, ReadFault } from "./read-fault.ts";
import { EMPTY_RECORD, RecordValue } from "../values/record-value.ts";
import { includes } from "./same-node.ts";
import type { Schema } from "../schema/schema.ts";
import type { ActionType } from "../schema/schema-actions.ts";
import type { Reader } from "./typed-value.ts";
import { readUntyped } from "./untyped-value.ts";
import type { EntityValue, Value } from "../values/value.ts";

const FIELDS: ReadonlySet<string> = new Set(["uid", "attrs", "parents", "tags"]);
const NO_TAGS: ReadonlyMap<string, Value> = new Map();

/** One entity of a store, checked against the schema if there is one. Throws `ReadFault`. */
export function readEntity(schema: Schema | undefined, json: unknown): PlainNode {
  const entity = readObject(json);
  for (const key in entity) if (!FIELDS.has(key)) throw new ReadFault("is an unknown field", key);
  // A schema knows the types there are; without one at least the names are looked at.
  const readOne = schema === undefined ? readCheckedUid : readUid;
  const uid = at("uid", () => readOne(entity["uid"]));
  const parents = at("parents", () => readParents(entity["parents"], readOne));
  const actionId = schema?.actions.get(uid.type);
  if (schema === undefined) return { uid, parents, ...untypedContent(entity) };
  if (actionId !== undefined || isActionType(uid.type)) return action(parents, actionId?.get(uid.id), entity);
  return typed(schema, uid, parents, entity);
}

function readParents(json: unknown, readOne: (json: unknown) => EntityValue): EntityValue[] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw new ReadFault("is not a list");
  return json.map((parent, index) => at(`[${index}]`, () => readOne(parent)));
}

function untypedContent(entity: JsonObject): Pick<PlainNode, "attrs" | "tags"> {
  const attrs = at("attrs", () => readUntyped(readObject(given(entity["attrs"]))));
  if (!(attrs instanceof RecordValue)) throw new ReadFault("is not a record", "attrs");
  return { attrs, tags: readTags(entity["tags"], readUntyped) };
}

/** Attributes, tags and parents as the entity's type declares them. */
function typed(schema: Schema, uid: EntityValue, parents: readonly EntityValue[], entity: JsonObject): PlainNode {
  const type = schema.entityTypes.get(uid.type);
  if (type === undefined) throw new ReadFault(`has the undeclared type \`${uid.type}\``, "uid");
  if (type.ids !== undefined && !type.ids.has(uid.id)) throw new ReadFault("is not listed in its type", "uid");
  for (const parent of parents) {
    if (!type.parentTypes.has(parent.type)) {
      throw new ReadFault(`may not hold a \`${parent.type}\` of a \`${uid.type}\``, "parents");
    }
    const ids = schema.entityTypes.get(parent.type)?.ids;
    if (ids !== undefined && !ids.has(parent.id)) throw new ReadFault("is not listed in its type", "parents");
  }
  const attrs = at("attrs", () => type.attributes(given(entity["attrs"])));
  return { uid, attrs, parents, tags: readTags(entity["tags"], type.tags) };
}

function readTags(json: unknown, read: Reader | undefined): ReadonlyMap<string, Value> {
  if (json === undefined) return NO_TAGS;
  return at("tags", () => {
    const tags = readObject(json);
    const found = new Map<string, Value>();
    for (const name of Object.keys(tags)) {
      if (read === undefined || !name.isWellFormed()) throw new ReadFault("may not be a tag", name);
      found.set(
        name,
        at(name, () => read(tags[name])),
      );
    }
    return found;
  });
}

/** An action repeated among the entities must be exactly the schema's: all its groups, no attributes. */
function action(parents: readonly EntityValue[], declared: ActionType | undefined, entity: JsonObject): PlainNode {
  if (declared === undefined) throw new ReadFault("is an action the schema does not declare", "uid");
  const groups = declared.uid.node?.ancestors ?? [];
  if (!includes(groups, parents) || !includes(parents, groups)) {
    throw new ReadFault("are not exactly the groups of the action in the schema", "parents");
  }
  for (const part of ["attrs", "tags"]) {
    const content = entity[part];
    if (content !== undefined && Object.keys(readObject(content)).length > 0) {
      throw new ReadFault("may not be given for an action", part);
    }
  }
  return { uid: readUid(entity["uid"]), attrs: EMPTY_RECORD, tags: NO_TAGS, parents };
}

function isActionType(type: string): boolean {
  return type === "Action" || type.endsWith("::Action");
}

/** Absent means none; `null` is no record. */
function given(attrs: unknown): unknown {
  return attrs === undefined ? {} : attrs;
}

function at<T>(step: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw faultAt(step, error);
  }
}
