import { applyOptions } from "../apply-tool.ts";
import { parseToolArguments } from "../arguments.ts";
import { assignVariable } from "../assign.ts";
import { judgeWrapped, readAsShell, record, unseen, type Call } from "../call.ts";
import { computedWord, literalWord, type ShellWord } from "../shell-word.ts";
import { tool } from "../tool.ts";

const XARGS = tool(
  "read_only",
  "-0 --null -a:read --arg-file:read -d:plain --delimiter:plain -E:plain -e? --eof? -I:plain -i? --replace? -L:plain -l? " +
    "--max-lines? -n:plain --max-args:plain -P:plain --max-procs:plain -o --open-tty -p --interactive -r --no-run-if-empty " +
    "-s:plain --max-chars:plain -t --verbose -x --exit --show-limits --process-slot-var:plain -J:plain -R:plain -S:plain",
  "command",
);

/** xargs adds words from its input: paths of a listing, or anything. */
export function xargs(call: Call): void {
  const parsed = parseToolArguments(XARGS, call.args, true);
  applyOptions(XARGS, parsed, call, true);
  const { operands, values, options } = parsed;
  if (operands.length === 0) return record(call);
  const replaced = values.findLast(({ option }) => /^(?:-I|-i|--replace|-J)$/.test(option))?.word.text;
  const mark = replaced ?? (options.some((option) => /^(?:-i|--replace)$/.test(option)) ? "{}" : undefined);
  const { stdin } = call.frame;
  const fromFile = options.includes("-a") || options.includes("--arg-file");
  const names = stdin.kind === "names" && !fromFile;
  const added = computedWord(names ? stdin.prefix : "", call.draft.span, {
    several: mark === undefined && !(names && stdin.prefix !== ""),
    traced: names || stdin.kind === "text",
    raw: "",
  });
  const words = mark === undefined ? [...operands, added] : operands.map((word) => replacedIn(word, mark, added));
  judgeWrapped({ ...call, frame: { ...call.frame, stdin: { kind: "unknown" } } }, words, "xargs");
}

function replacedIn(word: ShellWord, mark: string, added: ShellWord): ShellWord {
  const at = word.text?.indexOf(mark) ?? -1;
  if (word.text === null || at === -1) return word;
  const prefix = at === 0 ? added.prefix : word.text.slice(0, at);
  return computedWord(prefix, word.span, {
    suffix: word.text.slice(at + mark.length),
    traced: added.traced,
    raw: word.raw,
  });
}

/** `busybox rm x`: the first word is the program. */
export function busybox(call: Call): void {
  const [first] = call.args;
  if (first === undefined || /^--(?:list|help|list-full)$/.test(first.text ?? "")) return record(call);
  if (first.text?.startsWith("-") ?? false) {
    unseen(call, "unknown_option", first);
    return record(call);
  }
  judgeWrapped(call, call.args, call.name);
}

const MAKE = tool(
  "executes_code",
  "-[bBdeikLmnpqrRsStvw] -j? --jobs? -l? --load-average? -C:plain --directory:plain -f:script --file:script --makefile:script " +
    "-I:plain -o:plain -W:plain --eval:code --dry-run --just-print --always-make --silent --quiet --keep-going --no-print-directory " +
    "--print-directory --trace --debug? --version --help --touch --question --environment-overrides --output-sync? -O? --warn-undefined-variables",
  "plain",
);

/** make runs a project's recipes; a variable given to it may hold a command. */
export function make(call: Call): void {
  const { args } = call;
  if (args.length === 1 && /^(?:--version|--help|-v|-h)$/.test(args[0]?.text ?? "")) return record(call);
  const parsed = parseToolArguments(MAKE, args, false);
  call.draft.effects.add("executes_code");
  applyOptions(MAKE, parsed, call, false);
  for (const word of parsed.operands) {
    const known = word.text ?? word.prefix;
    const name = /^([A-Za-z_][\w.]*)\s*[:?+]?=/.exec(known)?.[1];
    if (name === undefined) continue;
    if (/^(?:SHELL|MAKE|MAKEFLAGS|\.SHELLFLAGS)$/.test(name) || /[;`|&]|\$\(/.test(known))
      unseen(call, "dynamic_code", word);
    else if (word.text !== null)
      assignVariable(
        { name, value: literalWord(known.slice(known.indexOf("=") + 1), word.span), exported: false, span: word.span },
        call.draft,
        call.analysis,
      );
  }
  record(call);
}

const PARALLEL = tool(
  "executes_code",
  "-[0kmXqtuv] -a:read -d:plain -E:plain -I:plain -j:plain -l:plain -L:plain -n:plain -N:plain -P:plain -S:plain!network --jobs:plain " +
    "--bar --eta --progress --dry-run --dryrun --halt:plain --joblog:write --keep-going --keep-order --line-buffer --no-notice --pipe " +
    "--results:write --resume --retries:plain --tag --timeout:plain --ungroup --verbose --will-cite --null --colsep:plain --delay:plain " +
    "--load:plain --max-args:plain --arg-file:read --sshlogin:plain!network --workdir:plain --wd:plain --citation",
  "shell",
);

/** GNU parallel runs its words as shell text; without a command, every line of its input is one. */
export function parallel(call: Call): void {
  const parsed = parseToolArguments(PARALLEL, call.args, true);
  applyOptions(PARALLEL, parsed, call, true);
  call.draft.effects.add("executes_code");
  const end = parsed.operands.findIndex(({ text }) => /^:::+\+?$/.test(text ?? ""));
  const command = end === -1 ? parsed.operands : parsed.operands.slice(0, end);
  if (command.length === 0) unseen(call, "stdin_code");
  else readAsShell({ ...call, frame: { ...call.frame, stdin: { kind: "unknown" } } }, command, "parallel");
  record(call);
}

/** `command -v x` asks; `command x` runs the program, whatever functions there are. */
export function command(call: Call): void {
  const [first, ...rest] = call.args;
  if (first === undefined || /^-p?[vV]$/.test(first.text ?? "")) return record(call);
  const words = first.text === "-p" || first.text === "--" ? rest : call.args;
  if (words.length === 0) return record(call);
  if (words[0]?.text?.startsWith("-") ?? false) {
    unseen(call, "unknown_option", words[0]);
    return record(call);
  }
  judgeWrapped(call, words, "command");
}
