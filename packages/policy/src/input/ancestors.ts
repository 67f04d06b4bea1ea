import { entityRefusal } from "../refusal.ts";
import type { RecordValue } from "../values/record-value.ts";
import { type EntityNode, EntityValue, type Value } from "../values/value.ts";

/** An entity before its indirect ancestors are known. */
export interface PlainNode {
  readonly uid: EntityValue;
  readonly attrs: RecordValue;
  readonly tags: ReadonlyMap<string, Value>;
  readonly parents: readonly EntityValue[];
}

export type NodeTable = Map<string, Map<string, EntityNode>>;

/** All ancestor relations of one store together; a chain of n entities has n²/2. */
const RELATIONS_MAX = 10_000_000;

/**
 * Nodes with all their ancestors, by type and id. A parent need not be declared. Refuses cycles, self-parents
 * included, with `POLICY_ENTITIES`. Iterative, so that depth costs no stack.
 */
export function closeAncestors(plain: readonly PlainNode[]): NodeTable {
  const byType = new Map<string, Map<string, PlainNode>>();
  for (const node of plain) {
    const ids = byType.get(node.uid.type) ?? new Map<string, PlainNode>();
    byType.set(node.uid.type, ids.set(node.uid.id, node));
  }
  const table: NodeTable = new Map();
  const budget = { left: RELATIONS_MAX };
  for (const node of plain) close(node, byType, table, budget);
  return table;
}

function close(
  start: PlainNode,
  byType: ReadonlyMap<string, ReadonlyMap<string, PlainNode>>,
  table: NodeTable,
  budget: { left: number },
): void {
  const stack: { readonly node: PlainNode; next: number }[] = [{ node: start, next: 0 }];
  const open = new Set<PlainNode>([start]);
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const parent = top.node.parents[top.next++];
    if (parent === undefined) {
      finish(top.node, table, budget);
      open.delete(top.node);
      stack.pop();
      continue;
    }
    const node = byType.get(parent.type)?.get(parent.id);
    if (node === undefined || table.get(parent.type)?.has(parent.id) === true) continue;
    if (open.has(node)) throw entityRefusal(nameOf(parent), "is its own ancestor");
    open.add(node);
    stack.push({ node, next: 0 });
  }
}

/** INVARIANT: every declared parent is finished before its child. */
function finish(node: PlainNode, table: NodeTable, budget: { left: number }): void {
  const ids = table.get(node.uid.type) ?? new Map<string, EntityNode>();
  if (ids.has(node.uid.id)) return;
  table.set(node.uid.type, ids);
  const found = new Map<string, Set<string>>();
  const ancestors: EntityValue[] = [];
  const add = (ancestor: EntityValue): void => {
    const known = found.get(ancestor.type) ?? new Set<string>();
    if (known.has(ancestor.id)) return;
    found.set(ancestor.type, known.add(ancestor.id));
    ancestors.push(ancestor);
  };
  for (const parent of node.parents) {
    const above = table.get(parent.type)?.get(parent.id);
    add(above?.uid ?? parent);
    above?.ancestors.forEach(add);
  }
  budget.left -= ancestors.length;
  if (budget.left < 0) throw entityRefusal(nameOf(node.uid), "brings the ancestor relations over the bound");
  const uid = new EntityValue(node.uid.type, node.uid.id);
  const closed = { uid, attrs: node.attrs, tags: node.tags, ancestors, ancestorIds: found };
  uid.node = closed;
  ids.set(uid.id, closed);
}

function nameOf(uid: EntityValue): string {
  return `${uid.type}::${JSON.stringify(uid.id)}`;
}
