import { parseToolArguments, type OptionValue, type ParsedArguments } from "./arguments.ts";
import { assignVariable } from "./assign.ts";
import { judgeWrapped, readAsShell, readShellStdin, readShellText, record, unseen, type Call } from "./call.ts";
import { judgeTail } from "./judge-tail.ts";
import { makesFile } from "./made-files.ts";
import { optionGrammar } from "./option-grammar.ts";
import { isSecretPath, isWholePlace, writeEffect } from "./paths.ts";
import type { RiskClass } from "./report.ts";
import { runFile } from "./run-file.ts";
import { settingEffect } from "./setting.ts";
import { literalWord, mayBeOption, type ShellWord } from "./shell-word.ts";
import type { OperandRole, Tool, WordRole } from "./tool.ts";

/** Operands that are another command's words: options end where they begin. */
const WRAPS: ReadonlySet<OperandRole> = new Set([
  "command",
  "second_command",
  "dashed_command",
  "second_shell",
  "shell",
  "script_first",
  "assigned_command",
]);

/** Judges a command by its tool's table, and records it. */
export function applyTool(tool: Tool, call: Call): void {
  if (isQuestion(call.args)) {
    record(call);
    return;
  }
  const wraps = WRAPS.has(tool.operands) || tool.subcommands !== undefined;
  const parsed = parseToolArguments(tool, call.args, wraps);
  applyOptions(tool, parsed, call, wraps);
  if (tool.subcommands !== undefined) applySubcommand(tool, tool.subcommands, parsed, call);
  else applyOperands(tool, parsed, call);
}

/** `--version` or `--help` alone. */
function isQuestion(args: readonly ShellWord[]): boolean {
  return args.length === 1 && /^--(?:version|help)$/.test(args[0]?.text ?? "");
}

/** Effects of options and their values, and of words that may be options. */
export function applyOptions(tool: Tool, parsed: ParsedArguments, call: Call, wraps: boolean): void {
  const { effects } = call.draft;
  for (const effect of parsed.effects) effects.add(effect);
  if (parsed.options.some((option) => tool.makesWith?.includes(option) ?? false)) call.analysis.madeUnnamed = true;
  for (const value of parsed.values) applyValue(value, call);
  for (const word of parsed.unknown) {
    if (wraps && tool.subcommands === undefined) unseen(call, "unknown_option", word);
    else effects.add("executes_code");
  }
  for (const word of parsed.possible) {
    if (wraps && word.several) unseen(call, "dynamic_option", word);
    else effects.add(optionGrammar(tool).worst);
  }
}

function applyValue({ option, role, word }: OptionValue, call: Call): void {
  applyRole(role, word, call, `${call.name} ${option}`);
}

/** What one word in a role brings about. */
export function applyRole(role: WordRole, word: ShellWord, call: Call, wrapper: string): void {
  const { effects } = call.draft;
  switch (role) {
    case "plain":
      return;
    case "read":
      if (word.text === null && !word.traced && !word.glob) effects.add("sensitive_read");
      if (isSecretPath(word)) effects.add("sensitive_read");
      return;
    case "write":
      // Some programs take `|command` for a file.
      if (/^\s*[|!]/.test(word.text ?? ""))
        return readShellText(call, (word.text ?? "").replace(/^\s*[|!]+/, ""), wrapper, word);
      effects.add(writeEffect(word));
      makesFile(word, call.analysis);
      return;
    case "shell":
      readAsShell(call, [word], wrapper);
      return;
    case "code":
      effects.add("executes_code");
      unseen(call, "foreign_code", word);
      return;
    case "script":
      runFile(call, word);
      return;
    case "environment":
      applyEnvironment(word, call);
      return;
    case "setting":
      if (settingEffect(word) === "runs") unseen(call, "configured_command", word);
      else if (settingEffect(word) === "unknown") effects.add("executes_code");
  }
}

/** `NAME=value`, or `NAME` alone. */
function applyEnvironment(word: ShellWord, call: Call): void {
  const name = /^([A-Za-z_][A-Za-z0-9_]*)(?:$|\+?=)/.exec(word.text ?? word.prefix)?.[1];
  if (name === undefined || (word.text === null && !word.prefix.includes("="))) {
    unseen(call, "environment_code", word);
    return;
  }
  const from = (word.text ?? word.prefix).indexOf("=") + 1;
  if (from === 0) return;
  const raw = word.raw.slice(word.raw.indexOf("=") + 1);
  const value = { ...(word.text === null ? word : literalWord(word.text.slice(from), word.span)), raw };
  assignVariable({ name, value, exported: true, span: word.span }, call.draft, call.analysis);
}

