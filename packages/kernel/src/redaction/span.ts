/** A stretch of a text that is secret: UTF-16 positions, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sorted, and those that touch as one. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.filter((span) => span.end > span.start).toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || start > last.end) merged.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return merged;
}

/** The text with each span replaced. Precondition: the spans are merged. */
export function replaceSpans(text: string, spans: readonly Span[], mark: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(at, start), mark);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
