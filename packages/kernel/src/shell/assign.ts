import type { Analysis, Draft } from "./analysis.ts";
import type { SourceSpan } from "./report.ts";
import type { ShellWord } from "./shell-word.ts";
import { variableEffect } from "./variables.ts";

export interface VariableSet {
  readonly name: string;
  readonly value: ShellWord | null;
  /** Programs see it. */
  readonly exported: boolean;
  readonly span: SourceSpan;
}

/** Adds one assignment to a command. */
export function assignVariable({ name, value, exported, span }: VariableSet, draft: Draft, analysis: Analysis): void {
  draft.assignments.push({ name, value: value?.text ?? null });
  const found = variableEffect(name, value, exported);
  if (found.kind === "class") {
    draft.effects.add(found.effect);
    return;
  }
  draft.effects.add("opaque");
  analysis.unseen(found.reason, span);
}
