import { applyOptions, applyRole } from "../apply-tool.ts";
import { parseToolArguments } from "../arguments.ts";
import { record, unseen, type Call } from "../call.ts";
import { literalWord, type ShellWord } from "../shell-word.ts";
import { tool } from "../tool.ts";
import { sedCommands } from "./sed-script.ts";

const SED = tool(
  "read_only",
  "-[nErszu] --quiet --silent --regexp-extended --separate --null-data --unbuffered --posix --debug --sandbox -l:plain " +
    "--line-length:plain -i?plain!writes --in-place?plain!writes -e:plain --expression:plain -f:script --file:script --help --version " +
    "--follow-symlinks",
  "read",
);

/** sed's script is read for what writes files or runs commands. */
export function sed(call: Call): void {
  const parsed = parseToolArguments(SED, call.args, false);
  applyOptions(SED, parsed, call, false);
  const scripts = parsed.values.filter(({ option }) => option === "-e" || option === "--expression");
  const fromFile = parsed.values.some(({ role }) => role === "script");
  const [first, ...rest] = parsed.operands;
  const inline = scripts.length === 0 && !fromFile;
  for (const word of inline && first !== undefined ? [first] : scripts.map(({ word }) => word)) readScript(call, word);
  const files = inline ? rest : parsed.operands;
  const inPlace = parsed.options.some((option) => option === "-i" || option === "--in-place");
  for (const word of files) applyRole(inPlace ? "write" : "read", word, call, "sed");
  record(call);
}

function readScript(call: Call, word: ShellWord): void {
  if (word.text === null) {
    // What is put into a script may end one command and begin another.
    unseen(call, "dynamic_code", word);
    return;
  }
  const commands = sedCommands(word.text);
  if (commands === undefined) return unseen(call, "foreign_code", word);
  for (const { kind, file } of commands) {
    if (kind === "executes") unseen(call, "foreign_code", word);
    else if (kind === "writes") applyRole("write", literalWord(file, word.span), call, "sed");
    else applyRole("read", literalWord(file, word.span), call, "sed");
  }
}
