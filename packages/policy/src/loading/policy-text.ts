/** One policy or template cut out of a text. */
export interface PolicyPart {
  readonly text: string;
  /** UTF-16 offset of the part in the whole text. */
  readonly start: number;
  /** UTF-16 offset of its first word, behind comments and white space. */
  readonly first: number;
  /** Line and column of the first word, both from 1; columns count code points. */
  readonly line: number;
  readonly column: number;
  /** Whether a slot stands in it, which makes it a template. */
  readonly template: boolean;
  /** The deepest nesting of brackets. */
  readonly depth: number;
}

/**
 * Comments, strings (with escapes), slots, brackets and semicolons; everything between is skipped. A comment ends at
 * a carriage return as at a line feed, and white space is Unicode's (cedar-policy-core `grammar.lalrpop`, `match`).
 */
const TOKEN = /\/\/[^\n\r]*|"(?:[^"\\]|\\[^])*"?|\?(?:principal|resource)\b|[([{]|[)\]}]|;|\P{White_Space}/gu;

/**
 * Cuts a text at each `;` outside strings and comments, which is where Cedar ends a policy. What does not end
 * in one is a last part too, so that the parser can say what is missing.
 */
export function splitPolicies(text: string): readonly PolicyPart[] {
  const parts: PolicyPart[] = [];
  let place: Place = { offset: 0, line: 1, column: 1 };
  let part = emptyPart(0);
  let depth = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    if (token.startsWith("//")) continue;
    if (part.first < 0) {
      place = laterPlace(place, text, match.index);
      part = { ...part, first: place.offset, line: place.line, column: place.column };
    }
    if (token === "?principal" || token === "?resource") part.template = true;
    if (token === "(" || token === "[" || token === "{") part.depth = Math.max(part.depth, ++depth);
    else if (token === ")" || token === "]" || token === "}") depth--;
    if (token !== ";") continue;
    parts.push({ ...part, text: text.slice(part.start, match.index + 1) });
    part = emptyPart(match.index + 1);
    depth = 0;
  }
  if (part.first >= 0) parts.push({ ...part, text: text.slice(part.start) });
  return parts;
}

function emptyPart(start: number): { -readonly [Field in keyof Omit<PolicyPart, "text">]: PolicyPart[Field] } {
  return { start, first: -1, line: 1, column: 1, template: false, depth: 0 };
}

/** Line and column of an offset, as `PolicyPart` counts them. */
interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Counts on from an earlier place, so that the whole text is counted once. */
function laterPlace({ offset, line, column }: Place, text: string, to: number): Place {
  const lines = text.slice(offset, to).split("\n");
  const characters = Array.from(lines.at(-1)!).length;
  return { offset: to, line: line + lines.length - 1, column: characters + (lines.length > 1 ? 1 : column) };
}