function applySubcommand(
  tool: Tool,
  subcommands: NonNullable<Tool["subcommands"]>,
  { operands, effects, options }: ParsedArguments,
  call: Call,
): void {
  const [word, ...rest] = operands;
  if (word === undefined) {
    call.draft.effects.add(effects.length > 0 || options.length > 0 ? "read_only" : (tool.bare ?? "read_only"));
    record(call);
    return;
  }
  if (word.text === null) {
    unseen(call, "dynamic_option", word);
    record(call);
    return;
  }
  const chosen = subcommand(subcommands, word.text) ?? tool.otherwise;
  if (chosen === undefined) {
    call.draft.effects.add("executes_code");
    record(call);
    return;
  }
  applyTool(chosen, { ...call, name: `${call.name} ${word.text}`, args: rest });
}

const indexes = new WeakMap<object, ReadonlyMap<string, Tool>>();

function subcommand(table: NonNullable<Tool["subcommands"]>, name: string): Tool | undefined {
  let index = indexes.get(table);
  if (index === undefined) {
    index = new Map(Object.entries(table).flatMap(([names, tool]) => names.split(" ").map((one) => [one, tool])));
    indexes.set(table, index);
  }
  return index.get(name);
}

function applyOperands(tool: Tool, parsed: ParsedArguments, call: Call): void {
  const { operands } = parsed;
  const { effects } = call.draft;
  effects.add(operands.length === 0 && tool.bare !== undefined ? tool.bare : tool.effect);
  if (tool.makes === true) call.analysis.madeUnnamed = true;
  for (const [pattern, effect] of tool.operandEffects ?? [])
    for (const word of operands) if (pattern.test(word.text ?? word.prefix)) raise(call, effect, word);
  for (const effect of tool.examine?.(parsed) ?? []) raise(call, effect);
  const shell = tool.stdinShell?.(parsed) ?? "no";
  if (shell === "always" || (shell === "piped" && call.frame.stdin.kind !== "inherited")) readShellStdin(call);
  switch (tool.operands) {
    case "command":
      startCommand(operands, call);
      return;
    case "assigned_command": {
      const first = operands.findIndex(({ text, prefix }) => !/^[A-Za-z_]\w*=/.test(text ?? prefix));
      const count = first === -1 ? operands.length : first;
      for (const word of operands.slice(0, count)) applyEnvironment(word, call);
      if (count === operands.length && tool.bare !== undefined) effects.add(tool.bare);
      startCommand(operands.slice(count), call);
      return;
    }
    case "second_command":
      startCommand(operands.slice(1), call);
      return;
    case "dashed_command": {
      const dashes = operands.findIndex(({ text }) => text === "--");
      startCommand(operands.slice(dashes === -1 ? 1 : dashes + 1), call);
      return;
    }
    case "second_shell":
      if (operands.length > 1) readAsShell(call, operands.slice(1), call.name);
      break;
    case "shell":
      if (operands.length > 0) readAsShell(call, operands, call.name);
      break;
    case "script_first":
      if (operands[0] !== undefined) runFile(call, operands[0]);
      break;
    default:
      applyWords(tool, parsed, call);
  }
  record(call);
}

/** A class found in a word; what runs unseen code says so. */
function raise(call: Call, effect: RiskClass, word?: ShellWord): void {
  if (effect === "opaque") unseen(call, "foreign_code", word);
  else call.draft.effects.add(effect);
}

function startCommand(words: readonly ShellWord[], call: Call): void {
  const [first] = words;
  if (first === undefined) record(call);
  else if (mayBeOption(first) && first.text !== null) {
    unseen(call, "unknown_option", first);
    record(call);
  } else judgeWrapped(call, words, call.name);
}

function applyWords(tool: Tool, { operands, values }: ParsedArguments, call: Call): void {
  const role = tool.operands;
  if (role === "target_last") {
    const target = values.some((value) => value.role === "write") ? undefined : operands.at(-1);
    for (const word of operands) {
      if (word === target) continue;
      applyRole("read", word, call, call.name);
      if (call.analysis.made.size > 0 || call.analysis.madeUnnamed) makesFile(word, call.analysis);
      if (isWholePlace(word)) call.draft.effects.add("sensitive_read");
    }
    if (target !== undefined) applyRole("write", target, call, call.name);
    return;
  }
  if (role === "plain" && (tool.effect === "executes_code" || tool.effect === "privileged")) judgeTail(call.args, call);
  if (role === "search") {
    for (const word of operands) {
      applyRole("read", word, call, call.name);
      if (isWholePlace(word)) call.draft.effects.add("sensitive_read");
    }
    return;
  }
  for (const word of operands) applyRole(role as WordRole, word, call, call.name);
}
