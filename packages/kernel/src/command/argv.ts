import type { ExactJson } from "@writ/canon";
import { isExactList } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { restrictedPattern } from "./argument-policy.ts";

/** Most arguments of one command. */
const ARGUMENTS_MAX = 1_024;

/** Reads a list of texts. Throws `GOVERNANCE_RECORD_INVALID`: what is no text is never made into one (§27 no. 12). */
export function parseArguments(value: ExactJson | undefined): readonly string[] {
  const list = value ?? [];
  if (!isExactList(list) || list.length > ARGUMENTS_MAX) throw recordRefusal("invalid_command_arguments", 12);
  return list.map((argument, index) => {
    if (typeof argument !== "string" || argument.includes("\0"))
      throw recordRefusal(`invalid_command_argument:${String(index)}`, 12);
    return argument;
  });
}

export interface CommandAsked {
  readonly tool: string;
  readonly args: readonly string[];
  readonly allowedTools: readonly string[];
  /** True for a step of an approved spec. */
  readonly approved: boolean;
}

/** The command line to run: tool first, curl without its configuration file (spec kernel.md §13.1). Throws `GOVERNANCE_RECORD_INVALID`. */
export function normalizeArgv({ tool, args, allowedTools, approved }: CommandAsked): readonly string[] {
  const name = toolName(tool);
  if (name === "") throw recordRefusal("missing_tool");
  if (!allowedTools.some((allowed) => toolName(allowed) === name))
    throw recordRefusal(approved ? `tool_not_allowed_for_approved_spec:${name}` : `tool_not_allowed:${name}`);
  const quiet = name === "curl" && !args.some((argument) => argument === "-q" || argument === "--disable");
  const given = quiet ? ["-q", ...args] : args;
  const restricted = restrictedPattern(name, given);
  if (restricted !== null)
    throw recordRefusal(`tool_restricted_pattern:${name}:${restricted.token}`, restricted.disguised ? 15 : undefined);
  return [name, ...given];
}

function toolName(text: string): string {
  return stripSpace(text).toLowerCase();
}
