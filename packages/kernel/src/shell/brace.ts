import { SHELL_BOUNDS } from "./bounds.ts";

/**
 * The words that `{a,b}` or `{1..3}` stands for, or undefined where it is not of the plain forms. The text has no
 * quotes, expansions or braces inside.
 */
export function braceAlternatives(text: string): readonly string[] | undefined {
  const inner = /^\{([^{}$`"'\\]*)\}$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  if (inner.includes(",")) return inner.split(",");
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})$/.exec(inner);
  if (range === null) return undefined;
  const [from, to] = [Number(range[1]), Number(range[2])];
  const count = Math.abs(to - from) + 1;
  // Padded numbers are written otherwise than counted ones.
  if (count > SHELL_BOUNDS.braceWordsMax || /^-?0\d/.test(range[1] ?? "") || /^-?0\d/.test(range[2] ?? ""))
    return undefined;
  return Array.from({ length: count }, (_, index) => String(from < to ? from + index : from - index));
}
