/** Where the line ends, or the quote or bracket in it. */
export function lineEnd(text: string, from: number, stop: string): number {
  const line = LINES[stop] ?? PLAIN_LINE;
  line.lastIndex = from;
  return from + (line.exec(text)?.[0].length ?? 0);
}

/**
 * Where a plain value ends that has its line to itself, as YAML and settings files write it: with its spaces, and with
 * the deeper lines of a block (YAML 1.2 §8.1). Undefined when something else stands in the line before the name.
 */
export function ownLineEnd(text: string, nameStart: number, from: number): number | undefined {
  const before = text.slice(Math.max(0, nameStart - MARGIN_MAX), nameStart);
  const margin = before.slice(before.lastIndexOf("\n") + 1);
  if (margin.length === MARGIN_MAX || !/^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?$/.test(margin)) return undefined;
  BLOCK.lastIndex = from;
  const block = BLOCK.exec(text)?.[0];
  return block === undefined ? lineEnd(text, from, "") : blockEnd(text, from + block.length, margin.search(/[^ \t]|$/));
}

/** Whether the value stands alone in the next line, deeper than its name, and is no map of its own. */
export function isOnNextLine(text: string, from: number): boolean {
  NEXT_LINE.lastIndex = from;
  return NEXT_LINE.test(text);
}

const NEXT_LINE = /[ \t]{0,64}\r?\n[ \t]{1,64}(?![-#{[])[^\s:][^\r\n:]{0,1024}(?:\r?\n|$)/y;

/** Longer margins are no margins; it bounds what is read again for every name. */
const MARGIN_MAX = 256;
const BLOCK = /(?:[|>][+-]?\d?[+-]?)?[ \t]{0,64}\r?\n/y;

/** The lines that are indented more than `indent`, and empty ones between them. */
function blockEnd(text: string, from: number, indent: number): number {
  let at = from;
  while (at < text.length) {
    const end = text.indexOf("\n", at) === -1 ? text.length : text.indexOf("\n", at) + 1;
    const line = text.slice(at, end);
    if (line.trim() !== "" && line.search(/[^ \t]/) <= indent) break;
    at = end;
  }
  return at;
}

const PLAIN_LINE = /[^\r\n]*/y;
const LINES: Readonly<Record<string, RegExp>> = {
  '"': /[^\r\n"]*/y,
  "'": /[^\r\n']*/y,
  "`": /[^\r\n`]*/y,
  "]": /[^\r\n\]]*/y,
};
