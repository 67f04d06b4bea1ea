import type { Span } from "./span.ts";

/**
 * Passwords in addresses: `scheme://name:password@host`, and the same without a scheme. Outside the web a password may
 * hold `/`, `?` and `@` though RFC 3986 forbids it, so there the last `@` of the word counts.
 */
export function urlPasswordSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { 0: word, index } of text.matchAll(/[^\s"'`<>]+/g)) {
    const starts = [...word.matchAll(/:\/\//g)].map((match) => match.index);
    for (const [nth, start] of starts.entries()) {
      const part = word.slice(start + 3, starts[nth + 1] ?? word.length);
      const web = /(?:https?|wss?|ftp)$/i.test(word.slice(Math.max(0, start - 5), start));
      const userinfo = userinfoOf(part, web);
      const colon = userinfo.indexOf(":");
      if (colon === -1) continue;
      const at = index + start + 3;
      spans.push({ start: at + colon + 1, end: at + userinfo.length });
    }
  }
  return [...spans, ...bareSpans(text)];
}

function userinfoOf(part: string, web: boolean): string {
  const end = web ? part.search(/[/?#]/) : -1;
  const authority = end === -1 ? part : part.slice(0, end);
  return authority.slice(0, Math.max(authority.lastIndexOf("@"), 0));
}

/** `name:password@host:5432`, `name:password@tcp(host)`. */
function bareSpans(text: string): readonly Span[] {
  return [BARE, DRIVER, PASSWORD_FILE]
    .flatMap((form) => [...text.matchAll(form)])
    .map(({ 0: all, 1: password = "", index }) => ({
      start: index + all.length - password.length,
      end: index + all.length,
    }));
}

const BARE =
  /(?<![\w.+/-])(?!(?:mailto|sips?|xmpp|acct|https?):)[\w.+-]{1,64}:([^\s@/:"'`<>]{3,256})(?=@(?!v?\d+(?:\.\d+){0,2}(?![\w.]))[\w-]{1,253}[.:(])/g;

/** A driver's address, whose password may hold anything. */
const DRIVER = /(?<![\w.+/-])[\w.+-]{1,64}:(\S{1,256}?)(?=@(?:tcp|unix)\()/g;

/** A line of `.pgpass`: `host:port:database:user:password`. */
const PASSWORD_FILE =
  /(?<![\w.*-])(?:localhost|\*|[\w-]{1,63}\.[\w.-]{1,190}):(?:\d{4,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}:(\S{1,256})/g;
