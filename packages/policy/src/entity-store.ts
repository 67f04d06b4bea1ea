import type { ExactJson } from "@writ/canon";

import { closeAncestors, type NodeTable, type PlainNode } from "./input/ancestors.ts";
import type { EntityLookup } from "./compile/frame.ts";
import type { PolicySet } from "./policy-set.ts";
import { faultAt, ReadFault, refusing } from "./input/read-fault.ts";
import { entityRefusal } from "./refusal.ts";
import { readEntity } from "./input/read-entity.ts";
import type { Schema } from "./schema/schema.ts";
import type { EntityJson } from "./types.ts";
import { sameNode } from "./input/same-node.ts";
import type { EntityNode } from "./values/value.ts";

/** Entities in the evaluator's own form, with all ancestors known. Immutable; share it between decisions. */
export interface EntityStore extends EntityLookup {
  /** Entities that were given, each counted once. */
  readonly size: number;
  /** The schema they were read by; only sets with this very schema decide over them. */
  readonly schema: Schema | undefined;
  /** The entities as they were given; the official engine reads them. */
  readonly given: readonly unknown[];
}

/** Entities one store may hold. */
const ENTITIES_MAX = 1_000_000;

/**
 * Converts entities, read by their declared types if the set has a schema. Ancestors are computed once, here.
 * Identical repetitions of an entity are accepted. Refuses with `POLICY_ENTITIES`: malformed data, data that
 * does not fit the schema, cycles, two different entries for one entity, an action without all its groups.
 */
export function entityStore(set: PolicySet | undefined, entities: readonly EntityJson[] | ExactJson): EntityStore {
  const schema = set?.program.schema;
  return refusing(() => {
    if (!Array.isArray(entities)) throw new ReadFault("is not a list", "entities");
    if (entities.length > ENTITIES_MAX) throw new ReadFault(`has more than ${ENTITIES_MAX} items`, "entities");
    const table = closeAncestors(distinct(readAll(schema, entities)));
    return new Store(table, schema, entities);
  }, entityRefusal);
}

class Store implements EntityStore {
  readonly given: readonly unknown[];
  readonly schema: Schema | undefined;
  readonly #table: NodeTable;

  constructor(table: NodeTable, schema: Schema | undefined, given: readonly unknown[]) {
    this.#table = table;
    this.schema = schema;
    this.given = given;
  }

  get size(): number {
    let size = 0;
    for (const ids of this.#table.values()) size += ids.size;
    return size;
  }

  /** INVARIANT: an entity that repeats an action was found to be the schema's own, so the schema's node stands. */
  find(type: string, id: string): EntityNode | null {
    const actions = this.schema?.actions.get(type);
    if (actions !== undefined) return actions.get(id)?.uid.node ?? null;
    return this.#table.get(type)?.get(id) ?? null;
  }
}

function readAll(schema: Schema | undefined, entities: readonly unknown[]): PlainNode[] {
  return entities.map((entity, index) => {
    try {
      return readEntity(schema, entity);
    } catch (error) {
      throw faultAt(`entities[${index}]`, error);
    }
  });
}

function distinct(nodes: readonly PlainNode[]): PlainNode[] {
  const seen = new Map<string, Map<string, PlainNode>>();
  return nodes.filter((node, index) => {
    const ids = seen.get(node.uid.type) ?? new Map<string, PlainNode>();
    seen.set(node.uid.type, ids);
    const first = ids.get(node.uid.id);
    if (first === undefined) ids.set(node.uid.id, node);
    else if (!sameNode(first, node)) throw new ReadFault("contradicts an earlier entry for it", `entities[${index}]`);
    return first === undefined;
  });
}
