import { LONG_MAX, LONG_MIN } from "../values/long.ts";
import { ReadFault } from "./read-fault.ts";
import type { Long } from "../values/value.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Deepest nesting of a value in a request or entity. */
export const VALUE_DEPTH_MAX = 64;

/** A plain object, so that no attribute can come from a prototype. */
export function isPlainObject(json: unknown): json is JsonObject {
  if (typeof json !== "object" || json === null) return false;
  const prototype: unknown = Object.getPrototypeOf(json);
  return prototype === Object.prototype || prototype === null;
}

export function readObject(json: unknown): JsonObject {
  if (!isPlainObject(json)) throw new ReadFault("is not an object");
  return json;
}

export function readText(json: unknown): string {
  if (typeof json !== "string") throw new ReadFault("is not a string");
  if (!json.isWellFormed()) throw new ReadFault("holds half of a surrogate pair");
  return json;
}

/** An integer of 64 bits in normal form; a double that is no safe integer may have lost digits already. */
export function readLong(json: unknown): Long {
  if (typeof json === "number" && Number.isSafeInteger(json)) return json === 0 ? 0 : json;
  if (typeof json !== "bigint") {
    throw new ReadFault(typeof json === "number" ? "is not an exact integer" : "is not an integer");
  }
  if (json > LONG_MAX || json < LONG_MIN) throw new ReadFault("is beyond 64 bits");
  const small = Number(json);
  return Number.isSafeInteger(small) ? small : json;
}
