import { inputLines } from "../domain-scope/hosts.ts";
import { TOOL_ARGUMENTS, type ArgumentKind } from "./tool-argument-tables.ts";

/** One value that a command gives its tool. */
export interface TypedArgument {
  readonly kind: ArgumentKind;
  readonly value: string;
  /** Of the word, or of the line of standard input. */
  readonly index: number;
}

export type ArgumentReading =
  | { readonly ok: true; readonly values: readonly TypedArgument[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a command by its tool's table: every flag is listed, spelled exactly, and parted from its value (§27 no. 15);
 * every value has a kind, so that a file's name is no host and a host without a dot is one (§27 no. 14).
 */
export function readToolArguments(tool: string, args: readonly string[], stdin = ""): ArgumentReading {
  const table = Object.hasOwn(TOOL_ARGUMENTS, tool) ? TOOL_ARGUMENTS[tool] : undefined;
  if (table === undefined) return { ok: false, reason: `tool_without_argument_table:${tool}` };
  const values: TypedArgument[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    const kind = word.startsWith("-") ? table.flags.get(word) : table.operand;
    if (kind === undefined || (kind === "leading_switch" && index > 0))
      return { ok: false, reason: `unlisted_argument:${tool}:${String(index)}` };
    if (kind === "switch" || kind === "leading_switch") continue;
    if (word.startsWith("-")) index++;
    const value = args[index];
    if (value === undefined || value === "" || value.startsWith("-"))
      return { ok: false, reason: `missing_argument_value:${tool}:${word}` };
    if (!hasForm(kind, value)) return { ok: false, reason: `malformed_argument_value:${tool}:${String(index)}` };
    values.push({ kind, value, index });
  }
  return readLines(table.stdin, stdin, tool, values);
}

/** Each line of standard input is what the tool takes it for; a tool whose table says nothing of it is given none. */
function readLines(
  kind: ArgumentKind | undefined,
  stdin: string,
  tool: string,
  values: readonly TypedArgument[],
): ArgumentReading {
  const lines = inputLines(stdin).filter((line) => line.trim() !== "");
  if (kind === undefined && lines.length > 0) return { ok: false, reason: `unlisted_standard_input:${tool}` };
  const typed = lines.map((line, index) => ({ kind: kind ?? "plain", value: line.trim(), index }));
  const wrong = typed.find((line) => !hasForm(line.kind, line.value));
  if (wrong !== undefined) return { ok: false, reason: `malformed_standard_input:${tool}:${String(wrong.index)}` };
  return { ok: true, values: [...values, ...typed] };
}

// oxlint-disable-next-line no-control-regex -- a line break would begin another header
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A text without the form of its kind may be read as the name of a file, or as several values. */
function hasForm(kind: ArgumentKind, value: string): boolean {
  if (CONTROL.test(value)) return false;
  if (kind === "header") return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+:/.test(value);
  if (kind === "cookie") return /^[^=;,\s@]+=/.test(value);
  return kind === "url" || kind === "host" || kind === "target" ? !/[,\s]/.test(value) : true;
}
