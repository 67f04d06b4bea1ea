import { JsonFraction, type ExactJson } from "@writ/canon";

/** Every place in a document: the names and indexes that lead to it. */
export function places(value: ExactJson, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || value instanceof JsonFraction) return [at];
  return [at, ...Object.entries(value).flatMap(([name, part]) => places(part, [...at, name]))];
}

/** A copy with another value at that place. */
export function replaced(value: ExactJson, [name, ...rest]: readonly string[], part: ExactJson): ExactJson {
  if (name === undefined) return part;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, ExactJson>;
  copy[name] = replaced(copy[name] ?? null, rest, part);
  return copy;
}
