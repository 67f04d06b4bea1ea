import type { Analysis, Draft, Frame } from "./analysis.ts";
import type { OpaqueReason } from "./report.ts";
import type { ShellWord } from "./shell-word.ts";

/** One command on its way to a judgement. */
export interface Call {
  readonly analysis: Analysis;
  readonly frame: Frame;
  readonly draft: Draft;
  /** The program's name as the tables have it. */
  readonly name: string;
  /** All words, the program's first. */
  readonly words: readonly ShellWord[];
  readonly args: readonly ShellWord[];
}

/** Judges a program whose arguments follow rules of their own. */
export type Program = (call: Call) => void;

/** Says that something here cannot be seen; `at` is the word that hides it. */
export function unseen(call: Call, reason: OpaqueReason, at?: ShellWord): void {
  call.draft.effects.add("opaque");
  call.analysis.unseen(reason, at?.span ?? call.draft.span);
}

/** Reads words as the text of another shell, joined by blanks as `eval` and `ssh` do. */
export function readAsShell(call: Call, words: readonly ShellWord[], wrapper: string): void {
  const computed = words.find(({ text }) => text === null);
  if (computed !== undefined) {
    unseen(call, "dynamic_code", computed);
    return;
  }
  readShellText(call, words.map(({ text }) => text ?? "").join(" "), wrapper, words[0]);
}

export function readShellText(call: Call, text: string, wrapper: string, at?: ShellWord): void {
  const { frame, analysis } = call;
  const span = at?.span ?? call.draft.span;
  analysis.readText(text, span, {
    ...frame,
    depth: frame.depth + 1,
    wrappers: [...frame.wrappers, wrapper],
    fixedSpan: span,
  });
}

/** A shell that reads its commands from standard input: seen where the line holds them. */
export function readShellStdin(call: Call): void {
  const { stdin } = call.frame;
  if (stdin.kind === "text") readShellText(call, stdin.text, `${call.name} <stdin>`);
  else unseen(call, "stdin_code");
}

/** Judges words as the command that a wrapper starts. What the wrapper does itself counts with it. */
export function judgeWrapped(call: Call, words: readonly ShellWord[], wrapper: string, inherit = true): void {
  const { analysis, draft } = call;
  const wrappers = [...call.frame.wrappers, wrapper];
  const frame = { ...call.frame, depth: call.frame.depth + 1, wrappers };
  const inner: Draft = {
    ...draft,
    wrappers,
    assignments: [...draft.assignments],
    redirections: [...draft.redirections],
    effects: new Set(inherit ? draft.effects : []),
  };
  analysis.judge(words, frame, inner);
}

export function record(call: Call): void {
  call.analysis.record(call.draft, call.words);
}
