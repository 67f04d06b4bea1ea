import type { ExactJson } from "@writ/canon";
import { privateKeySpans } from "./private-key.ts";
import { SECRET_MARK } from "./secret-mark.ts";
import { mergeSpans, replaceSpans, type Span } from "./span.ts";

/**
 * A list without the private keys whose lines are its items. It must be asked before the items are redacted one by one:
 * a key's first line without the others is already a mark, and then nothing tells what the others are.
 */
export function withoutKeyLines(items: readonly ExactJson[]): readonly ExactJson[] {
  const texts = items.map((item) => (typeof item === "string" ? item : ""));
  const spans = mergeSpans(privateKeySpans(texts.join("\n")));
  if (spans.length === 0) return items;
  let from = 0;
  return items.map((item) => {
    if (typeof item !== "string") {
      from += 1;
      return item;
    }
    const inside = spans.flatMap((span) => within(span, from, item.length));
    from += item.length + 1;
    return replaceSpans(item, inside, SECRET_MARK);
  });
}

function within({ start, end }: Span, from: number, length: number): readonly Span[] {
  const span = { start: Math.max(start - from, 0), end: Math.min(end - from, length) };
  return span.end > span.start ? [span] : [];
}
