import { forEachChild, type Assignment, type Command, type SyntaxNode, type Word } from "unbash";
import { newDraft, type Draft } from "./analysis.ts";
import { assignVariable } from "./assign.ts";
import { isSecretPath } from "./paths.ts";
import { addRedirection } from "./redirect.ts";
import { resolveHere } from "./resolve-here.ts";
import { computedWord, literalWord, type ShellWord } from "./shell-word.ts";
import { isSubscriptCode } from "./subscript.ts";
import { isSecretVariable } from "./variables.ts";
import { spanOf, type Walk } from "./walk-place.ts";

/** Assignments, redirections and words of one command; what it does is judged from its words. */
export function readSimpleCommand(node: Command, walk: Walk): void {
  const { analysis, frame } = walk;
  const draft = newDraft(spanOf(node, frame), frame);
  forEachChild(node, (child) => walk.visit(child, walk));
  for (const item of node.prefix) if (item.type === "Assignment") assign(item, node, draft, walk);
  let stdin = frame.stdin;
  for (const item of node.redirects) stdin = addRedirection(item, stdin, draft, walk);
  if (readsSecretVariable(node)) draft.effects.add("sensitive_read");
  const words = wordsOf(node, walk);
  noteSecrets(words, draft);
  analysis.judge(words, { ...frame, stdin, depth: frame.depth + 1 }, draft);
}

/** The words of a command, its name first. */
export function wordsOf(node: Command, walk: Walk): readonly ShellWord[] {
  if (node.name === undefined) return [];
  return [node.name, ...node.args].flatMap((word) =>
    word.type === "Word" ? wordsHere(word, walk) : [assignmentWord(word, walk)],
  );
}

export function wordsHere(word: Word, walk: Walk): readonly ShellWord[] {
  return resolveHere(word, walk);
}

/** Files of secrets count as read wherever they are named. */
export function noteSecrets(words: readonly ShellWord[], draft: Draft): void {
  if (words.some(isSecretPath)) draft.effects.add("sensitive_read");
}

/** An assignment as an argument, as `export NAME=value` has it. */
function assignmentWord({ name, value, pos, end, text }: Assignment, walk: Walk): ShellWord {
  const span = spanOf({ pos, end }, walk.frame);
  const [word] = value.type === "Word" ? resolveHere(value, walk) : [];
  const known = word?.text ?? null;
  return known === null
    ? computedWord(`${name}=`, span, { raw: text })
    : { ...literalWord(`${name}=${known}`, span), raw: text };
}

function assign(item: Assignment, node: Command, draft: Draft, walk: Walk): void {
  const exported = node.name !== undefined;
  const [value] = item.value.type === "Word" ? resolveHere(item.value, walk) : [];
  if (value !== undefined) noteSecrets([value], draft);
  if (isSubscriptCode(value?.text ?? "")) walk.analysis.unseen("dynamic_code", spanOf(item, walk.frame));
  assignVariable({ name: item.name, value: value ?? null, exported, span: draft.span }, draft, walk.analysis);
  const followed = !exported && walk.straight && walk.settings.times.get(item.name) === 1 && !walk.settings.unbounded;
  if (followed && value?.text != null) walk.known.set(item.name, { kind: "text", text: value.text });
}

function readsSecretVariable(node: SyntaxNode): boolean {
  if (node.type === "SimpleExpansion") return isSecretVariable(node.text.slice(1));
  if (node.type === "ParameterExpansion" && isSecretVariable(node.parameter)) return true;
  if (node.type === "Script") return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= readsSecretVariable(child);
  });
  return found;
}
