import { checkTypeName, readUidParts } from "./entity-uid.ts";
import type { EntityStore } from "../entity-store.ts";
import type { Frame } from "../compile/frame.ts";
import { readText } from "./plain-json.ts";
import { faultAt, ReadFault } from "./read-fault.ts";
import { RecordValue } from "../values/record-value.ts";
import { requestRefusal } from "../refusal.ts";
import type { Schema } from "../schema/schema.ts";
import type { ActionType } from "../schema/schema-actions.ts";
import type { PolicyRequest } from "../types.ts";
import { readUntyped } from "./untyped-value.ts";
import { EntityValue, type Value } from "../values/value.ts";

/** How strictly a request is held against the schema. */
export interface RequestChecks {
  /** `false` leaves principal, action and resource unchecked; the context is always read by its type. */
  readonly validate: boolean;
  readonly notes: string[] | null;
}

/**
 * Converts a plain request, once for all policies. With a schema: declared action, a principal and resource it
 * applies to, a context of exactly its type. Throws `POLICY_REQUEST`.
 */
export function requestFrame(
  schema: Schema | undefined,
  request: PolicyRequest,
  entities: EntityStore,
  checks: RequestChecks,
): Frame {
  try {
    if (typeof request !== "object" || request === null) throw new ReadFault("is not an object", "request");
    return schema === undefined
      ? untypedFrame(request, entities, checks)
      : typedFrame(schema, request, entities, checks);
  } catch (error) {
    if (error instanceof ReadFault) throw requestRefusal(error.path, error.fault);
    throw error;
  }
}

function typedFrame(schema: Schema, request: PolicyRequest, entities: EntityStore, checks: RequestChecks): Frame {
  const type = declaredAction(schema, request.action);
  const principal = uidAt("principal", request.principal, entities);
  const resource = uidAt("resource", request.resource, entities);
  if (checks.validate) checkScope(schema, type, principal, resource);
  else checkNames({ principal, resource });
  const context = readContext(type.context, request.context);
  return { principal, action: type.uid, actionNumber: type.number, resource, context, entities, notes: checks.notes };
}

function untypedFrame(request: PolicyRequest, entities: EntityStore, checks: RequestChecks): Frame {
  const principal = uidAt("principal", request.principal, entities);
  const action = uidAt("action", request.action, entities);
  const resource = uidAt("resource", request.resource, entities);
  checkNames({ principal, action, resource });
  const context = readContext(readUntyped, request.context);
  return { principal, action, actionNumber: -1, resource, context, entities, notes: checks.notes };
}

/** The store's own reference where it has the entity, which spares every later look-up. */
function uidAt(part: string, json: unknown, entities: EntityStore): EntityValue {
  try {
    const parts = readUidParts(json);
    const node = entities.find(parts.type, parts.id);
    return node === null ? new EntityValue(parts.type, readText(parts.id), null) : node.uid;
  } catch (error) {
    throw faultAt(part, error);
  }
}

function declaredAction(schema: Schema, json: unknown): ActionType {
  try {
    const parts = readUidParts(json);
    const type = schema.actions.get(parts.type)?.get(parts.id);
    if (type === undefined) throw new ReadFault("names no action of the schema");
    return type;
  } catch (error) {
    throw faultAt("action", error);
  }
}

function checkScope(schema: Schema, type: ActionType, principal: EntityValue, resource: EntityValue): void {
  if (!type.principals.has(principal.type)) {
    throw new ReadFault(`has the type \`${principal.type}\`, to which the action does not apply`, "principal");
  }
  if (!type.resources.has(resource.type)) {
    throw new ReadFault(`has the type \`${resource.type}\`, to which the action does not apply`, "resource");
  }
  if (!type.enumerated) return;
  checkListed(schema, "principal", principal);
  checkListed(schema, "resource", resource);
}

function checkListed(schema: Schema, part: string, uid: EntityValue): void {
  const ids = schema.entityTypes.get(uid.type)?.ids;
  if (ids !== undefined && !ids.has(uid.id)) throw new ReadFault("is not listed in its type", part);
}

/** Names the store knows are in normal form; others are looked at. */
function checkNames(uids: Readonly<Record<string, EntityValue>>): void {
  for (const [part, uid] of Object.entries(uids)) {
    if (uid.node) continue;
    try {
      checkTypeName(uid.type);
    } catch (error) {
      throw faultAt(part, error);
    }
  }
}

function readContext(read: (json: unknown) => Value, json: unknown): RecordValue {
  try {
    const context = read(json);
    if (!(context instanceof RecordValue)) throw new ReadFault("is not a record");
    return context;
  } catch (error) {
    throw faultAt("context", error);
  }
}
