import type { PolicyInfo } from "../policy-set.ts";

/** What means something to Writ, but for `@id`, which no policy lacks. Other names are the author's own. */
const KNOWN = ["text", "hold", "approvals", "advice"] as const;

/** Names that look like slips of a known one: Cedar takes any name, so `@aprovals("2")` would ask for one approval. */
export function annotationSlips(policies: readonly PolicyInfo[]): string[] {
  return policies.flatMap(({ file, line, annotations }) =>
    Object.keys(annotations).flatMap((name) => {
      const meant = KNOWN.find((known) => isSlip(name.toLowerCase(), known));
      return meant === undefined || name === meant
        ? []
        : [`\`${file}:${String(line)}\`: \`@${name}\` means nothing; \`@${meant}\` would`];
    }),
  );
}

/** Equal but for one letter, or two neighbours exchanged. Precondition: neither is long. */
function isSlip(name: string, known: string): boolean {
  let start = 0;
  while (start < known.length && name[start] === known[start]) start++;
  const rests = (a: number, b: number): boolean => name.slice(start + a) === known.slice(start + b);
  const exchanged = name[start] === known[start + 1] && name[start + 1] === known[start] && rests(2, 2);
  return exchanged || rests(0, 0) || rests(1, 0) || rests(0, 1) || rests(1, 1);
}
