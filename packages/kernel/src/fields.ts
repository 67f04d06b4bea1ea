import { isUuidv7, parseInstant, WritError, type JsonValue } from "@writ/canon";
import type { KernelErrorCode } from "./error-code.ts";

/** Reads one field of a record strictly, or throws with the path to it. Absence is `undefined` and never a default. */
export type FieldReader<T> = (value: JsonValue | undefined, at: Place) => T;

export interface Place {
  readonly code: KernelErrorCode;
  readonly path: string;
}

/** A closed object: every field is read, and an unknown one is refused. */
export function record<T extends object>(readers: {
  readonly [Key in keyof T]-?: FieldReader<T[Key]>;
}): FieldReader<T> {
  const names = Object.keys(readers) as (keyof T & string)[];
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse(at, "must be an object");
    const given = value as { readonly [key: string]: JsonValue };
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(readers, key));
    if (unknown !== undefined) throw refuse(inside(at, unknown), "is not a known field");
    const result: Partial<T> = {};
    for (const name of names) {
      const field = Object.hasOwn(given, name) ? given[name] : undefined;
      result[name] = readers[name](field, inside(at, name));
    }
    return result as T;
  };
}

/** Text of `min` to `max` UTF-16 code units; NUL and lone surrogates are refused everywhere. */
export function text(bounds: {
  readonly min: number;
  readonly max: number;
  readonly form?: RegExp;
  readonly what?: string;
}): FieldReader<string> {
  return (value, at) => {
    if (typeof value !== "string") throw refuse(at, "must be text");
    if (value.length < bounds.min || value.length > bounds.max)
      throw refuse(at, `must have ${String(bounds.min)} to ${String(bounds.max)} characters`);
    if (value.includes("\0")) throw refuse(at, "holds a NUL character");
    if (!value.isWellFormed()) throw refuse(at, "holds half of a surrogate pair");
    if (bounds.form !== undefined && !bounds.form.test(value))
      throw refuse(at, `must be ${bounds.what ?? `of the form ${bounds.form.source}`}`);
    return value;
  };
}

export function integer(min: number, max: number): FieldReader<number> {
  return (value, at) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max || Object.is(value, -0)) {
      throw refuse(at, `must be a whole number from ${String(min)} to ${String(max)}`);
    }
    return value;
  };
}

export const boolean: FieldReader<boolean> = (value, at) => {
  if (typeof value !== "boolean") throw refuse(at, "must be true or false");
  return value;
};

/** One of a closed set, spelled exactly. */
export function oneOf<const T extends readonly string[]>(choices: T): FieldReader<T[number]> {
  return (value, at) => {
    if (typeof value !== "string" || !choices.includes(value))
      throw refuse(at, `must be one of ${choices.map((choice) => `\`${choice}\``).join(", ")}`);
    return value;
  };
}

export function nullable<T>(reader: FieldReader<T>): FieldReader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

export function list<T>(reader: FieldReader<T>, max: number, min = 0): FieldReader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw refuse(at, "must be a list");
    if (value.length < min || value.length > max) throw refuse(at, `must have ${String(min)} to ${String(max)} items`);
    return value.map((item: JsonValue, index) => reader(item, inside(at, String(index))));
  };
}

/** A list that is a set: sorted by code units, each item once, so that equal sets have equal bytes. */
export function sortedSet(reader: FieldReader<string>, max: number): FieldReader<readonly string[]> {
  const items = list(reader, max);
  return (value, at) => {
    const found = items(value, at);
    const wrong = found.findIndex((item, index) => index > 0 && item <= (found[index - 1] ?? ""));
    if (wrong !== -1) throw refuse(inside(at, String(wrong)), "is out of order or given twice");
    return found;
  };
}

/** Any JSON value that is there. */
export const json: FieldReader<JsonValue> = (value, at) => {
  if (value === undefined) throw refuse(at, "is missing");
  return value;
};

export const sha256: FieldReader<string> = text({
  min: 64,
  max: 64,
  form: /^[0-9a-f]{64}$/,
  what: "64 lower-case hex digits",
});

export const uuid: FieldReader<string> = (value, at) => {
  if (typeof value !== "string" || !isUuidv7(value)) throw refuse(at, "must be a lower-case UUIDv7");
  return value;
};

export const instant: FieldReader<string> = (value, at) => {
  if (typeof value !== "string") throw refuse(at, "must be text");
  try {
    parseInstant(value);
  } catch (cause) {
    throw refuse(at, "must be UTC as `YYYY-MM-DDTHH:MM:SS.mmmZ`", cause);
  }
  return value;
};

export function inside({ code, path }: Place, name: string): Place {
  return { code, path: path === "" ? name : `${path}.${name}` };
}

export function refuse(at: Place, problem: string, cause?: unknown): WritError<KernelErrorCode> {
  const field = at.path === "" ? "the record" : `\`${at.path.slice(0, 256)}\``;
  return new WritError({
    code: at.code,
    message: `${field} ${problem}`,
    reason:
      "records are read strictly: a field that is missing, unknown, of another type or out of bounds is never guessed",
    next: "send the field as the record's reference describes it",
    details: { field: at.path.slice(0, 256) },
    ...(cause !== undefined && { cause }),
  });
}
