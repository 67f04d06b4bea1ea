import { isOnNextLine, lineEnd, ownLineEnd } from "./line-value.ts";
import { nameBefore } from "./name-before.ts";
import { isPlaceholder } from "./placeholder.ts";
import { looksRandom } from "./random-text.ts";
import { numberIsSecret, secretRole, type SecretRole } from "./secret-role.ts";
import { spokenSpans } from "./spoken-values.ts";
import type { Span } from "./span.ts";
import { valueAt } from "./value-end.ts";

/**
 * Values that their names make secret, whatever form they have: `password = x`, `"token": "x"`, `--secret x`,
 * `Authorization: x`, `?api_key=x`, `<password>x</password>`, in every usual notation.
 */
export function namedSpans(text: string): readonly Span[] {
  return [...assignedSpans(text), ...spokenSpans(text)].filter(
    ({ start, end }) => !isPlaceholder(text.slice(start, end)),
  );
}

/** `name = value` and its kin. Separators are met in order and each text between two of them is read once. */
function assignedSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { index } of text.matchAll(SEPARATOR)) {
    if (index < from) continue;
    const named = nameBefore(text, index, from);
    // No role has a shorter name, and most separators have none before them.
    if (named.name.length < NAME_MIN) continue;
    const after = index + 1 + (OPERATOR_REST.exec(text.slice(index + 1, index + 24))?.[0].length ?? 0);
    const role = roleHere(named.name, text, { operator: index, after });
    const span = role && valueOf(text, { role, nameStart: named.start, after, apart: after > index + 1 });
    if (span === undefined || isCount(named.name, text, span)) continue;
    spans.push(span);
    from = Math.max(span.end, index + 1);
  }
  return spans;
}

const NAME_MIN = 2;

/** `name =`, `name:`, and a call with a text: `setPassword("x")`. */
const SEPARATOR = /[=:]|\((?=\s{0,4}["'`])/g;
const OPERATOR_REST = /^[=>]{0,2}[ \t]{0,8}(?:(?:\\?[rn]|\r?\n)[ \t]{0,8}(?=["'`]))?/;

function roleHere(
  name: string,
  text: string,
  { operator, after }: { readonly operator: number; readonly after: number },
): SecretRole | undefined {
  const colon = text[operator] === ":";
  // A scheme: `token://`. An id: `auth:decision-1`.
  if (colon && (text.startsWith("//", after) || (/(?:^|[-_.])auth$/.test(name) && after === operator + 1)))
    return undefined;
  if (/^(?:OLD)?PWD$/.test(name) && text[after] === "/") return undefined;
  // The end of a random run is no name, whatever its last letters spell.
  const role = secretRole(name);
  if (role !== undefined || colon) return role !== undefined && looksRandom(name) ? undefined : role;
  const query = after === operator + 1 && /^(?:session|sess|sig|code|key)$/i.test(name);
  return query && isLong(text, after) ? "token" : undefined;
}

/** `?key=1` is a position, `?key=AIza…` is a key. */
function isLong(text: string, from: number): boolean {
  const { start, end } = valueAt(text, from);
  return end - start >= 6 && !/^[a-z]+$/.test(text.slice(start, end));
}

/** `max_tokens=100`. */
function isCount(name: string, text: string, { start, end }: Span): boolean {
  return end - start < 12 && /^\d+[,;]?$/.test(text.slice(start, end)) && !numberIsSecret(name);
}

interface NamedPlace {
  readonly role: SecretRole;
  readonly nameStart: number;
  readonly after: number;
  /** Whether white space stands between the separator and the value. */
  readonly apart: boolean;
}

/**
 * A header's value holds to the end of its line or quote, a list to its bracket, a settings file's to the end of its
 * line; the members of a map have names of their own.
 */
function valueOf(text: string, { role, nameStart, after, apart }: NamedPlace): Span | undefined {
  if (/^\{(?:["'\s}\\]|$)/.test(text.slice(after, after + 2))) return undefined;
  if (text[after] === "[") return { start: after + 1, end: lineEnd(text, after, "]") };
  const value = valueAt(text, after);
  if (value.start !== after) return value;
  if (value.end === after && !isOnNextLine(text, after)) return undefined;
  if (role === "authorization" || role === "cookie")
    return { start: after, end: lineEnd(text, after, text[nameStart - 1] ?? "") };
  const end = apart || isOnNextLine(text, after) ? ownLineEnd(text, nameStart, after) : undefined;
  return end === undefined ? value : { start: after, end: trimmedEnd(text, after, end) };
}

/** Without the separators after the value. */
function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && " \t\r\n,;".includes(text.charAt(at - 1))) at--;
  return at;
}
