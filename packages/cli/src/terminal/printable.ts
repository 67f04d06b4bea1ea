/**
 * What Unicode calls control, format, surrogate, private, unassigned, separating or ignorable, and the space that looks
 * like a space: what hides, moves the cursor or turns the direction of reading. The inbox page has the same class.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0]/gu;

/** Begins what a terminal would have begun in column one: the rest of a line, never a line of ours. */
const CONTINUED = "        | ";

/** Narrower than this nothing can be read, and a width of 0 is what some terminals say who do not know theirs. */
const COLUMNS_MIN = 20;

/**
 * One line of unknown origin as it may go to a terminal: what hides becomes visible, line feeds too, so that an agent's
 * text cannot move the cursor, hide or forge a line, set the window's title or turn the direction of reading.
 */
export function printable(text: string): string {
  return text.replaceAll(HIDDEN, (character) => (character === "\t" ? "  " : escaped(character)));
}

/** An argument as a shell would need it written, so that its borders can be seen and no two look the same. */
export function quoteArgument(argument: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(argument)) return argument;
  if (argument.search(HIDDEN) === -1) return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${argument.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll(HIDDEN, escaped)}'`;
}

/**
 * A line broken where the terminal would break it, each further piece marked: else text filled up with spaces could put
 * a line of its own making into column one. A character outside ASCII counts as two columns, which is never too few.
 */
export function folded(line: string, columns: number | undefined): string {
  if (columns === undefined || columns < COLUMNS_MIN) return line;
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const character of line) {
    const wide = character < "\u0080" ? 1 : 2;
    if (width + wide > columns) {
      pieces.push(piece);
      piece = CONTINUED;
      width = CONTINUED.length;
    }
    piece += character;
    width += wide;
  }
  return [...pieces, piece].join("\n");
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
