import { type ExactJson, JsonFraction, type JsonValue } from "@writ/canon";

/** A JSON object whose numbers are exact. */
export interface ExactRecord {
  readonly [key: string]: ExactJson;
}

export function isExactRecord(value: ExactJson | undefined): value is ExactRecord {
  return typeof value === "object" && value !== null && !isExactList(value) && !(value instanceof JsonFraction);
}

export function isExactList(value: ExactJson | undefined): value is readonly ExactJson[] {
  return Array.isArray(value);
}

/** An own member, or undefined: a key such as `constructor` is never found on the prototype. */
export function member(value: ExactJson | undefined, key: string): ExactJson | undefined {
  return isExactRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An own member that is text, or undefined. */
export function textMember(value: ExactJson | undefined, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" ? found : undefined;
}

/** An own member that is text, or the empty text. */
export function textOrEmpty(value: ExactJson | undefined, key: string): string {
  return textMember(value, key) ?? "";
}

/** An own member, or null where there is none. */
export function memberOrNull(value: ExactJson | undefined, key: string): ExactJson {
  return member(value, key) ?? null;
}

/** An own member that is an integer literal within ±(2^53−1), or undefined. */
export function integerMember(value: ExactJson | undefined, key: string): number | undefined {
  const found = member(value, key);
  return typeof found === "number" && Number.isSafeInteger(found) ? found : undefined;
}

/** The same value with ordinary doubles; digits beyond 2^53 are lost. For rules that compute and never digest. */
export function withDoubles(value: ExactJson): JsonValue {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof JsonFraction) return value.value;
  if (isExactList(value)) return value.map(withDoubles);
  if (!isExactRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDoubles(item)]));
}

/** Equal as JSON values: `1` and `1.0` are the same number, key order does not count. */
export function sameExact(left: ExactJson, right: ExactJson): boolean {
  if (isExactList(left) && isExactList(right)) {
    return left.length === right.length && left.every((item, index) => sameExact(item, right[index] ?? null));
  }
  if (isExactRecord(left) && isExactRecord(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && sameExact(left[key] ?? null, right[key] ?? null))
    );
  }
  return left === right || sameNumber(left, right);
}

function sameNumber(left: ExactJson, right: ExactJson): boolean {
  const [first, second] = [numeric(left), numeric(right)];
  // `==` compares a bigint and a double by their exact mathematical values.
  return first !== undefined && second !== undefined && first == second;
}

function numeric(value: ExactJson): number | bigint | undefined {
  if (value instanceof JsonFraction) return value.value;
  return typeof value === "number" || typeof value === "bigint" ? value : undefined;
}
