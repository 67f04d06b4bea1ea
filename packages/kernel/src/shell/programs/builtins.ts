import { applyTool } from "../apply-tool.ts";
import { judgeWrapped, readAsShell, record, unseen, type Call } from "../call.ts";
import { findTool } from "../tools/index.ts";

/** `trap 'text' EXIT` runs the text later. */
export function trap(call: Call): void {
  const words = call.args[0]?.text === "--" ? call.args.slice(1) : call.args;
  const [first] = words;
  const lists = first === undefined || /^-[lp]?$/.test(first.text ?? "") || first.text === "" || words.length === 1;
  if (!lists && first !== undefined) readAsShell(call, [first], "trap");
  record(call);
}

/** An alias changes what later lines mean. */
export function alias(call: Call): void {
  if (call.args.some(({ text }) => text === null || text.includes("="))) unseen(call, "redefined_command");
  record(call);
}

/** `set` alone prints every variable; with options it changes how the shell goes on. */
export function set(call: Call): void {
  if (call.args.length === 0) call.draft.effects.add("sensitive_read");
  record(call);
}

/** `exec` alone only keeps its redirections. */
export function exec(call: Call): void {
  let at = 0;
  for (; at < call.args.length; at++) {
    const text = call.args[at]?.text;
    if (text === "-a") at++;
    else if (text === "--") {
      at++;
      break;
    } else if (text !== "-c" && text !== "-l" && text !== "-cl") break;
  }
  const rest = call.args.slice(at);
  if (rest.length === 0) record(call);
  else judgeWrapped(call, rest, "exec");
}

/**
 * Built-in commands that take names of variables or expressions: an index in them is arithmetic, and arithmetic
 * runs the substitutions in it, even from quotes.
 */
export function evaluates(call: Call): void {
  const takesNames = !/^(?:printf|\[|test|export|readonly|declare|typeset|local)$/.test(call.name);
  const declares = /^(?:export|readonly|declare|typeset|local)$/.test(call.name);
  for (const word of call.args) {
    const { text, raw } = word;
    // A value in parentheses is read as a list once more, from quotes too.
    if (declares && /=\(.*[$`<>]/s.test(text ?? raw)) unseen(call, "dynamic_code", word);
    if (text !== null && /\[[^\]]*(?:\$\(|`)|^[^=]*(?:\$\(|`)/.test(text) && !isQuotedData(call, text)) {
      unseen(call, "dynamic_code", word);
    } else if (text === null && takesNames && call.name !== "read") call.draft.effects.add("executes_code");
    else if (text === null && /\$\{!/.test(raw)) call.draft.effects.add("executes_code");
  }
  const table = findTool(call.name);
  if (table === undefined) record(call);
  else applyTool(table, call);
}

/** What printf and test compare or print is no expression, unless the test is one of numbers or names. */
function isQuotedData(call: Call, text: string): boolean {
  if (call.name === "printf") return call.args[0]?.text !== "-v";
  if (call.name !== "test" && call.name !== "[") return false;
  return !/\[/.test(text) || !call.args.some((word) => /^-(?:v|eq|ne|lt|le|gt|ge|R)$/.test(word.text ?? "-v"));
}
