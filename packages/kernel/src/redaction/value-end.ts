/** A character that may open a quoted value. */
const QUOTES = "\"'`";

/** What comes after a separator: where the value starts and ends, without its quotes. */
export interface ValuePlace {
  readonly start: number;
  readonly end: number;
}

/**
 * The value that starts at `from`: to the closing quote when it is quoted, else one word. A quote that is never closed
 * holds to the end of its line. Linear in what it spans.
 */
export function valueAt(text: string, from: number): ValuePlace {
  const open = quoteAt(text, from);
  if (open === undefined) return { start: from, end: wordEnd(text, from) };
  const start = from + open.length;
  const close = closing(text, start, open);
  if (close !== undefined) return { start, end: open.length === 1 ? joinedEnd(text, close, open) : close };
  const line = text.indexOf("\n", start);
  return { start, end: line === -1 ? text.length : line };
}

/** A quote, or an escaped one as it stands inside quoted text: `\"`, `\\\"`. */
function quoteAt(text: string, from: number): string | undefined {
  let at = from;
  while (text[at] === "\\" && at - from < ESCAPES_MAX) at++;
  return QUOTES.includes(text[at] ?? " ") ? text.slice(from, at + 1) : undefined;
}

/** Levels of quoting in quoting; each doubles the backslashes. */
const ESCAPES_MAX = 15;

function closing(text: string, start: number, open: string): number | undefined {
  for (let at = text.indexOf(open, start); at !== -1; at = text.indexOf(open, at + open.length)) {
    if (open.length > 1 || text[at - 1] !== "\\" || isEscapedBackslash(text, start, at)) return at;
  }
  return undefined;
}

/** Where the value ends when more quoted text is joined to it: `'a''b'`, `"a" + "b"`. */
function joinedEnd(text: string, close: number, open: string): number {
  let end = close;
  for (;;) {
    MORE.lastIndex = end + 1;
    const [joint, quote = ""] = MORE.exec(text) ?? [];
    // Another quote closes what lies around the value, unless a word goes on behind it.
    const goesOn = /^[A-Za-z0-9]/.test(text.slice(MORE.lastIndex, MORE.lastIndex + 1));
    if (joint === undefined || (joint.length === 1 && quote !== open && !goesOn)) return end;
    const next = closing(text, end + 1 + joint.length, quote);
    if (next === undefined) return end;
    end = next;
  }
}

const MORE = /(?:[ \t]{0,8}\+[ \t]{0,8})?(["'`])/y;

/** Whether the backslashes before a quote escape each other and not it. */
function isEscapedBackslash(text: string, start: number, at: number): boolean {
  let count = 0;
  while (at - 1 - count >= start && text[at - 1 - count] === "\\") count++;
  return count % 2 === 0;
}

/** Ends at white space, a quote, a bracket that nothing follows, or the next `name=` of a query or list. */
function wordEnd(text: string, from: number): number {
  VARIABLE.lastIndex = from;
  const variable = VARIABLE.exec(text)?.[0];
  if (variable !== undefined) return from + variable.length;
  WORD.lastIndex = from;
  const end = from + (WORD.exec(text)?.[0].length ?? 0);
  let trimmed = end;
  // The backslash of an escaped quote that ends the text around the word.
  if (/["'`]/.test(text.charAt(end))) while (trimmed > from && text[trimmed - 1] === "\\") trimmed--;
  while (trimmed > from && ")]},;".includes(text[trimmed - 1] ?? " ")) trimmed--;
  // A word of brackets alone is no value that could be told from its surroundings.
  return trimmed === from ? end : trimmed;
}

/** A quote that a letter follows is in the middle of a word. */
const WORD =
  /<[a-z_]{1,40}>|(?:(?![&;,][ \t]{0,4}["'`\\]{0,2}[\w.[\]-]{1,64}["'`\\]{0,2}[ \t]{0,4}[=:])(?:[^\s"'`<]|["'`](?=[A-Za-z0-9])))+|<(?!\/)[^\s"'`]{1,1024}/y;
const VARIABLE = /\$\{{1,2}[^{}\s"'`]{1,128}\}{1,2}(?=[\s"'`,;&)\]]|$)/y;
