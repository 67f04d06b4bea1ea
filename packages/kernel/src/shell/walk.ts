import { forEachChild, type CompoundList, type ParsedScript, type Statement, type SyntaxNode } from "unbash";
import { newDraft, type Analysis, type Frame } from "./analysis.ts";
import { SHELL_BOUNDS } from "./bounds.ts";
import { settingsOf } from "./known-variables.ts";
import { isKnownProgram } from "./judge.ts";
import { endsEarly, otherReading } from "./other-shells.ts";
import { addRedirection, hereDocumentStdin } from "./redirect.ts";
import { noteSecrets, readSimpleCommand, wordsHere, wordsOf } from "./simple-command.ts";
import { outputOf, UNKNOWN_STDIN, type Stdin } from "./stdin.ts";
import { holdsSubscriptCode } from "./subscript.ts";
import { isLeadingVariable } from "./variables.ts";
import { spanOf, type Walk } from "./walk-place.ts";

/** Reads one syntax tree: each simple command is judged in the order in which it stands. */
export function walkScript(script: ParsedScript, analysis: Analysis, frame: Frame): void {
  const visit = readSubstitutions;
  const settings = settingsOf(script);
  const led = [...settings.indirect].some(isLeadingVariable);
  if (led) analysis.unseen("environment_code", spanOf(script, frame));
  readScript(script, { analysis, frame, settings, known: new Map(), straight: true, visit });
}

function readScript(script: ParsedScript, walk: Walk): void {
  if ((script.errors ?? []).length > 0) walk.analysis.unseen("parse_error", spanOf(script, walk.frame));
  for (const statement of script.commands) readStatement(statement, walk);
}

function readStatement(statement: Statement, walk: Walk): void {
  readNode(statement.command, statement.background === true ? loose(walk) : walk);
}

function readList(list: CompoundList, walk: Walk): void {
  for (const statement of list.commands) readStatement(statement, walk);
}

/** Inside, assignments are no longer sure to have happened. */
function loose(walk: Walk): Walk {
  return { ...deeper(walk), straight: false };
}

function deeper(walk: Walk): Walk {
  return { ...walk, frame: { ...walk.frame, depth: walk.frame.depth + 1 } };
}

function readNode(node: SyntaxNode, walk: Walk): void {
  if (walk.frame.depth > SHELL_BOUNDS.depthMax) {
    walk.analysis.unseen("nested_too_deep", spanOf(node, walk.frame));
    return;
  }
  switch (node.type) {
    case "Command":
      readSimpleCommand(node, walk);
      return;
    case "Pipeline":
      readPipeline(node, walk);
      return;
    case "AndOr":
      readAndOr(node, walk);
      return;
    case "Redirected":
      readRedirected(node, walk);
      return;
    case "Function":
      readFunction(node, walk);
      return;
    case "For":
      readLoop(node, walk);
      return;
    case "BraceGroup":
      readList(node.body, deeper(walk));
      return;
    case "CompoundList":
      readList(node, loose(walk));
      return;
    case "Statement":
      readStatement(node, walk);
      return;
    case "TestCommand":
    case "ArithmeticCommand":
      if (holdsSubscriptCode(node)) walk.analysis.unseen("dynamic_code", spanOf(node, walk.frame));
      readOtherwise(node, walk);
      readSubstitutions(node, walk);
      return;
    case "Coproc":
      readNode(node.body, { ...loose(walk), frame: withStdin(walk, UNKNOWN_STDIN) });
      return;
    default:
      readParts(node, loose(walk));
  }
}

/** If, while, case, select, subshell: words for their substitutions, lists for their commands. */
function readParts(node: SyntaxNode, walk: Walk): void {
  forEachChild(node, (child) => {
    if (child.type === "CompoundList") readList(child, walk);
    else if (child.type === "CaseItem" || child.type === "Elif") readParts(child, walk);
    else readSubstitutions(child, walk);
  });
}

function readPipeline(node: Extract<SyntaxNode, { type: "Pipeline" }>, walk: Walk): void {
  const single = node.commands.length === 1;
  let stdin = walk.frame.stdin;
  for (const command of node.commands) {
    const inner = single ? walk : { ...loose(walk), frame: withStdin(walk, stdin) };
    readNode(command, inner);
    const before: Stdin = stdin;
    stdin =
      command.type === "Command" && command.redirects.every(({ type }) => type !== "Redirect")
        ? outputOf(
            wordsOf(command, walk).map(({ text }) => text),
            ownStdin(command, before),
          )
        : UNKNOWN_STDIN;
  }
}

