import { readUid } from "./entity-uid.ts";
import { EXTENSIONS } from "../values/extension-functions.ts";
import { isPlainObject, readLong, readObject, readText } from "./plain-json.ts";
import { faultAt, ReadFault } from "./read-fault.ts";
import { RecordValue, Shape } from "../values/record-value.ts";
import { SetValue } from "../values/set-value.ts";
import { readExtensionCall } from "./untyped-value.ts";
import { FAULT, type Value } from "../values/value.ts";

/** Reads one JSON value as its declared type says; throws `ReadFault`. */
export type Reader = (json: unknown) => Value;
export type RecordReader = (json: unknown) => RecordValue;

/** One declared attribute. */
export interface AttributeType {
  readonly name: string;
  readonly required: boolean;
  readonly read: Reader;
}

export const readBoolean: Reader = (json) => {
  if (typeof json !== "boolean") throw new ReadFault("is not a boolean");
  return json;
};

export const readString: Reader = readText;
export const readInteger: Reader = readLong;

export function setReader(read: Reader): Reader {
  return (json) => {
    if (!Array.isArray(json)) throw new ReadFault("is not a set");
    const items: Value[] = [];
    for (let index = 0; index < json.length; index++) {
      try {
        items.push(read(json[index]));
      } catch (error) {
        throw faultAt(`[${index}]`, error);
      }
    }
    return new SetValue(items);
  };
}

/** An entity of the declared type; of an enumerated type only the listed ids. */
export function entityReader(type: string, ids: ReadonlySet<string> | undefined): Reader {
  return (json) => {
    const uid = readUid(json);
    if (uid.type !== type) throw new ReadFault(`is not an entity of type \`${type}\``);
    if (ids !== undefined && !ids.has(uid.id)) throw new ReadFault(`is not one of the entities of type \`${type}\``);
    return uid;
  };
}

/** An extension value: the constructor's text alone, or a call with or without `__extn`. */
export function extensionReader(kind: string, constructor: string): Reader {
  const construct = EXTENSIONS.get(constructor)!;
  return (json) => {
    const value = typeof json === "string" ? construct.call(json, json) : readCall(json);
    if (value === FAULT || typeof value !== "object" || value.kind !== kind)
      throw new ReadFault(`is not a valid ${kind}`);
    return value as Value;
  };
}

/** A record with exactly the declared attributes; the hot path of every request, so one pass without tables. */
export function recordReader(attributes: readonly AttributeType[]): RecordReader {
  const shape = new Shape(attributes.map((attribute) => attribute.name));
  const names = shape.names;
  const readers = attributes.map((attribute) => attribute.read);
  const required = attributes.map((attribute) => attribute.required);
  const inherited = names.map((name) => name in Object.prototype);
  return (json) => {
    const object = readObject(json);
    const values: (Value | undefined)[] = [];
    let present = 0;
    let index = 0;
    try {
      for (; index < names.length; index++) {
        const name = names[index]!;
        const field = inherited[index]! && !Object.hasOwn(object, name) ? undefined : object[name];
        if (field !== undefined) {
          present++;
          values.push(readers[index]!(field));
        } else if (required[index]!) throw new ReadFault("is missing");
        else values.push(undefined);
      }
    } catch (error) {
      throw faultAt(names[index]!, error);
    }
    if (Object.keys(object).length !== present) refuseUnknown(object, shape);
    return new RecordValue(shape, values);
  };
}

function refuseUnknown(object: Readonly<Record<string, unknown>>, shape: Shape): never {
  const unknown = Object.keys(object).find((key) => shape.indexOf(key) < 0);
  if (unknown !== undefined) throw new ReadFault("is not declared in the schema", unknown);
  throw new ReadFault("holds an undefined attribute");
}

function readCall(json: unknown): Value {
  if (!isPlainObject(json)) throw new ReadFault("is no extension value");
  if (!Object.hasOwn(json, "__extn")) return readExtensionCall(json, 0);
  if (Object.keys(json).length !== 1) throw new ReadFault("misuses `__extn`");
  return readExtensionCall(json["__extn"], 0);
}
