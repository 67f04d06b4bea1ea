/** Every character that Python's `str.isspace` takes for white space; none has a meaning inside a character class. */
export const SPACES =
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" +
  "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

/** Text without white space at its ends. Unlike `trim` it keeps a byte order mark and drops U+001C to U+001F and U+0085. */
export function stripSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && SPACES.includes(text.charAt(start))) start++;
  while (start < end && SPACES.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

export function hasSpace(text: string): boolean {
  return ANY_SPACE.test(text);
}

const ANY_SPACE = new RegExp(`[${SPACES}]`);
