import { readCheckedUid } from "./entity-uid.ts";
import { EXTENSIONS } from "../values/extension-functions.ts";
import { isPlainObject, type JsonObject, readLong, readObject, readText, VALUE_DEPTH_MAX } from "./plain-json.ts";
import { faultAt, ReadFault } from "./read-fault.ts";
import { RecordValue, Shape } from "../values/record-value.ts";
import { SetValue } from "../values/set-value.ts";
import { FAULT, type Value } from "../values/value.ts";

/**
 * A value in Cedar's JSON form, read without a schema: entities and extension values are written with
 * `__entity` and `__extn`; everything else is what it looks like. Throws `ReadFault`.
 */
export function readUntyped(json: unknown, depth = 0): Value {
  if (depth > VALUE_DEPTH_MAX) throw new ReadFault(`is nested deeper than ${VALUE_DEPTH_MAX}`);
  switch (typeof json) {
    case "boolean":
      return json;
    case "string":
      return readText(json);
    case "number":
    case "bigint":
      return readLong(json);
    default:
      break;
  }
  if (Array.isArray(json)) return new SetValue(readItems(json, depth));
  if (!isPlainObject(json)) throw new ReadFault(json === null ? "is null" : "is no Cedar value");
  const escape = ["__entity", "__extn", "__expr"].find((key) => Object.hasOwn(json, key));
  if (escape === undefined) return readRecord(json, depth);
  if (Object.keys(json).length !== 1 || escape === "__expr") throw new ReadFault(`misuses \`${escape}\``);
  return escape === "__entity" ? readCheckedUid(json) : readExtensionCall(json["__extn"], depth);
}

/** `{"fn","arg"}` or `{"fn","args"}`: a call of an extension function that yields an extension value. */
export function readExtensionCall(json: unknown, depth: number): Value {
  const call = readObject(json);
  const single = Object.hasOwn(call, "arg");
  const args = single ? [call["arg"]] : call["args"];
  const name = call["fn"];
  const extension = typeof name === "string" ? EXTENSIONS.get(name) : undefined;
  if (extension === undefined) throw new ReadFault("names no extension function");
  if (!Array.isArray(args) || Object.keys(call).length !== 2) throw new ReadFault("is no extension call");
  if (args.length !== extension.arity) throw new ReadFault(`does not give \`${String(name)}\` its arguments`);
  const [a, b] = readItems(args, depth);
  const value = extension.call(a!, b ?? a!);
  if (value === FAULT || typeof value !== "object") throw new ReadFault(`is not accepted by \`${String(name)}\``);
  return value as Value;
}

function readItems(items: readonly unknown[], depth: number): Value[] {
  const values: Value[] = [];
  for (let index = 0; index < items.length; index++) {
    try {
      values.push(readUntyped(items[index], depth + 1));
    } catch (error) {
      throw faultAt(`[${index}]`, error);
    }
  }
  return values;
}

function readRecord(json: JsonObject, depth: number): RecordValue {
  const names = Object.keys(json);
  const values: Value[] = [];
  for (const name of names) {
    try {
      if (!name.isWellFormed()) throw new ReadFault("is a name with half of a surrogate pair");
      values.push(readUntyped(json[name], depth + 1));
    } catch (error) {
      throw faultAt(name, error);
    }
  }
  return new RecordValue(new Shape(names), values);
}
