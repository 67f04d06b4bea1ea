import {
  shapeArgv,
  shapeShellText,
  type CommandLineShape,
  type CommandShape,
  type SourceSpan,
} from "@writ/kernel/shell";
import { outputFor, type CommonOptions } from "../command.ts";

/** Most of the source that a line of output quotes. */
const QUOTE_MAX = 72;

/** `writ kernel shape -- <command…>`: each command found and its effect, what cannot be seen, and the verdict. It runs nothing. */
export function shape(words: readonly string[], options: CommonOptions): Promise<number> {
  const [first = ""] = words;
  const found = words.length === 1 ? shapeShellText(first) : shapeArgv(words);
  outputFor(options).result(found, () => shapeLines(found, words.join(" ")));
  return Promise.resolve(0);
}

function shapeLines({ verdict, commands, opaque }: CommandLineShape, source: string): readonly string[] {
  return [
    ...commands.map(commandLine),
    ...opaque.map(({ reason, span }) => `opaque (${reason})  ${quoted(source, span)}`),
    `verdict: ${verdict}`,
  ];
}

function commandLine({ argv, wrappers, assignments, redirections, effects }: CommandShape): string {
  const words = [
    ...assignments.map(({ name, value }) => `${name}=${written(value)}`),
    ...argv.map(written),
    ...redirections.map(({ mode, target }) => `[${mode} ${written(target)}]`),
  ];
  const within = wrappers.length === 0 ? "" : `  (in ${wrappers.join(", ")})`;
  return `${effects.join(", ")}  ${shortened(words.join(" "))}${within}`;
}

/** A word as the program gets it; `<computed>` where only the run would tell. */
function written(word: string | null): string {
  if (word === null) return "<computed>";
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : JSON.stringify(word);
}

function quoted(source: string, { start, end }: SourceSpan): string {
  return JSON.stringify(shortened(source.slice(start, end)));
}

function shortened(text: string): string {
  return text.length <= QUOTE_MAX ? text : `${text.slice(0, QUOTE_MAX)}…`;
}
