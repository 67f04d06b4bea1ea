import { closeAncestors } from "../input/ancestors.ts";
import { EMPTY_RECORD } from "../values/record-value.ts";
import { type ActionJson, type NamespaceJson, qualified } from "./schema-json.ts";
import type { TypeTable } from "./schema-types.ts";
import type { RecordReader } from "../input/typed-value.ts";
import { EntityValue } from "../values/value.ts";

/** One declared action, with its groups taken from the schema. */
export interface ActionType {
  /** Carries its node, with all groups it is in. */
  readonly uid: EntityValue;
  readonly principals: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly context: RecordReader;
  /** Whether any of those types lists its entities. */
  readonly enumerated: boolean;
  /** Place among all actions, from 0. */
  readonly number: number;
}

export function actionTypes(
  namespaces: Readonly<Record<string, NamespaceJson>>,
  table: TypeTable,
): ReadonlyMap<string, ReadonlyMap<string, ActionType>> {
  const declared = Object.entries(namespaces).flatMap(([namespace, parts]) =>
    Object.entries(parts.actions ?? {}).map(([id, action]) => ({ type: qualified(namespace, "Action"), id, action })),
  );
  const nodes = closeAncestors(
    declared.map(({ type, id, action }) => ({
      uid: new EntityValue(type, id),
      attrs: EMPTY_RECORD,
      tags: new Map(),
      parents: (action.memberOf ?? []).map((group) => new EntityValue(group.type ?? type, group.id)),
    })),
  );
  const found = new Map<string, Map<string, ActionType>>();
  for (const [number, { type, id, action }] of declared.entries()) {
    const uid = nodes.get(type)?.get(id)?.uid ?? new EntityValue(type, id);
    if (!found.has(type)) found.set(type, new Map());
    found.get(type)!.set(id, { uid, number, ...applies(action, table) });
  }
  return found;
}

function applies(action: ActionJson, table: TypeTable): Omit<ActionType, "uid" | "number"> {
  const principals = action.appliesTo?.principalTypes ?? [];
  const resources = action.appliesTo?.resourceTypes ?? [];
  return {
    principals: new Set(principals),
    resources: new Set(resources),
    enumerated: [...principals, ...resources].some((type) => table.enumOf(type) !== undefined),
    context: table.record(action.appliesTo?.context),
  };
}
