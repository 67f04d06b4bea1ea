import type { Analysis, Draft, Frame } from "./analysis.ts";
import { applyTool } from "./apply-tool.ts";
import { SHELL_BOUNDS } from "./bounds.ts";
import { record, unseen, type Call } from "./call.ts";
import { judgeTail } from "./judge-tail.ts";
import { PROGRAMS } from "./programs/index.ts";
import { runFile } from "./run-file.ts";
import type { ShellWord } from "./shell-word.ts";
import { findTool } from "./tools/index.ts";

/** Where installed programs stand; a name with another folder before it is a file of somebody's. */
const SYSTEM_FOLDER = /^\/(?:usr\/(?:local\/)?|opt\/homebrew\/)?s?bin\/([^/]+)$/;

/** Says what a command does, by its words, and records it (spec kernel.md §27 nos. 14 and 15). */
export function judgeCommand(words: readonly ShellWord[], frame: Frame, draft: Draft, analysis: Analysis): void {
  const [first, ...args] = words;
  if (first === undefined) {
    analysis.record(draft, words);
    return;
  }
  const call: Call = { analysis, frame, draft, name: first.text ?? "", words, args };
  if (!analysis.spendWords(words.length)) return refuse(call, "too_many_words");
  if (frame.depth > SHELL_BOUNDS.depthMax) return refuse(call, "nested_too_deep");
  if (first.text === null || first.text === "") return refuse(call, "dynamic_command", first);
  const order = analysis.functions.get(first.text);
  // A wrapper starts the program of that name, not the function.
  if (order !== undefined && frame.wrappers.length === 0) return callFunction(call, order);
  const name = installedName(first.text);
  if (name === undefined) {
    runFile(call, first);
    judgeTail(args, { ...call, name: first.text });
    record(call);
    return;
  }
  start({ ...call, name });
}

function refuse(call: Call, ...why: [reason: Parameters<typeof unseen>[1], at?: ShellWord]): void {
  unseen(call, ...why);
  record(call);
}

/** The name a program is listed under, or undefined for a file that is not among the installed ones. */
function installedName(word: string): string | undefined {
  if (!word.includes("/")) return word;
  return word.startsWith("/") ? SYSTEM_FOLDER.exec(withoutDetours(word))?.[1] : undefined;
}

function withoutDetours(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function start(call: Call): void {
  const program = PROGRAMS.get(call.name) ?? PROGRAMS.get(unversioned(call.name));
  if (program !== undefined)
    return program({ ...call, name: PROGRAMS.has(call.name) ? call.name : unversioned(call.name) });
  const tool = findTool(call.name) ?? findTool(unversioned(call.name));
  if (tool !== undefined) return applyTool(tool, call);
  // An unknown program runs code of its own, and so may every word it is given.
  call.draft.effects.add("executes_code");
  judgeTail(call.args, call);
  record(call);
}

/** `python3.12`, `gcc-13`, `clang++-18`: the program without its version. */
function unversioned(name: string): string {
  return name.replace(/-?\d+(?:\.\d+)*$/, "");
}

/** Whether the name alone tells what a program does. */
export function isKnownProgram(name: string): boolean {
  return PROGRAMS.has(name) || findTool(name) !== undefined;
}

/** The body was judged where it stands; a call into itself has no end. */
function callFunction(call: Call, order: number): void {
  if (isKnownProgram(call.name)) unseen(call, "redefined_command", call.words[0]);
  if (call.frame.inside !== undefined && order >= call.frame.inside) unseen(call, "recursive_function");
  record(call);
}
