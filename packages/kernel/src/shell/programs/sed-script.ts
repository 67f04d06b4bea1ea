export interface SedCommand {
  readonly kind: "executes" | "writes" | "reads";
  readonly file: string;
}

const ADDRESS = String.raw`(?:\d+(?:~\d+)?|\$|[+~]\d+|/(?:[^/\\\n]|\\.)*/[IM]*|\\(?<q>[^\n\\])(?:(?!\k<q>)[^\\\n]|\\.)*\k<q>[IM]*)`;
const ADDRESSES = new RegExp(`^${ADDRESS}(?:\\s*,\\s*${ADDRESS.replaceAll("<q>", "<r>")})?\\s*`);

/**
 * What a sed script does besides printing: the commands that run, write or read files. Undefined when the script is
 * not of the forms read here.
 */
export function sedCommands(script: string): readonly SedCommand[] | undefined {
  const found: SedCommand[] = [];
  let rest = script;
  // Each round takes at least one character.
  for (let round = 0; round <= script.length; round++) {
    rest = rest.replace(/^(?:[\s;}]|#[^\n]*)+/, "");
    if (rest === "") return found;
    const next = readCommand(rest.replace(ADDRESSES, "").replace(/^!+\s*/, ""), found);
    if (next === undefined) return undefined;
    rest = next;
  }
  return undefined;
}

/** The script after its first command. */
function readCommand(script: string, found: SedCommand[]): string | undefined {
  const name = script[0];
  if (name === undefined) return "";
  const body = script.slice(1);
  if (name === "{") return body;
  if (/[=dDgGhHnNpPxz]/.test(name)) return afterEnd(body);
  if (/[qQlL]/.test(name)) return afterEnd(body.replace(/^\s*\d+/, ""));
  if (/[btT:]/.test(name)) return body.replace(/^[^;\n}]*/, "");
  if (/[aic]/.test(name)) return body.replace(/^(?:[^\\\n]|\\[^])*/, "");
  if (/[rRwW]/.test(name)) {
    const file = /^\s*([^\n]*)/.exec(body);
    found.push({ kind: /[wW]/.test(name) ? "writes" : "reads", file: file?.[1] ?? "" });
    return body.slice(file?.[0].length ?? 0);
  }
  if (name === "e") {
    found.push({ kind: "executes", file: "" });
    return body.replace(/^[^\n]*/, "");
  }
  return name === "s" || name === "y" ? readSubstitution(name, body, found) : undefined;
}

function readSubstitution(name: string, body: string, found: SedCommand[]): string | undefined {
  const mark = body[0];
  if (mark === undefined || /[\\\n]/.test(mark)) return undefined;
  const pattern = endOfPart(body, 1, mark);
  const replacement = pattern === undefined ? undefined : endOfPart(body, pattern + 1, mark);
  if (replacement === undefined) return undefined;
  const rest = body.slice(replacement + 1);
  if (name === "y") return afterEnd(rest);
  const flags = /^[gpiImM\d]*/.exec(rest)?.[0] ?? "";
  const after = rest.slice(flags.length);
  if (after.startsWith("e")) {
    found.push({ kind: "executes", file: "" });
    return afterEnd(after.replace(/^[gpiImMe\d]*/, ""));
  }
  if (after.startsWith("w")) {
    const file = /^w\s*([^\n]*)/.exec(after);
    found.push({ kind: "writes", file: file?.[1] ?? "" });
    return after.slice(file?.[0].length ?? 0);
  }
  return afterEnd(after);
}

/** Where the unescaped mark stands. A bracket is taken literally: sed's own reading of marks within differs by version. */
function endOfPart(text: string, from: number, mark: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === mark) return at;
  }
  return undefined;
}

/** What may follow a command on its line. */
function afterEnd(text: string): string | undefined {
  return /^\s*(?:$|[;}\n#])/.test(text) ? text.replace(/^[ \t]+/, "") : undefined;
}