/** What `cat <<EOF` reads. */
function ownStdin(command: Extract<SyntaxNode, { type: "Command" }>, before: Stdin): Stdin {
  const [first, ...more] = command.redirects;
  if (first === undefined) return before;
  return first.type === "HereDoc" && more.length === 0 ? hereDocumentStdin(first) : UNKNOWN_STDIN;
}

function readAndOr(node: Extract<SyntaxNode, { type: "AndOr" }>, walk: Walk): void {
  const chained = node.operators.every((operator) => operator === "&&");
  const surely = new Set(walk.known.keys());
  for (const [index, command] of node.commands.entries()) {
    readNode(command, chained || index === 0 ? walk : loose(walk));
    if (index === 0) for (const name of walk.known.keys()) surely.add(name);
  }
  // After the chain, what its later links set may not have happened.
  for (const name of walk.known.keys()) if (!surely.has(name)) walk.known.delete(name);
}

function readRedirected(node: Extract<SyntaxNode, { type: "Redirected" }>, walk: Walk): void {
  const draft = newDraft(spanOf(node, walk.frame), walk.frame);
  let stdin = walk.frame.stdin;
  for (const redirection of node.redirects) stdin = addRedirection(redirection, stdin, draft, walk);
  walk.analysis.record(draft, []);
  readNode(node.command, { ...walk, frame: withStdin(walk, stdin) });
}

/** The body counts as run once; calls are looked at for names alone. */
function readFunction(node: Extract<SyntaxNode, { type: "Function" }>, walk: Walk): void {
  const name = node.name.value;
  if (walk.analysis.functions.has(name)) walk.analysis.unseen("redefined_command", spanOf(node, walk.frame));
  const order = walk.analysis.functions.size;
  walk.analysis.functions.set(name, order);
  readNode(node.body, { ...loose(walk), frame: { ...withStdin(walk, UNKNOWN_STDIN), inside: order } });
}

function readLoop(node: Extract<SyntaxNode, { type: "For" }>, walk: Walk): void {
  const name = node.name.value;
  for (const word of node.wordlist ?? []) readSubstitutions(word, walk);
  const words = (node.wordlist ?? []).flatMap((word) => wordsHere(word, walk));
  const draft = newDraft(spanOf(node, walk.frame), walk.frame);
  noteSecrets(words, draft);
  if (draft.effects.size > 0) walk.analysis.record(draft, []);
  const inner = loose(walk);
  const followed = node.wordlist !== undefined && walk.settings.times.get(name) === 1 && !walk.settings.unbounded;
  if (followed) walk.known.set(name, { kind: "words", words });
  readList(node.body, inner);
  walk.known.delete(name);
}

function withStdin(walk: Walk, stdin: Stdin): Frame {
  return { ...walk.frame, depth: walk.frame.depth + 1, stdin };
}

/** Every substitution inside a word, an assignment, a test: its commands run too. */
function readSubstitutions(node: SyntaxNode, walk: Walk): void {
  const { analysis, frame } = walk;
  if (node.type === "Script") {
    if (frame.depth > SHELL_BOUNDS.depthMax) analysis.unseen("nested_too_deep", spanOf(node, frame));
    else readScript(node, loose(walk));
    return;
  }
  if (endsEarly(node)) analysis.unseen("parse_error", spanOf(node, frame));
  if (node.type === "TestLogical") readOtherwise(node, walk);
  if (evaluatesItself(node)) analysis.unseen("dynamic_code", spanOf(node, frame));
  // Decoded backticks have positions of their own.
  const inner =
    node.type === "CommandExpansion" && node.script?.source !== undefined
      ? { ...walk, frame: { ...frame, fixedSpan: spanOf(node, frame) } }
      : walk;
  forEachChild(node, (child) => readSubstitutions(child, inner));
}

/** Where a plain POSIX shell would start a known program, that counts too. */
function readOtherwise(node: SyntaxNode, walk: Walk): void {
  for (const text of otherReading(node)?.split("\n") ?? []) {
    const [name = ""] = text.trim().split(/\s+/);
    if (!isKnownProgram(name)) continue;
    const span = spanOf(node, walk.frame);
    walk.analysis.readText(text, span, { ...walk.frame, depth: walk.frame.depth + 1, fixedSpan: span });
  }
}

/** Expansions that run what a variable holds, and arithmetic over text that could. */
function evaluatesItself(node: SyntaxNode): boolean {
  switch (node.type) {
    case "Transform":
      return node.operand.value.includes("P");
    case "Unknown":
      return true;
    case "CommandExpansion":
    case "ProcessSubstitution":
      return node.script === undefined;
    case "ArithmeticWord":
      return /[$`]\(|`/.test(node.value) && node.parts === undefined;
    default:
      return false;
  }
}
