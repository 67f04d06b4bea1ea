export type AwkEffect =
  | { readonly kind: "shell"; readonly text: string }
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "unseen" }
  | { readonly kind: "sensitive" };

type Token = { readonly kind: "text" | "pattern" | "name" | "number" | "mark"; readonly text: string };

const TOKEN =
  /\s*(?:(?<comment>#[^\n]*)|(?<text>"(?:[^"\\\n]|\\[^])*")|(?<name>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<mark>\|\||\|&|&&|>>|[<>=!]=|\+\+|--|[^\s\w"]))/y;
const PATTERN = /\s*\/(?:[^/\\\n[]|\\[^\n]|\[\^?\]?(?:[^\]\\\n]|\\[^\n])*\])*\//y;

/** What an awk program does besides reading its files and printing. */
export function awkEffects(program: string): readonly AwkEffect[] {
  const tokens = tokensOf(program);
  if (tokens === undefined) return [{ kind: "unseen" }];
  const found: AwkEffect[] = [];
  let printing = false;
  let depth = 0;
  for (const [at, { kind, text }] of tokens.entries()) {
    const [before, next, second] = [tokens[at - 1], tokens[at + 1], tokens[at + 2]];
    if (kind === "pattern" && /system|getline|ENVIRON/.test(text)) found.push({ kind: "unseen" });
    if (kind === "name") {
      if (/^(?:print|printf)$/.test(text)) [printing, depth] = [true, 0];
      else if (text === "system")
        found.push(runs(next?.text === "(" ? second : undefined, tokens[at + 3]?.text === ")"));
      else if (text === "getline" && before?.text !== "|") found.push({ kind: "sensitive" });
      else if (text === "ENVIRON" || text === "PROCINFO" || text === "ARGV") found.push({ kind: "sensitive" });
      else if (text === "extension") found.push({ kind: "unseen" });
    }
    if (kind !== "mark") continue;
    if (/^[;{}]$/.test(text)) printing = false;
    if (text === "(" || text === "[") depth++;
    if (text === ")" || text === "]") depth--;
    if (text === "@" || text === "|&") found.push({ kind: "unseen" });
    if (text === "|")
      found.push(next?.text === "getline" ? runs(before, !isJoined(tokens, at - 1)) : runs(next, isEnd(second)));
    if ((text === ">" || text === ">>") && printing && depth <= 0)
      found.push(
        next?.kind === "text" && isEnd(second)
          ? { kind: "write", text: plain(next.text) }
          : { kind: "write", text: "" },
      );
  }
  return found;
}

/** A command in a text of its own is read; one that is put together is not. */
function runs(token: Token | undefined, alone: boolean): AwkEffect {
  const seen = token?.kind === "text" && alone && !token.text.includes("\\");
  return seen ? { kind: "shell", text: plain(token.text) } : { kind: "unseen" };
}

function isEnd(token: Token | undefined): boolean {
  return token === undefined || /^[;})\n]$/.test(token.text);
}

function isJoined(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before !== undefined && !/^[;{(\n]$|^while$|^if$|^&&$|^\|\|$/.test(before.text);
}

function plain(text: string): string {
  return text.slice(1, -1);
}

/** A slash begins a pattern where no value stands before it. */
function tokensOf(program: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (program.slice(at).trim() !== "") {
    const last = tokens.at(-1);
    PATTERN.lastIndex = at;
    const pattern = isValue(last) ? null : PATTERN.exec(program);
    if (pattern !== null) {
      tokens.push({ kind: "pattern", text: pattern[0] });
      at = PATTERN.lastIndex;
      continue;
    }
    const line = /^[ \t\r]*\n/.exec(program.slice(at));
    if (line !== null) {
      tokens.push({ kind: "mark", text: ";" });
      at += line[0].length;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(program);
    if (token === null || tokens.length > 4_096) return undefined;
    at = TOKEN.lastIndex;
    const { text, name, number, mark } = token.groups ?? {};
    if (text !== undefined) tokens.push({ kind: "text", text });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (mark !== undefined) {
      if (mark === '"' || mark === "`" || mark === "\\") return undefined;
      tokens.push({ kind: "mark", text: mark });
    }
  }
  return tokens;
}

function isValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "name")
    return !/^(?:print|printf|return|in|else|do|if|while|for|getline|BEGIN|END)$/.test(token.text);
  return token.kind === "number" || token.kind === "text" || /^(?:\)|\]|\$|\+\+|--)$/.test(token.text);
}
