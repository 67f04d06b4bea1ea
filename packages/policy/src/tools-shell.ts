/** More commands than this on one line are not looked at one by one; the line is opaque anyway. */
const COMMANDS_MAX = 200;

/**
 * The commands a shell text seems to hold, as argument lists: split at operators, quotes taken off, assignments and
 * keywords before a command dropped. A hint for reading, not a parser: quoting may hide what it finds.
 */
export function commandsOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/[;&|\n()`{}]+/u, COMMANDS_MAX)
    .map((part) =>
      part
        .split(/\s+/u)
        .map(unquoted)
        .filter((word) => word !== ""),
    )
    .map((words) => words.slice(firstCommandWord(words)))
    .filter((words) => words.length > 0);
}

const BEFORE_COMMAND = /^(?:\w+=.*|if|then|else|elif|fi|do|done|while|until|!|time|\$|[<>].*)$/u;

function firstCommandWord(words: readonly string[]): number {
  const at = words.findIndex((word) => !BEFORE_COMMAND.test(word));
  return at < 0 ? words.length : at;
}

function unquoted(word: string): string {
  return word.replaceAll(/["'\\]/gu, "");
}
