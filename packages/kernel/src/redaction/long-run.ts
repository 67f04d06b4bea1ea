import type { Span } from "./span.ts";

/** UTF-16 units without a space: beyond this the engine's patterns run out of stack. No word of a document comes near. */
const RUN_MAX = 4 * 1024 * 1024;
const SPACE = 0x20;

/** Runs that are too long to be read. Who redacts replaces them whole: nothing unread goes out. */
export function longRuns(text: string): readonly Span[] {
  if (text.length <= RUN_MAX) return [];
  const runs: Span[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) > SPACE) continue;
    if (at - start > RUN_MAX) runs.push({ start, end: at });
    start = at + 1;
  }
  return runs;
}
