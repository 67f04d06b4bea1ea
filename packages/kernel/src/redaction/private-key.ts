import type { Span } from "./span.ts";

/**
 * Private keys in armour: PEM of every kind (RFC 7468; RSA, EC, DSA, encrypted, OpenSSH), OpenPGP (RFC 9580), SSH2 and
 * PuTTY files. A key without its end is secret to the end of the text: what was cut off cannot be told from the rest.
 */
export function privateKeySpans(text: string): readonly Span[] {
  return ARMOURS.flatMap(({ begin, end }) => armoured(text, begin, end));
}

const ARMOURS: readonly { readonly begin: RegExp; readonly end: RegExp }[] = [
  {
    begin: /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/g,
    end: /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{0,5}/g,
  },
  { begin: /PuTTY-User-Key-File-\d/g, end: /Private-(?:MAC|Hash): ?[0-9a-fA-F]*/g },
];

function armoured(text: string, begin: RegExp, end: RegExp): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (;;) {
    const start = searchFrom(text, begin, from);
    if (start === undefined) return spans;
    const found = searchFrom(text, end, start.end);
    spans.push({ start: start.start, end: found?.end ?? text.length });
    from = found?.end ?? text.length;
  }
}

function searchFrom(text: string, pattern: RegExp, from: number): Span | undefined {
  const search = new RegExp(pattern);
  search.lastIndex = from;
  const match = search.exec(text);
  return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
}
