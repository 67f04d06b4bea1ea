import { isUuidv7 } from "@writ/canon";

import { invalidRequest } from "./errors.ts";

/** Bounds of what callers hand in, each counted in UTF-16 units unless said otherwise. */
export const NOTE_MAX = 4_096;
export const LABEL_MAX = 256;
export const PAGE_MAX = 500;
export const PAGE_DEFAULT = 50;
export const WAIT_MS_MAX = 600_000;

export function requireUuid(field: string, value: unknown): string {
  if (typeof value === "string" && isUuidv7(value)) return value;
  throw invalidRequest(field, "it is a UUIDv7 in lower case");
}

const DIGEST = /^[0-9a-f]{64}$/;

export function requireDigest(field: string, value: unknown): string {
  if (typeof value === "string" && DIGEST.test(value)) return value;
  throw invalidRequest(field, "it is 64 lower-case hexadecimal digits");
}

/** A well-formed text of at most `max` units, or undefined when there is none. */
export function optionalText(field: string, value: unknown, max: number): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.length <= max && value.isWellFormed()) return value;
  throw invalidRequest(field, `it is a text of at most ${max} characters`);
}

export function requireText(field: string, value: unknown, max: number): string {
  const text = optionalText(field, value, max);
  if (text === undefined || text.length === 0) throw invalidRequest(field, `it is a text of 1 to ${max} characters`);
  return text;
}

export function requireOneOf<T extends string>(field: string, value: unknown, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw invalidRequest(field, `it is one of: ${words.join(", ")}`);
  return found;
}

export function requireWhole(field: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalidRequest(field, `it is a whole number from ${min} to ${max}`);
}

export function pageLimit(value: number | undefined): number {
  return value === undefined ? PAGE_DEFAULT : requireWhole("limit", value, 1, PAGE_MAX);
}
