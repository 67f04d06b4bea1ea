import { WritError } from "@writ/canon";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";

/** `POLICY_CASES`: a cases file that is no cases file; `details.line` says where, counted from 1. */
export type CasesErrorCode = "POLICY_CASES";

/** A cases file is written by hand. */
const TEXT_MAX = 1_048_576;

/** One YAML value with the place it was written at. */
export interface Written {
  readonly value: Node | null;
  readonly line: number;
  readonly lines: LineCounter;
}

/** Parses one YAML document strictly: no aliases, no duplicate keys, no second document. */
export function parseCasesYaml(text: string): Written {
  if (text.length > TEXT_MAX) throw casesError(1, "the file is too long", `at most ${TEXT_MAX} characters are read`);
  if (isDeep(text)) throw casesError(1, "the file is nested too deeply", "a cases file has four levels");
  const lines = new LineCounter();
  const document = parsed(text, lines);
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined)
    throw casesError(lines.linePos(fault.pos[0]).line, "the file is not plain YAML", firstLine(fault.message));
  visit(document, {
    Alias: (_, node) => {
      throw casesError(
        lineOf(node, lines),
        "the file uses a YAML alias",
        "each case says what it means where it stands",
      );
    },
  });
  return { value: document.contents, line: 1, lines };
}

/** Far deeper than any cases file, far shallower than what the parser's recursion can bear. */
const DEPTH_MAX = 32;
const DEEP_BLOCKS = /(?:[-?][ \t]+){32}|^ {200}/mu;

function isDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open -= 1;
    if (open > DEPTH_MAX) return true;
  }
  return DEEP_BLOCKS.test(text);
}

/** INVARIANT: whatever the parser throws, for nesting above all, ends as a refusal of the file. */
function parsed(text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: true, strict: true, version: "1.2" });
  } catch (error) {
    throw casesError(1, "the file cannot be parsed", error instanceof Error ? firstLine(error.message) : "unknown");
  }
}

/** The entries of a mapping whose keys are all among `allowed`; an absent value has no entries. */
export function mappingOf(written: Written, allowed: readonly string[], what: string): ReadonlyMap<string, Written> {
  const { value, lines } = written;
  if (!isMap(value)) throw casesError(written.line, `${what} is not a mapping`, `it has the keys ${listed(allowed)}`);
  const entries = new Map<string, Written>();
  for (const pair of value.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "?";
    const line = isScalar(pair.key) ? lineOf(pair.key, lines) : written.line;
    if (!allowed.includes(key))
      throw casesError(line, `${what} has the unknown key \`${key}\``, `it may have ${listed(allowed)}`);
    entries.set(key, { value: isNode(pair.value) ? pair.value : null, line, lines });
  }
  return entries;
}

/** The items of a list. */
export function listOf(written: Written, what: string): readonly Written[] {
  const { value, lines } = written;
  if (!isSeq(value))
    throw casesError(written.line, `${what} is not a list`, "list items begin with `- ` or stand in brackets");
  return value.items.map((item) => ({
    value: isNode(item) ? item : null,
    line: isNode(item) ? lineOf(item, lines) : written.line,
    lines,
  }));
}

/** A text. Numbers are taken as they were written, so that `1.50` stays so. */
export function textOf(written: Written, what: string): string {
  const { value } = written;
  if (isScalar(value)) {
    if (typeof value.value === "string") return value.value;
    if (typeof value.value === "number") return value.source ?? String(value.value);
  }
  throw casesError(written.line, `${what} is not a text`, "put it in quotes if it looks like something else");
}

export function booleanOf(written: Written, what: string): boolean {
  const { value } = written;
  if (isScalar(value) && typeof value.value === "boolean") return value.value;
  throw casesError(written.line, `${what} is neither true nor false`, "nothing else counts as yes or no");
}

/** A text that is one of `allowed`. */
export function wordOf<Word extends string>(written: Written, allowed: readonly Word[], what: string): Word {
  const text = textOf(written, what);
  const word = allowed.find((candidate) => candidate === text);
  if (word === undefined) throw casesError(written.line, `${what} is \`${text}\``, `it is one of ${listed(allowed)}`);
  return word;
}

export function casesError(line: number, message: string, reason: string): WritError<CasesErrorCode> {
  return new WritError({
    code: "POLICY_CASES",
    message: `line ${line}: ${message}`,
    reason,
    next: "correct that line; docs/guides/write-a-policy.md shows a cases file",
    details: { line },
  });
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function lineOf(node: Node, lines: LineCounter): number {
  return node.range === undefined || node.range === null ? 1 : lines.linePos(node.range[0]).line;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
