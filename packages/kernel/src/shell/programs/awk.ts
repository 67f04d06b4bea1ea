import { applyOptions, applyRole } from "../apply-tool.ts";
import { parseToolArguments } from "../arguments.ts";
import { readShellText, record, unseen, type Call } from "../call.ts";
import { literalWord, type ShellWord } from "../shell-word.ts";
import { tool } from "../tool.ts";
import { awkEffects } from "./awk-script.ts";

const AWK = tool(
  "read_only",
  "-F:plain --field-separator:plain -v:plain --assign:plain -f:script --file:script -e:code --source:code -i:script --include:script -l:script " +
    "--load:script -E:script --exec:script -[bcCghMnNOPrsStVk] --version --help --posix --re-interval --csv -m:plain -W:plain",
  "read",
);

/** awk's program is read for what writes, runs or reads besides its files. */
export function awk(call: Call): void {
  const parsed = parseToolArguments(AWK, call.args, true);
  applyOptions(AWK, { ...parsed, values: parsed.values.filter(({ role }) => role !== "code") }, call, false);
  const fromFile = parsed.values.some(({ role }) => role === "script");
  const inline = parsed.values.filter(({ role }) => role === "code").map(({ word }) => word);
  const [first, ...rest] = parsed.operands;
  const own = inline.length === 0 && !fromFile;
  for (const word of own && first !== undefined ? [first] : inline) readProgram(call, word);
  for (const word of own ? rest : parsed.operands) applyRole("read", word, call, "awk");
  record(call);
}

function readProgram(call: Call, word: ShellWord): void {
  if (word.text === null) return unseen(call, "dynamic_code", word);
  for (const effect of awkEffects(word.text)) {
    if (effect.kind === "shell") readShellText(call, effect.text, "awk", word);
    else if (effect.kind === "unseen") unseen(call, "foreign_code", word);
    else if (effect.kind === "sensitive") call.draft.effects.add("sensitive_read");
    else if (effect.kind === "write") applyRole("write", literalWord(effect.text, word.span), call, "awk");
  }
}
