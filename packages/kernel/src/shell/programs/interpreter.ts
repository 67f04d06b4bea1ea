import { parseToolArguments } from "../arguments.ts";
import { applyOptions } from "../apply-tool.ts";
import { record, unseen, type Call } from "../call.ts";
import { runFile } from "../run-file.ts";
import { tool, type Tool } from "../tool.ts";
import { isPlainCode } from "./foreign-code.ts";

const run = (options: string): Tool => tool("executes_code", options, "script_first");

/** Programs that run code in a language that is not read here. Text in the line, or on standard input, is opaque. */
export const INTERPRETER_TOOLS: ReadonlyMap<string, Tool> = new Map(
  Object.entries({
    "python pypy": run(
      "-c:code -m:plain -[bBdEhiIOPqRsSuvxV] -W:plain -X:plain -O -OO --version --help --check-hash-based-pycs:plain",
    ),
    "node nodejs": run(
      "-e:code --eval:code -p:code --print:code -pe:code -[ichv] --check --interactive --test --watch --inspect? --inspect-brk? " +
        "--version --help -r:script --require:script --import:script --loader:script --experimental-loader:script " +
        "--env-file:read --env-file-if-exists:read --max-old-space-size:plain --max-old-space-size-percentage:plain --stack-size:plain " +
        "--trace-warnings --no-warnings --trace-deprecation --enable-source-maps --experimental-strip-types " +
        "--experimental-vm-modules --expose-gc --test-reporter:plain --test-name-pattern:plain --test-only " +
        "--test-concurrency:plain --test-timeout:plain --conditions:plain -C:plain --prof --cpu-prof --heap-prof " +
        "--run:plain --input-type:plain --preserve-symlinks --unhandled-rejections:plain --experimental-test-coverage",
    ),
    perl: run(
      "-e:code -E:code -[acfhlnpsSTtuUvwWXx] -i?plain!writes -0? -l? -F:plain -I:plain -M:plain -m:plain -C? -d?plain --version",
    ),
    "ruby jruby": run(
      "-e:code -[acdhlnpsSvwyUy] -i?plain!writes -I:plain -r:script -W? -E:plain -K:plain -C:plain -x? --version --enable:plain --disable:plain",
    ),
    php: run(
      "-r:code -B:code -R:code -E:code -[aimnqsvwhzl] -f:script -F:script -S:plain!network -t:plain -d:setting -c:read --version --ini --rf:plain --ri:plain",
    ),
    "lua luajit texlua": run("-e:code -l:script -[ivEW]"),
    "Rscript R": run("-e:code --vanilla --slave --no-save --quiet -q --version --args"),
    julia: run("-e:code --eval:code -E:code --print:code --project? -t:plain --threads:plain -[ihv] --version"),
    "elixir iex": run("-e:code --eval:code -r:script -S:plain --version -v"),
    osascript: run("-e:code -l:plain -[is]"),
    "pwsh powershell": run(
      "-c:code -Command:code -EncodedCommand:code -enc:code -e:code -File:script -f:script -NoProfile -NonInteractive -NoLogo -ExecutionPolicy:plain -Version",
    ),
    "fish csh tcsh nu xonsh elvish rc es": run("-c:code -[filnvxeNP] --init-command:code -C:code --version"),
    "tclsh wish expect": run("-c:code -f:script -[dinv]"),
    "ts-node tsx bun deno-run esno jiti": run(
      "-e:code --eval:code -p:code --print:code -r:script --require:script --import:script -P:read --project:read --tsconfig:read -T " +
        "--transpile-only --esm --files --swc -v --version --no-cache --env-file:read",
    ),
    "groovy scala kotlin jshell ghci runghc runhaskell ocaml sbcl clisp guile racket gst swipl": run(
      "-e:code --eval:code -c:code -q -v --version --script:script",
    ),
    "gdb lldb": run(
      "-ex:code -iex:code --eval-command:code -x:script --command:script -p:plain --pid:plain -batch --batch -q -n --args -o:code",
    ),
  }).flatMap(([names, grammar]) => names.split(" ").map((name) => [name, grammar] as const)),
);

