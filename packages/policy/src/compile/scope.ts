import { isIn } from "./compile-entity.ts";
import { readCheckedUid } from "../input/entity-uid.ts";
import type { Frame } from "./frame.ts";
import { isPlainObject } from "../input/plain-json.ts";
import { policyRefusal } from "../refusal.ts";
import { type EntityValue, sameEntity } from "../values/value.ts";

/** What a scope asks of one variable. Scope tests never err. */
export type ScopeTest =
  | { readonly op: "any" }
  | { readonly op: "==" | "in"; readonly entity: EntityValue }
  | { readonly op: "in any"; readonly entities: readonly EntityValue[] }
  | { readonly op: "is"; readonly type: string }
  | { readonly op: "is in"; readonly type: string; readonly entity: EntityValue };

/** Entities that fill a template's slots. */
export type Slots = Readonly<Record<string, EntityValue | undefined>>;

export function compileScope(json: unknown, slots: Slots): ScopeTest {
  if (!isPlainObject(json)) throw unknownScope();
  switch (json["op"]) {
    case "All":
      return { op: "any" };
    case "==":
      return { op: "==", entity: entityOf(json, slots) };
    case "in":
      if (Array.isArray(json["entities"])) return { op: "in any", entities: json["entities"].map(readCheckedUid) };
      return { op: "in", entity: entityOf(json, slots) };
    case "is": {
      const type = json["entity_type"];
      if (typeof type !== "string") throw unknownScope();
      const group = json["in"];
      return isPlainObject(group) ? { op: "is in", type, entity: entityOf(group, slots) } : { op: "is", type };
    }
    default:
      throw unknownScope();
  }
}

export function matchesScope(frame: Frame, test: ScopeTest, entity: EntityValue): boolean {
  switch (test.op) {
    case "any":
      return true;
    case "==":
      return sameEntity(entity, test.entity);
    case "in":
      return isIn(frame, entity, test.entity);
    case "in any":
      return test.entities.some((ancestor) => isIn(frame, entity, ancestor));
    case "is":
      return entity.type === test.type;
    case "is in":
      return entity.type === test.type && isIn(frame, entity, test.entity);
  }
}

function entityOf(json: Readonly<Record<string, unknown>>, slots: Slots): EntityValue {
  const slot = json["slot"];
  if (typeof slot !== "string") return readCheckedUid(json["entity"]);
  const entity = slots[slot];
  if (entity !== undefined) return entity;
  throw policyRefusal("POLICY_TEMPLATE", `a link does not fill the slot \`${slot}\``, "fill every slot", { slot });
}

function unknownScope(): Error {
  return policyRefusal("POLICY_UNSUPPORTED", "the compiler does not know this form of a scope", "rewrite the scope");
}
