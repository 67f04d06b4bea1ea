import { stripSpace } from "../compat/python-text.ts";
import { RESTRICTED_FLAGS } from "./restricted-flags.ts";

const BANNED_WORDS = ["--flood", "--rate", "slowloris", "benchmark", "stress"] as const;
const BANNED_IN_ARGUMENT = ["&&", "|", ";"] as const;

/** The first banned pattern in the arguments, or null (spec kernel.md §11.4). */
export function bannedPattern(args: readonly string[]): string | null {
  const joined = args.join(" ").toLowerCase();
  const word = BANNED_WORDS.find((banned) => joined.includes(banned));
  if (word !== undefined) return word;
  for (const argument of args) {
    const mark = BANNED_IN_ARGUMENT.find((banned) => argument.includes(banned));
    if (mark !== undefined) return mark;
    if (argument.includes("<") && argument.includes(">")) return "<...>";
  }
  return null;
}

export interface RestrictedToken {
  readonly token: string;
  /** True when the reference lets it pass: the flag is joined to its value, hidden among others, or dashed otherwise. */
  readonly disguised: boolean;
}

/** The first argument by which a tool would leave its bounds, or null (spec kernel.md §11.4, §27 no. 15). */
export function restrictedPattern(tool: string, args: readonly string[]): RestrictedToken | null {
  const name = stripSpace(tool).toLowerCase();
  const flags = Object.hasOwn(RESTRICTED_FLAGS, name) ? RESTRICTED_FLAGS[name] : undefined;
  if (flags === undefined) return null;
  const plain = args.map((argument) => plainMatch(name, flags, argument)).find((token) => token !== undefined);
  if (plain !== undefined) return { token: plain, disguised: false };
  const hidden = args.find((argument) =>
    name === "curl" ? hidesInCurl(flags, argument) : hidesInDashes(name, flags, argument),
  );
  return hidden === undefined ? null : { token: hidden, disguised: true };
}

function plainMatch(tool: string, flags: readonly string[], argument: string): string | undefined {
  const token = stripSpace(argument);
  const text = token.toLowerCase();
  if (flags.some((flag) => text === flag || text.startsWith(`${flag}=`))) return token;
  return tool === "curl" && text.startsWith("@") ? "@payload" : undefined;
}

/** Short options of curl that take the rest of the word, or the next word, as their value. */
const CURL_VALUED = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/** Reads `-sSoname` the way curl does, and finds a file read by `-d@name`, `--data=@name` or `-Fa=@name`. */
function hidesInCurl(flags: readonly string[], argument: string): boolean {
  if (
    /^(?:-d|--data[a-z-]*=?|--json=?|--url-query=?)@/i.test(argument) ||
    /^(?:-F|--form=)?[^=\s/:]*=[@<]/.test(argument)
  )
    return true;
  if (curlShortOptions(argument).some((letter) => flags.includes(`-${letter.toLowerCase()}`))) return true;
  return isAbbreviated(flags, argument);
}

/** The short options in one word of curl's: of `-sSoname` these are `s`, `S` and `o`. */
export function curlShortOptions(argument: string): readonly string[] {
  if (!/^-[^-]/.test(argument)) return [];
  const letters = argument.slice(1).split("");
  const valued = letters.findIndex((letter) => CURL_VALUED.includes(letter));
  return valued === -1 ? letters : letters.slice(0, valued + 1);
}

/** curl takes the beginning of a long option for the whole, as long as it is clear; `--data` is an option of its own. */
function isAbbreviated(flags: readonly string[], argument: string): boolean {
  const name = /^--[a-z-]{3,}/i.exec(argument)?.[0].toLowerCase();
  return name !== undefined && name !== "--data" && flags.some((flag) => /^--\S+$/.test(flag) && flag.startsWith(name));
}

/** How few letters name an option where its beginning is enough: nikto's reader, and whatweb's past `--log-`. */
const SHORTENED: Readonly<Record<string, number>> = { nikto: 2, whatweb: 5 };
/** Options with a letter of their own. */
const LETTERS: Readonly<Record<string, readonly string[]>> = { nikto: ["o", "f"] };

/** Go's flag readers take `-name` and `--name` for the same; others take a beginning for the whole. */
function hidesInDashes(tool: string, flags: readonly string[], argument: string): boolean {
  const bare = /^--?([^-=][^=]*)/.exec(argument.toLowerCase())?.[1];
  if (bare === undefined) return false;
  const least = SHORTENED[tool] ?? Infinity;
  return (
    flags.some((flag) => {
      const name = flag.replace(/^--?/, "");
      return name === bare || (bare.length >= least && name.startsWith(bare));
    }) ||
    (LETTERS[tool]?.includes(bare) ?? false)
  );
}
