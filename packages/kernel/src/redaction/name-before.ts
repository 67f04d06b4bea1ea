/** A name and where it starts. */
export interface Named {
  readonly name: string;
  readonly start: number;
}

/** The name that ends where a separator begins, without the quotes and brackets around it; empty when there is none. */
export function nameBefore(text: string, separator: number, from: number): Named {
  let end = separator;
  for (const [characters, most] of AROUND) {
    const least = Math.max(from, end - most);
    while (end > least && characters.includes(text.charAt(end - 1))) end--;
  }
  const least = Math.max(from, end - NAME_MAX);
  let start = end;
  while (start > least && isNameCharacter(text.charCodeAt(start - 1))) start--;
  return { name: text.slice(start, end), start };
}

/** Longer names say nothing. */
const NAME_MAX = 128;

/** What may stand between a name and its separator, last first. */
const AROUND: readonly (readonly [characters: string, most: number])[] = [
  ["?:", 1],
  [" \t", 8],
  ["\"'`])[", 4],
  ["\\", 15],
];

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
