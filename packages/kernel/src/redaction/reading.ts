import type { Span } from "./span.ts";

/** A text as another reader sees it, and where each of its characters stands in the original. */
export interface Reading {
  readonly text: string;
  /** Where each character starts and ends in the original. Absent: the text is the original. */
  readonly places?: { readonly starts: Int32Array; readonly ends: Int32Array };
}

/** The spans in the original text. */
export function inOriginal({ places }: Reading, spans: readonly Span[]): readonly Span[] {
  if (places === undefined) return spans;
  return spans
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => ({ start: places.starts[start] ?? 0, end: places.ends[end - 1] ?? 0 }));
}

/** The reading with every match replaced by what `decode` makes of it. Undefined when nothing matches. */
export function reread(
  { text, places }: Reading,
  pattern: RegExp,
  decode: (found: string) => string,
): Reading | undefined {
  const parts: string[] = [];
  // No decoding makes a text longer.
  const [starts, ends] = [new Int32Array(text.length), new Int32Array(text.length)];
  let size = 0;
  const put = (first: number, last: number): void => {
    starts[size] = places?.starts[first] ?? first;
    ends[size++] = places?.ends[last] ?? last + 1;
  };
  let from = 0;
  for (const { 0: found, index } of text.matchAll(pattern)) {
    for (let at = from; at < index; at++) put(at, at);
    const decoded = decode(found);
    for (let at = 0; at < decoded.length; at++) put(index, index + found.length - 1);
    parts.push(text.slice(from, index), decoded);
    from = index + found.length;
  }
  if (from === 0) return undefined;
  for (let at = from; at < text.length; at++) put(at, at);
  parts.push(text.slice(from));
  return { text: parts.join(""), places: { starts, ends } };
}
