import { policyRefusal } from "../refusal.ts";
import { type NamespaceJson, qualified, type TypeJson } from "./schema-json.ts";
import {
  entityReader,
  extensionReader,
  readBoolean,
  readInteger,
  readString,
  type Reader,
  recordReader,
  type RecordReader,
  setReader,
} from "../input/typed-value.ts";

const PRIMITIVES: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["String", readString],
  ["Long", readInteger],
  ["Bool", readBoolean],
  ["Boolean", readBoolean],
  ["decimal", extensionReader("decimal", "decimal")],
  ["ipaddr", extensionReader("ipaddr", "ip")],
  ["datetime", extensionReader("datetime", "datetime")],
  ["duration", extensionReader("duration", "duration")],
]);
/** Common types may refer to each other but not to themselves; the bound is for a schema that lies. */
const REFERENCE_DEPTH_MAX = 256;

/** Turns declared types into readers, common types by name included. */
export class TypeTable {
  readonly #common = new Map<string, TypeJson>();
  readonly #enums = new Map<string, ReadonlySet<string>>();

  constructor(namespaces: Readonly<Record<string, NamespaceJson>>) {
    for (const [namespace, parts] of Object.entries(namespaces)) {
      for (const [name, type] of Object.entries(parts.commonTypes ?? {})) {
        this.#common.set(qualified(namespace, name), type);
      }
      for (const [name, type] of Object.entries(parts.entityTypes ?? {})) {
        if (type.enum !== undefined) this.#enums.set(qualified(namespace, name), new Set(type.enum));
      }
    }
  }

  /** Ids of an enumerated entity type; `undefined` for any other. */
  enumOf(type: string): ReadonlySet<string> | undefined {
    return this.#enums.get(type);
  }

  reader(type: TypeJson, depth = 0): Reader {
    if (depth > REFERENCE_DEPTH_MAX) throw unknownType(type.type);
    if (type.type === "Record") return this.record(type, depth);
    if (type.type === "Set" && type.element !== undefined) return setReader(this.reader(type.element, depth + 1));
    if (type.type === "Entity" && type.name !== undefined) return entityReader(type.name, this.#enums.get(type.name));
    const name = type.type === "Extension" || type.type === "EntityOrCommon" ? (type.name ?? "") : type.type;
    const common = this.#common.get(name);
    if (common !== undefined) return this.reader(common, depth + 1);
    const primitive = PRIMITIVES.get(name.startsWith("__cedar::") ? name.slice("__cedar::".length) : name);
    if (primitive === undefined) throw unknownType(name);
    return primitive;
  }

  /** A record type, or a common type that is one; absent means no attributes. */
  record(type: TypeJson | undefined, depth = 0): RecordReader {
    if (type === undefined) return recordReader([]);
    if (depth > REFERENCE_DEPTH_MAX) throw unknownType(type.type);
    const common = this.#common.get(type.type === "EntityOrCommon" ? (type.name ?? "") : type.type);
    if (type.type !== "Record") {
      if (common === undefined) throw unknownType(type.type);
      return this.record(common, depth + 1);
    }
    if (type.additionalAttributes === true) throw unknownType("open record");
    const attributes = Object.entries(type.attributes ?? {}).map(([name, attribute]) => ({
      name,
      required: attribute.required ?? true,
      read: this.reader(attribute, depth + 1),
    }));
    return recordReader(attributes);
  }
}

function unknownType(name: string): Error {
  return policyRefusal(
    "POLICY_SCHEMA",
    `the schema uses the type \`${name}\`, which this version cannot read`,
    "use a type of Cedar 4.13",
    { type: name },
  );
}
