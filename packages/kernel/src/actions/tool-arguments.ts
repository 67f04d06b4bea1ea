import { TOOL_ARGUMENTS, type ArgumentKind } from "./tool-argument-tables.ts";

/** One value that a command gives its tool. */
export interface TypedArgument {
  readonly kind: ArgumentKind;
  readonly value: string;
  readonly index: number;
}

export type ArgumentReading =
  | { readonly ok: true; readonly values: readonly TypedArgument[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a command by its tool's table: every flag is listed, spelled exactly, and parted from its value (§27 no. 15);
 * every value has a kind, so that a file's name is no host and a host without a dot is one (§27 no. 14).
 */
export function readToolArguments(tool: string, args: readonly string[]): ArgumentReading {
  const table = Object.hasOwn(TOOL_ARGUMENTS, tool) ? TOOL_ARGUMENTS[tool] : undefined;
  if (table === undefined) return { ok: false, reason: `tool_without_argument_table:${tool}` };
  const values: TypedArgument[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    const kind = word.startsWith("-") ? table.flags.get(word) : table.operand;
    if (kind === undefined) return { ok: false, reason: `unlisted_argument:${tool}:${String(index)}` };
    if (kind === "switch") continue;
    if (word.startsWith("-")) index++;
    const value = args[index];
    if (value === undefined || value === "" || value.startsWith("-"))
      return { ok: false, reason: `missing_argument_value:${tool}:${word}` };
    values.push({ kind, value, index });
  }
  return { ok: true, values };
}
