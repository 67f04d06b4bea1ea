import { isPlainObject, type JsonObject, readText } from "./plain-json.ts";
import { faultAt, ReadFault } from "./read-fault.ts";
import { EntityValue } from "../values/value.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*$/;
/** Words Cedar keeps for itself; none can be part of a type's name. */
const RESERVED = /(?:^|::)(?:true|false|if|then|else|in|is|like|has|__cedar)(?:::|$)/;
/** Longer names of types occur nowhere, and a bound keeps the pattern cheap. */
const NAME_MAX = 4_096;

/** Type and id as they were given. */
export interface UidParts {
  readonly type: string;
  readonly id: string;
}

/** `{"type","id"}` or `{"__entity":{"type","id"}}`, nothing else. */
export function readUid(json: unknown): EntityValue {
  const { type, id } = readUidParts(json);
  return new EntityValue(type, readText(id));
}

/** The same without looking at the texts; for ids that are then found among known ones. */
export function readUidParts(json: unknown): UidParts {
  if (!isPlainObject(json)) throw new ReadFault("is not an entity reference");
  if (typeof json["type"] === "string" && typeof json["id"] === "string") return onlyParts(json);
  const escaped = json["__entity"];
  if (!Object.hasOwn(json, "__entity") || Object.keys(json).length !== 1 || !isPlainObject(escaped)) {
    throw new ReadFault("is not an entity reference");
  }
  return onlyParts(escaped);
}

function onlyParts(json: JsonObject): UidParts {
  if (typeof json["type"] !== "string" || typeof json["id"] !== "string") {
    throw new ReadFault("is not an entity reference");
  }
  for (const key in json) {
    if (key !== "type" && key !== "id") throw new ReadFault(`has an unknown field \`${key}\``);
  }
  return json as unknown as UidParts;
}

/** A type's name in normal form: `A::B`, without spaces, reserved words or anything beyond ASCII. */
export function checkTypeName(type: string): void {
  if (type.length > NAME_MAX || !NAME.test(type) || RESERVED.test(type)) {
    throw new ReadFault("has a type that is no name in normal form");
  }
}

/** A uid whose type name is checked too, for input without schema. */
export function readCheckedUid(json: unknown): EntityValue {
  const uid = readUid(json);
  try {
    checkTypeName(uid.type);
    readText(uid.id);
  } catch (error) {
    throw faultAt("type", error);
  }
  return uid;
}
