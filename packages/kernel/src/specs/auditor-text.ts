import { countCodePoints } from "../compat/code-points.ts";
import { inputLines } from "../domain-scope/hosts.ts";
import { redactSecretText } from "../redaction/secret-text.ts";

/** Longest argument an auditor sees, and longest beginning of standard input; in code points. */
const ARGUMENT_MAX = 240;
const PREVIEW_MAX = 160;

/** What stands for standard input where nobody needs all of it (spec kernel.md §12). */
export interface InputSummary {
  readonly stdin_present: boolean;
  readonly stdin_char_count: number;
  readonly stdin_line_count: number;
  readonly stdin_preview: string;
  readonly stdin_preview_truncated: boolean;
}

export function inputSummary(stdin: string): InputSummary {
  const lines = inputLines(stdin);
  const redacted = redactSecretText(stdin);
  return {
    stdin_present: stdin !== "",
    stdin_char_count: countCodePoints(stdin),
    stdin_line_count: lines.at(-1) === "" ? lines.length - 1 : lines.length,
    stdin_preview: beginning(redacted, PREVIEW_MAX),
    stdin_preview_truncated: countCodePoints(redacted) > PREVIEW_MAX,
  };
}

/**
 * The arguments as an auditor sees them: cookies and passwords by the flags that the tool gives them with, other secrets
 * by their form (§27 no. 17), and nothing longer than 240 characters. `-u` of a tool that takes a URL there stays.
 */
export function auditorArguments(tool: string, args: readonly string[]): readonly string[] {
  return args.map((argument, index) =>
    shortened(redacted(tool, argument, args[index - 1] ?? "", args[index - 2] ?? "")),
  );
}

function redacted(tool: string, argument: string, before: string, earlier: string): string {
  if (/^(?:-b|--cookie)$/.test(before) || (tool === "gobuster" && before === "-c")) return COOKIE;
  if (/^(?:--cookies|--auth)$/.test(earlier)) return earlier === "--auth" ? "<redacted>" : COOKIE;
  if (before === "--user" || (before === "-u" && tool === "curl")) return "<user>:<redacted>";
  const joined = /^(?<flag>--cookie=|--user=|-b(?=.))/.exec(argument)?.groups?.["flag"];
  if (joined !== undefined && (joined !== "-b" || tool === "curl"))
    return `${joined}${joined === "--user=" ? "<user>:<redacted>" : COOKIE}`;
  if (tool === "curl" && /^-u./.test(argument)) return "-u<user>:<redacted>";
  return redactSecretText(argument);
}

const COOKIE = "<cookie_redacted>";

function shortened(text: string): string {
  return countCodePoints(text) > ARGUMENT_MAX ? `${beginning(text, ARGUMENT_MAX)}...<truncated>` : text;
}

function beginning(text: string, max: number): string {
  return Array.from(text).slice(0, max).join("");
}
