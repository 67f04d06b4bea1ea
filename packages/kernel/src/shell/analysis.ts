import { SHELL_BOUNDS } from "./bounds.ts";
import type { Stdin } from "./stdin.ts";
import {
  orderedClasses,
  type AssignmentShape,
  type CommandLineShape,
  type CommandShape,
  type OpaqueFinding,
  type OpaqueReason,
  type RedirectionShape,
  type RiskClass,
  type SourceSpan,
} from "./report.ts";
import type { ShellWord } from "./shell-word.ts";

/** Where in the line the reading stands. */
export interface Frame {
  readonly depth: number;
  readonly wrappers: readonly string[];
  readonly stdin: Stdin;
  /** Spans inside a nested text are those of the word that holds it. */
  readonly fixedSpan: SourceSpan | undefined;
  /** The function whose body this is, by the order of definition. */
  readonly inside: number | undefined;
}

/** A command while it is judged. */
export interface Draft {
  readonly span: SourceSpan;
  readonly wrappers: readonly string[];
  readonly assignments: AssignmentShape[];
  readonly redirections: RedirectionShape[];
  readonly effects: Set<RiskClass>;
}

/** What has been found so far, and what later commands of the line need to know. */
export class Analysis {
  readonly commands: CommandShape[] = [];
  readonly opaque: OpaqueFinding[] = [];
  /** Functions of the line, in the order of their definition. */
  readonly functions = new Map<string, number>();
  /** Files that the line made, by which later commands may be led. */
  readonly made = new Set<string>();
  /** The line fetched or unpacked files whose names it does not say. */
  madeUnnamed = false;
  readonly #told = new Set<string>();
  #words = 0;
  #textLeft: number = SHELL_BOUNDS.textMax;

  /** Reads a text as shell source, in the frame given. */
  readonly readText: (text: string, span: SourceSpan, frame: Frame) => void;
  /** Judges words as a command of their own. */
  readonly judge: (words: readonly ShellWord[], frame: Frame, draft: Draft) => void;

  constructor(readers: Pick<Analysis, "readText" | "judge">) {
    this.readText = readers.readText;
    this.judge = readers.judge;
  }

  unseen(reason: OpaqueReason, span: SourceSpan): void {
    const key = `${reason} ${String(span.start)} ${String(span.end)}`;
    if (this.#told.has(key) || this.opaque.length >= SHELL_BOUNDS.findingsMax) return;
    this.#told.add(key);
    this.opaque.push({ reason, span });
  }

  record(draft: Draft, words: readonly ShellWord[]): void {
    // The line is opaque by then; what else there is would only fill the report.
    if (this.#words > SHELL_BOUNDS.wordsMax || this.commands.length > SHELL_BOUNDS.wordsMax) return;
    const effects = orderedClasses(draft.effects);
    const { span, wrappers, assignments, redirections } = draft;
    const effect = effects.at(-1) ?? "read_only";
    const argv = words.map(({ text }) => text);
    this.commands.push({ argv, wrappers, assignments, redirections, span, effect, effects });
  }

  /** False when the line has had its fill of words. */
  spendWords(count: number): boolean {
    this.#words += count;
    return this.#words <= SHELL_BOUNDS.wordsMax;
  }

  /** False when source and nested texts together are too long. */
  spendText(length: number): boolean {
    this.#textLeft -= length;
    return this.#textLeft >= 0;
  }

  report(): CommandLineShape {
    const classes: RiskClass[] = this.commands.flatMap(({ effects }) => [...effects]);
    if (this.opaque.length > 0) classes.push("opaque");
    return {
      schema: "writ.command-shape.v1",
      verdict: orderedClasses(classes).at(-1) ?? "read_only",
      commands: this.commands,
      opaque: this.opaque,
    };
  }
}

export function newDraft(span: SourceSpan, frame: Frame, before?: Draft): Draft {
  return {
    span,
    wrappers: frame.wrappers,
    assignments: [...(before?.assignments ?? [])],
    redirections: [...(before?.redirections ?? [])],
    effects: new Set(),
  };
}
