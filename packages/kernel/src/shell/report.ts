/**
 * What a command does at the most, from harmless to unseen: the later outweighs the earlier. `executes_code` runs
 * code that the line names and does not contain (a project's build, a program file, an unknown program);
 * `opaque` is said where the line does not tell what would run.
 */
export const RISK_CLASSES = [
  "read_only",
  "sensitive_read",
  "writes",
  "network",
  "executes_code",
  "privileged",
  "destructive",
  "opaque",
] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/** Why a part of a command cannot be seen. Each is documented in docs/reference/shell.md. */
export const OPAQUE_REASONS = [
  "text_too_long",
  "nested_too_deep",
  "too_many_words",
  "deceptive_text",
  "parse_error",
  "text_not_covered",
  "dynamic_command",
  "dynamic_code",
  "dynamic_option",
  "foreign_code",
  "stdin_code",
  "fetched_code",
  "redefined_command",
  "recursive_function",
  "search_path",
  "environment_code",
  "configured_command",
  "unknown_option",
] as const;
export type OpaqueReason = (typeof OPAQUE_REASONS)[number];

/** Half-open range of UTF-16 units in the source; of a text inside a word, the range of that word. */
export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

export interface OpaqueFinding {
  readonly reason: OpaqueReason;
  readonly span: SourceSpan;
}

export const REDIRECTION_MODES = ["read", "write", "append", "read_write", "duplicate", "here_document"] as const;

export interface RedirectionShape {
  readonly mode: (typeof REDIRECTION_MODES)[number];
  /** Null where the target is computed when the command runs. */
  readonly target: string | null;
}

export interface AssignmentShape {
  readonly name: string;
  /** Null where the value is computed when the command runs. */
  readonly value: string | null;
}

/** One simple command, as it would be started after its wrappers are taken off. */
export interface CommandShape {
  /** The words after quoting; null for a word that is computed when the command runs. */
  readonly argv: readonly (string | null)[];
  /** The programs that would start it, outermost first: `sudo`, `xargs`, `sh -c`, `find -exec`. */
  readonly wrappers: readonly string[];
  readonly assignments: readonly AssignmentShape[];
  readonly redirections: readonly RedirectionShape[];
  readonly span: SourceSpan;
  /** The most serious of `effects`. */
  readonly effect: RiskClass;
  /** In the order of `RISK_CLASSES`, distinct; `read_only` only alone. */
  readonly effects: readonly RiskClass[];
}

/** What a command line would do, as far as it can be told without running it (spec kernel.md §13, §27 nos. 14 and 15). */
export interface CommandLineShape {
  readonly schema: "writ.command-shape.v1";
  /** The most serious class of all commands; `opaque` as soon as anything is unseen. */
  readonly verdict: RiskClass;
  readonly commands: readonly CommandShape[];
  readonly opaque: readonly OpaqueFinding[];
}

/** The classes in order and distinct; never empty, and `read_only` only alone. */
export function orderedClasses(found: Iterable<RiskClass>): readonly RiskClass[] {
  const set = new Set(found);
  set.delete("read_only");
  const ordered = RISK_CLASSES.filter((name) => set.has(name));
  return ordered.length === 0 ? ["read_only"] : ordered;
}

/** The later of two classes. */
export function worse(left: RiskClass, right: RiskClass): RiskClass {
  return RISK_CLASSES.indexOf(left) >= RISK_CLASSES.indexOf(right) ? left : right;
}
