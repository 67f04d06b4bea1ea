const STRING = /"(?:[^"\\]|\\.)*"/gs;

/**
 * Whether a member's name is written with an escape somewhere in this JSON text. V8 (Node 22 to 24 at least) holds such
 * a name, still escaped, against the name that came in its place in an earlier object, and may take one for the other:
 * after `{"a":1,"\\":1}` it reads `{"a":1,"\n":1}` as the first. So `JSON.parse` is for texts without.
 */
export function hasEscapedName(text: string): boolean {
  if (!text.includes("\\")) return false;
  for (const { 0: literal, index } of text.matchAll(STRING)) {
    if (literal.includes("\\") && /^\s*:/.test(text.slice(index + literal.length, index + literal.length + 16)))
      return true;
  }
  return false;
}
