import { isPlaceholder } from "./placeholder.ts";
import { looksRandom } from "./random-text.ts";
import { secretRole, type SecretRole } from "./secret-role.ts";
import type { Span } from "./span.ts";
import { valueAt } from "./value-end.ts";

/**
 * Values that their names make secret, whatever form they have: `password = x`, `"token": "x"`, `--secret x`,
 * `Authorization: x`, `?api_key=x`, `<password>x</password>`, in every usual notation.
 */
export function namedSpans(text: string): readonly Span[] {
  return [...assignedSpans(text), ...flagSpans(text), ...elementSpans(text), ...spokenSpans(text)].filter(
    ({ start, end }) => !isPlaceholder(text.slice(start, end)),
  );
}

/** `name = value` and its kin. Separators are met in order and each text between two of them is read once. */
function assignedSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/[=:]/g)) {
    if (index < from) continue;
    const named = nameBefore(text, index, from);
    const after = index + 1 + (OPERATOR_REST.exec(text.slice(index + 1, index + 24))?.[0].length ?? 0);
    const role = roleHere(named.name, text, { operator: index, after });
    const span = role && valueOf(text, { role, after, opener: text[named.start - 1] ?? "" });
    if (span === undefined) continue;
    spans.push(span);
    from = Math.max(span.end, index + 1);
  }
  return spans;
}

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
  const role = looksRandom(name) ? undefined : secretRole(name);
  if (role !== undefined || colon) return role;
  return /^(?:session|sess|sig|code|key)$/i.test(name) && isLong(text, after) ? "token" : undefined;
}

/** A header's value holds to the end of its line or quote; a list to its bracket; the members of a map have names. */
function valueOf(
  text: string,
  { role, after, opener }: { readonly role: SecretRole; readonly after: number; readonly opener: string },
): Span | undefined {
  if (text[after] === "{") return undefined;
  if (text[after] === "[") return { start: after + 1, end: endOf(text, after, ["]", "\n"]) };
  const value = valueAt(text, after);
  if (value.start !== after || (role !== "authorization" && role !== "cookie")) return value;
  return { start: after, end: endOf(text, after, ["\n", "\r", ...("\"'`".includes(opener) ? [opener] : [])]) };
}

/** Where the first of these is, or the end of the text. */
function endOf(text: string, from: number, ends: readonly string[]): number {
  const found = ends.filter((end) => end !== "").map((end) => text.indexOf(end, from));
  return Math.min(text.length, ...found.filter((at) => at !== -1));
}

/** `?key=1` is a position, `?key=AIza…` is a key. */
function isLong(text: string, from: number): boolean {
  const { start, end } = valueAt(text, from);
  return end - start >= 6 && !/^[a-z]+$/.test(text.slice(start, end));
}

const NAME_MAX = 128;

/** The name that ends where the separator begins, without the quotes and brackets around it. */
function nameBefore(text: string, separator: number, from: number): Named {
  let end = separator;
  for (const [characters, most] of AROUND) end = backOver(text, { from, end, characters, most });
  let start = end;
  while (start > from && end - start < NAME_MAX && isNameCharacter(text.charCodeAt(start - 1))) start--;
  return { name: text.slice(start, end), start };
}

interface Named {
  readonly name: string;
  readonly start: number;
}

/** What may stand between a name and its separator, last first. */
const AROUND: readonly (readonly [characters: string, most: number])[] = [
  ["?:", 1],
  [" \t", 8],
  ["\"'`])[", 4],
  ["\\", 15],
];

function backOver(
  text: string,
  { from, end, characters, most }: { from: number; end: number; characters: string; most: number },
): number {
  let at = end;
  while (at > from && end - at < most && characters.includes(text.charAt(at - 1))) at--;
  return at;
}

/** Letters, digits, `_`, `$`, `.`, `-` and whatever is beyond ASCII. */
function isNameCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    [36, 45, 46, 95].includes(code) ||
    code > 127
  );
}

/** `--password x`, `-u name:password`, `-b name=value`. */
function flagSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { 0: flag, 1: name = "", index } of text.matchAll(/(?<![\w-])--?([A-Za-z][\w.-]{0,63})["']?\s{1,16}/g)) {
    const { start, end } = valueAt(text, index + flag.length);
    const colon = text.slice(start, end).indexOf(":");
    if (secretRole(name) !== undefined || (name === "b" && text.slice(start, end).includes("=")))
      spans.push({ start, end });
    else if (/^(?:u|user|proxy-user|U)$/.test(name) && colon !== -1) spans.push({ start: start + colon + 1, end });
  }
  return spans;
}

/** An XML or HTML element whose name is secret. */
function elementSpans(text: string): readonly Span[] {
  return [...text.matchAll(/<([A-Za-z][\w:.-]{0,63})(?:\s[^<>]{0,256})?>([^<]+)/g)]
    .filter(({ 1: name = "" }) => secretRole(name) !== undefined)
    .map(({ 0: all, 2: value = "", index }) => ({ start: index + all.length - value.length, end: index + all.length }));
}

/** `password is x`, `WITH PASSWORD 'x'`, `login x password y`, `sshpass -p x`, `Bearer x`. */
function spokenSpans(text: string): readonly Span[] {
  return [...text.matchAll(SPOKEN)].map(({ 0: all, index }) => {
    const from = index + all.length;
    const { start, end } = valueAt(text, from);
    return { start, end };
  });
}

const SPOKEN = new RegExp(
  [
    String.raw`\b(?:[Pp]assword|PASSWORD|[Pp]asswd|[Pp]assphrase|[Ss]ecret|[Tt]oken)\s{1,4}(?:is|was)\s{1,4}(?=\S{0,64}[^a-z\s.])`,
    String.raw`\b(?:[Pp]assword|PASSWORD|[Ii]dentified [Bb]y|IDENTIFIED BY)\s{1,4}(?=["'])`,
    String.raw`\blogin\s{1,4}\S{1,128}\s{1,4}password\s{1,4}`,
    String.raw`\bsshpass\s{1,4}-p\s{0,4}`,
    String.raw`\bmysql[a-z]{0,5}\s{1,4}(?:-[a-oq-zA-Z]\s{0,4}\S{1,64}\s{1,4}){0,4}-p(?=\S)`,
    String.raw`\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate|[Aa]pi[Kk]ey)\s{1,4}(?=[A-Za-z0-9._~+/=-]{6})(?=.[A-Za-z._~+/=-]{0,64}[0-9A-Z=+/_])`,
  ].join("|"),
  "g",
);
