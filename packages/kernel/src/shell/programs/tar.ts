import { applyTool } from "../apply-tool.ts";
import { record, type Call } from "../call.ts";
import { optionGrammar } from "../option-grammar.ts";
import { literalWord, type ShellWord } from "../shell-word.ts";
import { tool } from "../tool.ts";

const TAR = tool(
  "read_only",
  "-[dhjJklmnopRsStUvVwWzZiBGaO] -c!writes -x!writes -r!writes -u!writes -A!writes -P!destructive -C:write -f:write -b:plain -T:read -X:read " +
    "-N:plain -g:write -V:plain -L:plain -H:plain -K:plain -F:script -I:shell --use-compress-program:shell --create!writes --extract!writes " +
    "--get!writes --list --append!writes --update!writes --catenate!writes --concatenate!writes --diff --compare --delete!destructive --file:write " +
    "--directory:write --gzip --gunzip --bzip2 --xz --zstd --lzma --lzip --verbose --exclude:plain --exclude-from:read --exclude-vcs " +
    "--exclude-vcs-ignores --files-from:read --strip-components:plain --transform:plain --xform:plain --no-same-owner --same-owner " +
    "--no-same-permissions --preserve-permissions --same-permissions --owner:plain --group:plain --mode:plain --mtime:plain --sort:plain " +
    "--format:plain --overwrite!destructive --keep-old-files --keep-newer-files --skip-old-files --wildcards --no-wildcards --no-recursion " +
    "--dereference --absolute-names!destructive --totals --checkpoint? --auto-compress --one-top-level? --to-stdout --numeric-owner " +
    "--remove-files!destructive --unlink-first!destructive --recursive-unlink!destructive --null --occurrence? --anchored --no-anchored " +
    "--ignore-case --show-transformed-names --warning:plain --ignore-failed-read --hard-dereference --acls --xattrs --selinux --full-time " +
    "--block-number --index-file:write --listed-incremental:write --newer:plain --newer-mtime:plain --sparse --verify --version --help " +
    "--checkpoint-action:setting --to-command:shell --rsh-command:shell --rmt-command:shell --info-script:script --new-volume-script:script",
  "search",
);

const MAKING = new Set(["-x", "--extract", "--get"]);

/** tar, also in its old manner: `tar xzf a.tgz`. Listing reads; the archive of a listing or an extraction is no file that is made. */
export function tar(call: Call): void {
  const args = dashed(call.args);
  if (args.length === 0) return record(call);
  const reading = args.some(({ text }) =>
    /^(?:-[a-zA-Z]*[tx][a-zA-Z]*|--list|--extract|--get|--diff|--compare)$/.test(text ?? ""),
  );
  const extracting = args.some(({ text }) => MAKING.has(text ?? "") || /^-[a-zA-Z]*x/.test(text ?? ""));
  if (extracting) call.analysis.madeUnnamed = true;
  applyTool(reading ? READING : TAR, { ...call, args });
}

const READING = { ...TAR, options: TAR.options.replace("-f:write", "-f:read").replace("--file:write", "--file:read") };

/** `xzfC a.tgz out` as `-x -z -f a.tgz -C out`. */
function dashed(args: readonly ShellWord[]): readonly ShellWord[] {
  const [first, ...rest] = args;
  if (first?.text == null || !/^[a-zA-Z]+$/.test(first.text)) return args;
  const { rules } = optionGrammar(TAR);
  const words: ShellWord[] = [];
  for (const letter of first.text) {
    words.push(literalWord(`-${letter}`, first.span));
    if (rules.get(`-${letter}`)?.value === "needed" && rest.length > 0) words.push(rest.shift() as ShellWord);
  }
  return [...words, ...rest];
}
