import { secretRole } from "./secret-role.ts";
import type { Span } from "./span.ts";
import { valueAt } from "./value-end.ts";

/** Values that follow their name without a separator: after flags, in elements, in sentences and statements. */
export function spokenSpans(text: string): readonly Span[] {
  return [...flagSpans(text), ...elementSpans(text), ...phraseSpans(text)];
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
function phraseSpans(text: string): readonly Span[] {
  return [...text.matchAll(SPOKEN)].map(({ 0: all, index }) => {
    const from = index + all.length;
    const { start, end } = valueAt(text, from);
    return { start, end };
  });
}

const SPOKEN = new RegExp(
  [
    String.raw`\b(?:[Pp]assword|PASSWORD|[Pp]asswd|[Pp]assphrase|[Ss]ecret|[Tt]oken)\s{1,4}(?:is|was)\s{1,4}(?=[^\s"'\x60,;]{0,64}[^a-z\s.,;"'\x60])`,
    String.raw`\b(?:[Pp]assword|PASSWORD|[Ii]dentified [Bb]y|IDENTIFIED BY)\s{1,4}(?=["'])`,
    String.raw`\blogin\s{1,4}\S{1,128}\s{1,4}password\s{1,4}`,
    String.raw`\bsshpass\s{1,4}-p\s{0,4}`,
    String.raw`\bmysql[a-z]{0,5}\s{1,4}(?:-[a-oq-zA-Z]\s{0,4}\S{1,64}\s{1,4}){0,4}-p(?=\S)`,
    String.raw`\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate|[Aa]pi[Kk]ey)\s{1,4}(?=[A-Za-z0-9._~+/=-]{6})(?=.[A-Za-z._~+/=-]{0,64}[0-9A-Z=+/_])`,
  ].join("|"),
  "g",
);