/** Modules of Python that only read or format. */
const READING_MODULES = /^(?:json\.tool|site|platform|calendar|tokenize|ast|sysconfig|this)$/;

export function interpreter(call: Call): void {
  const grammar = INTERPRETER_TOOLS.get(call.name);
  if (grammar === undefined) return record(call);
  const args = untilModule(call);
  const [first] = args;
  if (args.length === 1 && /^(?:--version|--help|-v|-V|-h)$/.test(first?.text ?? "")) return record(call);
  const parsed = parseToolArguments(grammar, args, true);
  call.draft.effects.add("executes_code");
  const code = parsed.values.filter(({ role }) => role === "code");
  const others = parsed.values.filter(({ role }) => role !== "code");
  applyOptions(grammar, { ...parsed, values: others }, call, true);
  for (const { word } of code) {
    const plain = word.text !== null && (isPlainCode(word.text) || isSubstitution(call.name, word.text));
    if (!plain) unseen(call, word.text === null ? "dynamic_code" : "foreign_code", word);
  }
  const module = parsed.values.find(({ option }) => option === "-m" && /^(?:python|pypy)/.test(call.name));
  if (module !== undefined) {
    if (module.word.text === null) unseen(call, "dynamic_code", module.word);
    const rest = call.args.slice(args.length);
    if (module.word.text === "timeit")
      for (const word of rest) if (!isPlainCode(word.text ?? "$")) unseen(call, "foreign_code", word);
    if (READING_MODULES.test(module.word.text ?? "")) call.draft.effects.delete("executes_code");
  } else if (code.length === 0 && !parsed.options.includes("--test") && !parsed.options.includes("--run")) {
    const [script] = parsed.operands;
    if (script === undefined || script.text === "-") readStdin(call);
    else runScript(call, script);
  }
  if (code.length > 0 && /^(?:perl|ruby)$/.test(call.name)) readsFiles(call, parsed.operands);
  record(call);
}

function readStdin(call: Call): void {
  const { stdin } = call.frame;
  if (stdin.kind !== "text") unseen(call, "stdin_code");
  else if (!isPlainCode(stdin.text)) unseen(call, "foreign_code");
}

/** What follows `-m module` are the module's own arguments. */
function untilModule(call: Call): Call["args"] {
  if (!/^(?:python|pypy)/.test(call.name)) return call.args;
  const at = call.args.findIndex(({ text }) => text === "-m");
  return at === -1 ? call.args : call.args.slice(0, at + 2);
}

/** `bun run x`, `bun test`: subcommands of a project's tool, no files. */
function runScript(call: Call, script: Call["args"][number]): void {
  const words = /^(?:run|test|install|add|build|i|remove|dev|start|x|create|init|watch|pm|outdated|update)$/;
  if (/^(?:bun|tsx)$/.test(call.name) && words.test(script.text ?? "")) return;
  runFile(call, script);
}

function readsFiles(call: Call, files: Call["args"]): void {
  if (files.some(({ text, traced }) => text === null && !traced)) call.draft.effects.add("sensitive_read");
}

/** `perl -pe 's/a/b/g'`: one substitution that evaluates nothing. */
function isSubstitution(name: string, code: string): boolean {
  if (name !== "perl" && name !== "ruby") return false;
  if (/^\s*print (?:if|unless) (?:\/[\w\s.,:;=^$*+?|-]*\/i?|\$\. ?[<>=]{1,2} ?\d+)\s*;?\s*$/.test(code)) return true;
  return /^\s*s([/|#,!])(?:(?!\1)[^\\@$`{}(\n]|\\[\w./|\\-]|\((?!\?))*\1(?:(?!\1)[^\\@$`{}(\n]|\\[\w./|\\-]|\$\d)*\1[gimsx]*\s*;?\s*$/.test(
    code,
  );
}
