/** What a command reads on standard input, as far as the line says. */
export type Stdin =
  /** What the whole line was given: a terminal, or nothing. */
  | { readonly kind: "inherited" }
  /** Text that stands in the line: a here-document, a here-string, an `echo`. */
  | { readonly kind: "text"; readonly text: string }
  /** Names of files, all beginning so. */
  | { readonly kind: "names"; readonly prefix: string }
  | { readonly kind: "unknown" };

export const INHERITED: Stdin = { kind: "inherited" };
export const UNKNOWN_STDIN: Stdin = { kind: "unknown" };

const LISTING = new Set(["ls", "git", "grep", "egrep", "fgrep", "rg", "fd", "fdfind", "seq", "ag", "ack", "locate"]);
const FILTER = new Set(["sort", "uniq", "head", "tail", "grep", "egrep", "fgrep", "tac", "tee"]);

/** What a command writes for the next in the pipe, by its literal words and what it reads itself. */
export function outputOf(words: readonly (string | null)[], input: Stdin): Stdin {
  const [name, ...args] = words;
  if (name === undefined || name === null) return UNKNOWN_STDIN;
  if (name === "echo" || name === "printf") return spoken(name, args);
  if (name === "cat" && args.every((word) => word === "-")) return input.kind === "inherited" ? UNKNOWN_STDIN : input;
  if (name === "find") return found(args);
  if (FILTER.has(name) && input.kind === "names") return input;
  if (LISTING.has(name) && input.kind === "inherited") return { kind: "names", prefix: "" };
  return UNKNOWN_STDIN;
}

/** Only what both words come out as without any escapes or formats. */
function spoken(name: string, args: readonly (string | null)[]): Stdin {
  const words = name === "echo" && args[0] === "-n" ? args.slice(1) : args;
  if (words.length === 0 || words.some((word) => word === null || /[\\\0]/.test(word))) return UNKNOWN_STDIN;
  const texts = words as readonly string[];
  if (texts.some((text) => text.startsWith("-") && text === texts[0])) return UNKNOWN_STDIN;
  if (name === "echo") return { kind: "text", text: `${texts.join(" ")}\n` };
  if (texts.length === 2 && texts[0] === "%s") return { kind: "text", text: texts[1] ?? "" };
  return texts.length === 1 && !texts[0]?.includes("%") ? { kind: "text", text: texts[0] ?? "" } : UNKNOWN_STDIN;
}

/** `find src` names files as `src/…`; without a starting point as `./…`. */
function found(args: readonly (string | null)[]): Stdin {
  const [first] = args;
  if (first === null) return { kind: "names", prefix: "" };
  if (args.some((word) => word === null || /^-(?:printf|fprintf|exec\w*|ok\w*|files0-from)$/.test(word)))
    return { kind: "names", prefix: "" };
  const starts = args.slice(
    0,
    args.findIndex((word) => word?.startsWith("-") ?? false) === -1
      ? args.length
      : args.findIndex((word) => word?.startsWith("-") ?? false),
  );
  if (starts.length === 0) return { kind: "names", prefix: "./" };
  return { kind: "names", prefix: starts.length === 1 ? (first ?? "") : "\u0001" };
}
