import type { Schema } from "../schema.ts";

export const text: Schema = { type: "string" };
export const nonEmpty: Schema = { type: "string", minLength: 1 };
export const bool: Schema = { type: "boolean" };
export const object: Schema = { type: "object" };
export const texts: Schema = { type: "array", items: text };
export const hexDigest: Schema = { type: "string", pattern: "^[0-9a-f]{64}$" };
export const prefixedDigest: Schema = { type: "string", pattern: "^sha256:[0-9a-f]{64}$" };

export function oneOf(...choices: readonly string[]): Schema {
  return { type: "string", enum: choices };
}

export function integer(minimum: number): Schema {
  return { type: "integer", minimum };
}

/** An open map: `required` must be there, `optional` may be, others are permitted. */
export function map(required: Schema["properties"] & object, optional: Schema["properties"] & object = {}): Schema {
  return { type: "object", required: Object.keys(required), properties: { ...required, ...optional } };
}

/** A map that holds nothing else. */
export function closed(required: Schema["properties"] & object, optional: Schema["properties"] & object = {}): Schema {
  return { ...map(required, optional), additionalProperties: false };
}

/** One version of an artifact: its type, version and schema reference are constants (spec kernel.md §4.2). */
export function artifact(
  type: string,
  version: string,
  required: Schema["properties"] & object,
  optional: Schema["properties"] & object = {},
): Schema {
  return map({ ...identity(type, version), created_at: nonEmpty, ...required }, optional);
}

/** Type, version and schema reference as constants. */
export function identity(type: string, version: string): Schema["properties"] & object {
  return {
    artifact_type: { const: type },
    schema_version: { const: version },
    schema_ref: { const: schemaRef(type, version) },
  };
}

export function schemaRef(type: string, version: string): string {
  return `schemas/${type}.${version}.schema.json`;
}
