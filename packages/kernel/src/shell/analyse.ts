import { Analysis, newDraft, type Frame } from "./analysis.ts";
import { SHELL_BOUNDS } from "./bounds.ts";
import { judgeCommand } from "./judge.ts";
import { isDeceptive, parseShellText } from "./parse.ts";
import type { CommandLineShape, SourceSpan } from "./report.ts";
import { noteSecrets } from "./simple-command.ts";
import { literalWord } from "./shell-word.ts";
import { INHERITED } from "./stdin.ts";
import { walkScript } from "./walk.ts";

const OUTERMOST: Frame = { depth: 0, wrappers: [], stdin: INHERITED, fixedSpan: undefined, inside: undefined };

/**
 * What a line or script of Bash would do, as far as it can be told without running it. Pure and total: what is too
 * long, does not parse or hides what it runs is `opaque`, with a reason and a place.
 */
export function shapeShellText(text: string): CommandLineShape {
  const analysis = newAnalysis();
  readText(analysis, text, { start: 0, end: text.length }, OUTERMOST);
  return analysis.report();
}

/** What starting this program with these words would do. Nothing in them is split or expanded. Spans count as if joined by blanks. */
export function shapeArgv(argv: readonly string[]): CommandLineShape {
  const analysis = newAnalysis();
  let at = 0;
  const words = argv.map((text) => {
    const span: SourceSpan = { start: at, end: at + text.length };
    at = span.end + 1;
    return literalWord(text, span);
  });
  const whole = { start: 0, end: Math.max(0, at - 1) };
  if (!analysis.spendText(at)) analysis.unseen("text_too_long", whole);
  else if (argv.some(isDeceptive)) analysis.unseen("deceptive_text", whole);
  else if (words.length === 0) analysis.unseen("dynamic_command", whole);
  else {
    const draft = newDraft(whole, OUTERMOST);
    noteSecrets(words, draft);
    analysis.judge(words, OUTERMOST, draft);
  }
  return analysis.report();
}

function newAnalysis(): Analysis {
  const analysis: Analysis = new Analysis({
    readText: (text, span, frame) => readText(analysis, text, span, frame),
    judge: (words, frame, draft) => judgeCommand(words, frame, draft, analysis),
  });
  return analysis;
}

function readText(analysis: Analysis, text: string, span: SourceSpan, frame: Frame): void {
  if (!analysis.spendText(text.length)) return analysis.unseen("text_too_long", span);
  if (frame.depth > SHELL_BOUNDS.depthMax) return analysis.unseen("nested_too_deep", span);
  const parsed = parseShellText(text);
  if (!parsed.ok) analysis.unseen(parsed.reason, span);
  else walkScript(parsed.script, analysis, frame);
}
