import { type NamespaceJson, qualified } from "./schema-json.ts";
import type { TypeTable } from "./schema-types.ts";
import type { Reader, RecordReader } from "../input/typed-value.ts";

/** One declared entity type. */
export interface EntityType {
  readonly name: string;
  readonly attributes: RecordReader;
  /** How to read a tag; `undefined` where none may be. */
  readonly tags: Reader | undefined;
  readonly parentTypes: ReadonlySet<string>;
  /** The ids of an enumerated type. */
  readonly ids: ReadonlySet<string> | undefined;
}

export function entityTypes(
  namespaces: Readonly<Record<string, NamespaceJson>>,
  table: TypeTable,
): ReadonlyMap<string, EntityType> {
  const found = new Map<string, EntityType>();
  for (const [namespace, parts] of Object.entries(namespaces)) {
    for (const [short, type] of Object.entries(parts.entityTypes ?? {})) {
      const name = qualified(namespace, short);
      found.set(name, {
        name,
        attributes: table.record(type.shape),
        tags: type.tags === undefined ? undefined : table.reader(type.tags),
        parentTypes: new Set(type.memberOfTypes),
        ids: table.enumOf(name),
      });
    }
  }
  return found;
}
