import type { ParsedArguments } from "./arguments.ts";
import type { RiskClass } from "./report.ts";

/** What a value or an operand is to the program that gets it. */
export type WordRole =
  /** No file: a text, a number, a pattern. */
  | "plain"
  /** A file or folder that is read. */
  | "read"
  /** A file or folder that is made or changed. */
  | "write"
  /** A shell command line, handed to a shell or started word by word. */
  | "shell"
  /** Program text in another language. */
  | "code"
  /** A file whose content is run. */
  | "script"
  /** `NAME=value` for the environment. */
  | "environment"
  /** `key=value` of a configuration. */
  | "setting";

/** What the words are that follow the options. */
export type OperandRole =
  | WordRole
  /** The last is written, those before are read: `cp a b`. */
  | "target_last"
  /** The first is `WordRole` plain or a script, the rest are its own arguments. */
  | "script_first"
  /** Read, and with everything below: `grep -r x src`. */
  | "search"
  /** All of them together are a command: `nice make`. */
  | "command"
  /** Assignments, then a command: `env A=1 make`. */
  | "assigned_command"
  /** A first plain operand, then a command: `timeout 5 make`. */
  | "second_command"
  /** What follows `--`: `kubectl exec pod -- cmd`. */
  | "dashed_command"
  /** A first plain operand, then words that a remote or another shell joins: `ssh host cmd`. */
  | "second_shell";

/** One program's or subcommand's grammar of arguments. What it does not list is not harmless. */
export interface Tool {
  /** What its plain use does. */
  readonly effect: RiskClass;
  /**
   * The options it may be given, separated by blanks: `-a`, several short ones as `-[abc]`, `-n:` with a value,
   * `--color?` with a value that may follow `=`, `-o:write` with a value in that role, `-D!destructive` with an effect.
   */
  readonly options: string;
  readonly operands: OperandRole;
  /** The first operand chooses one of these; several names of one are separated by blanks. */
  readonly subcommands?: Readonly<Record<string, Tool>>;
  /** What a subcommand that is not listed counts as. Absent: code that is not known. */
  readonly otherwise?: Tool;
  /** Without operands it does this instead, such as printing. */
  readonly bare?: RiskClass;
  /** What follows from operands and options together. */
  readonly examine?: (parsed: ParsedArguments) => readonly RiskClass[];
  /** Whether it starts a shell that reads standard input. */
  readonly stdinShell?: (parsed: ParsedArguments) => "no" | "piped" | "always";
  /** Makes files whose names the line does not say, such as what an archive holds. */
  readonly makes?: boolean;
  /** Does so with one of these options. */
  readonly makesWith?: readonly string[];
  /** Words like `key=value` or `+x` among the operands that raise the effect. */
  readonly operandEffects?: readonly (readonly [pattern: RegExp, effect: RiskClass])[];
}

/** Tools by name; several names of one are separated by blanks. */
export type ToolTable = Readonly<Record<string, Tool>>;

export function tool(effect: RiskClass, options = "", operands: OperandRole = "read", more: Partial<Tool> = {}): Tool {
  return { effect, options, operands, ...more };
}
