import type { PlainNode } from "./ancestors.ts";
import { sameValue } from "../values/equality.ts";
import { type EntityValue, sameEntity } from "../values/value.ts";

/** Whether two entries say the same of one entity. */
export function sameNode(a: PlainNode, b: PlainNode): boolean {
  if (!sameValue(a.attrs, b.attrs) || a.tags.size !== b.tags.size) return false;
  for (const [name, value] of a.tags) {
    const other = b.tags.get(name);
    if (other === undefined || !sameValue(value, other)) return false;
  }
  return includes(a.parents, b.parents) && includes(b.parents, a.parents);
}

/** Whether every entity of `some` is among `all`. */
export function includes(all: readonly EntityValue[], some: readonly EntityValue[]): boolean {
  return some.every((entity) => all.some((other) => sameEntity(entity, other)));
}
