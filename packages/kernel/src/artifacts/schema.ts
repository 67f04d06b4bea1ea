import { type ExactJson, JsonFraction } from "@writ/canon";
import { countCodePoints } from "../compat/code-points.ts";
import { isExactList, isExactRecord, member, sameExact, type ExactRecord } from "../compat/exact-record.ts";

export type SchemaType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** The part of JSON Schema that artifact schemas use (spec kernel.md §4.5). */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
  readonly const?: ExactJson;
  readonly enum?: readonly ExactJson[];
  readonly type?: SchemaType | readonly SchemaType[];
  /** In code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Searched for anywhere in the text. */
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: false;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Deepest path that is followed, references included: a schema that refers to itself ends here. */
const DEPTH_MAX = 128;

/** The first finding as `<path> <problem>`, or undefined when the value satisfies the schema. */
export function schemaFinding(value: ExactJson, schema: Schema): string | undefined {
  return check(value, schema, { path: "$", root: schema, depth: 0 });
}

interface Place {
  readonly path: string;
  readonly root: Schema;
  readonly depth: number;
}

function check(value: ExactJson, schema: Schema, at: Place): string | undefined {
  if (at.depth > DEPTH_MAX) return `${at.path} is nested too deep`;
  if (schema.$ref !== undefined) return checkReference(value, schema.$ref, at);
  return (
    checkChoice(value, schema, at) ??
    checkType(value, schema, at) ??
    checkText(value, schema, at) ??
    checkNumber(value, schema, at) ??
    checkObject(value, schema, at) ??
    checkList(value, schema, at)
  );
}

function checkReference(value: ExactJson, reference: string, at: Place): string | undefined {
  const target = resolve(reference, at.root);
  if (target === undefined) return `${at.path} refers to \`${reference}\`, which is not there`;
  return check(value, target, { ...at, depth: at.depth + 1 });
}

/** A JSON pointer inside the schema (RFC 6901). */
function resolve(reference: string, root: Schema): Schema | undefined {
  if (!reference.startsWith("#/")) return undefined;
  let found: ExactJson | undefined = root as ExactRecord;
  for (const part of reference.slice(2).split("/")) {
    found = member(found, part.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return isExactRecord(found) ? found : undefined;
}

function checkChoice(value: ExactJson, schema: Schema, at: Place): string | undefined {
  if (schema.const !== undefined && !sameExact(value, schema.const)) return `${at.path} is not the constant`;
  if (schema.enum !== undefined && !schema.enum.some((choice) => sameExact(value, choice)))
    return `${at.path} is none of the choices`;
  return undefined;
}

function checkType(value: ExactJson, { type }: Schema, at: Place): string | undefined {
  if (type === undefined) return undefined;
  const types: readonly SchemaType[] = typeof type === "string" ? [type] : type;
  return types.some((one) => isOfType(value, one)) ? undefined : `${at.path} is not of type ${types.join(" or ")}`;
}

function isOfType(value: ExactJson, type: SchemaType): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "array":
      return isExactList(value);
    case "object":
      return isExactRecord(value);
    case "integer":
      return isInteger(value);
    case "number":
      return isInteger(value) || value instanceof JsonFraction || typeof value === "number";
  }
}

function isInteger(value: ExactJson): boolean {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

function checkText(value: ExactJson, { minLength, maxLength, pattern }: Schema, at: Place): string | undefined {
  if (typeof value !== "string") return undefined;
  if (minLength !== undefined && countCodePoints(value) < minLength) return `${at.path} is too short`;
  if (maxLength !== undefined && countCodePoints(value) > maxLength) return `${at.path} is too long`;
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return `${at.path} is not of the form ${pattern}`;
  return undefined;
}

function checkNumber(value: ExactJson, { minimum, maximum }: Schema, at: Place): string | undefined {
  const number = value instanceof JsonFraction ? value.value : value;
  if (typeof number !== "number" && typeof number !== "bigint") return undefined;
  if (minimum !== undefined && number < minimum) return `${at.path} is below ${String(minimum)}`;
  if (maximum !== undefined && number > maximum) return `${at.path} is above ${String(maximum)}`;
  return undefined;
}

function checkObject(value: ExactJson, schema: Schema, at: Place): string | undefined {
  if (!isExactRecord(value)) return undefined;
  const missing = schema.required?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${at.path} lacks ${missing}`;
  const properties = schema.properties ?? {};
  for (const [name, part] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known === undefined && schema.additionalProperties === false) return `${at.path}.${name} is not known`;
    const found = known && check(part, known, { ...at, path: `${at.path}.${name}`, depth: at.depth + 1 });
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkList(value: ExactJson, { items, minItems, maxItems }: Schema, at: Place): string | undefined {
  if (!isExactList(value)) return undefined;
  if (minItems !== undefined && value.length < minItems) return `${at.path} has too few items`;
  if (maxItems !== undefined && value.length > maxItems) return `${at.path} has too many items`;
  if (items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const found = check(item, items, { ...at, path: `${at.path}[${String(index)}]`, depth: at.depth + 1 });
    if (found !== undefined) return found;
  }
  return undefined;
}
