import { parseToolArguments } from "../arguments.ts";
import { readShellStdin, readShellText, record, unseen, type Call } from "../call.ts";
import { runFile } from "../run-file.ts";
import { literalWord } from "../shell-word.ts";
import { tool } from "../tool.ts";

/** Shells that read what this grammar reads. */
export const SHELLS = ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "rbash"] as const;

const GRAMMAR = tool(
  "read_only",
  "-[abcefhkmnptuvxBCEHPT] -l!executes_code -i!executes_code -s -D -r -o:plain -O:plain --login!executes_code " +
    "--interactive!executes_code --posix --norc --noprofile --noediting --restricted --verbose --version --help " +
    "--rcfile:script --init-file:script --debugger!executes_code --dump-strings --pretty-print",
  "script_first",
);

/** `sh -c text`, `sh file`, `… | sh`. */
export function shell(call: Call): void {
  // `+x` switches an option off; it takes the values that `-x` takes.
  const args = call.args.map((word) =>
    /^\+[a-zA-Z]+$/.test(word.text ?? "")
      ? literalWord(`-${(word.text ?? "").slice(1).replace(/[cs]/g, "e")}`, word.span)
      : word,
  );
  const parsed = parseToolArguments(GRAMMAR, args, true);
  const { effects } = call.draft;
  for (const effect of parsed.effects) effects.add(effect);
  for (const word of parsed.unknown) unseen(call, "unknown_option", word);
  for (const { role, word } of parsed.values) if (role === "script") runFile(call, word);
  const [first] = parsed.operands;
  if (parsed.options.includes("--version") || parsed.options.includes("--help")) return record(call);
  if (parsed.options.includes("-c")) {
    if (first === undefined) unseen(call, "unknown_option");
    else if (first.text === null) unseen(call, "dynamic_code", first);
    else readShellText(call, first.text, `${call.name} -c`, first);
  } else if (first !== undefined && !parsed.options.includes("-s") && first.text !== "-") runFile(call, first);
  else readShellStdin(call);
  record(call);
}
