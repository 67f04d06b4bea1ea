import type { ParsedArguments } from "../arguments.ts";
import { writeEffect } from "../paths.ts";
import type { RiskClass } from "../report.ts";
import { tool, type ToolTable } from "../tool.ts";

const HASHES =
  "-b --binary -c --check -t --text -z --zero --ignore-missing -q --quiet --status --strict -w --warn --tag -a:plain --algorithm:plain --length:plain -l:plain -0 -p -r -s";

const PROCESSES =
  "-[aAcCdeEfFghHIjlLmMnNoOpPqrsSTuUvVwWxXyYZbit0] -o:plain -p:plain -u:plain -U:plain -C:plain -n:plain -t:plain -i? -d:plain -k!destructive --sort:plain --forest --no-headers --headers --format:plain --pid:plain --ppid:plain --user:plain --full --list-name --count --newest --oldest --exact --parent:plain --unit:plain --since:plain --until:plain --no-pager --follow --lines:plain --output:plain --boot? --priority:plain --grep:plain --vacuum-time:plain!destructive --vacuum-size:plain!destructive --rotate!writes --disk-usage --kill!destructive --cols:plain --level:plain --human --color? --reverse --clear!destructive --dmesg --show-pids --quiet --system --identifier:plain";

/** Programs that read files and print. */
export const TEXT_TOOLS: ToolTable = {
  cat: tool(
    "read_only",
    "-[AbeEnstTuv] --show-all --number --number-nonblank --show-ends --squeeze-blank --show-tabs --show-nonprinting",
  ),
  "tac rev nl expand unexpand fold fmt paste column look colrm": tool(
    "read_only",
    "-[aiprtxnceRLNJ] -b:plain -d:plain -s:plain -w:plain -f:plain -h:plain -l:plain -v:plain -c:plain -t:plain -i:plain --before --regex --separator:plain " +
      "--body-numbering:plain --number-format:plain --spaces --bytes --width:plain --initial --tabs:plain --serial --delimiters:plain --table -o:plain --json --tree:plain --table-columns:plain --zero-terminated --output-separator:plain",
  ),
  "head tail": tool(
    "read_only",
    "-[qvzfFr] -n:plain -c:plain -s:plain -b:plain --lines:plain --bytes:plain --follow? --pid:plain --retry --quiet --silent --verbose --zero-terminated --sleep-interval:plain -#",
  ),
  "wc cksum sum": tool(
    "read_only",
    "-[clLmwro] --bytes --chars --lines --words --max-line-length --files0-from:read --total:plain --sysv -a:plain --algorithm:plain",
  ),
  "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum shasum md5 xxhsum": tool("read_only", HASHES),
  "base64 base32 basenc": tool(
    "read_only",
    "-[dDi] -w:plain --decode --ignore-garbage --wrap:plain -b:plain --input:read --output:write -o:write --base64 --base64url --base32 --base16 --z85",
  ),
  "xxd hexdump hd od strings": tool(
    "read_only",
    "-[abCdDEeioprRuxvXhfOsT] -c:plain -g:plain -l:plain -n:plain -N:plain -j:plain -A:plain -t:plain -w? -S? --format:plain --address-radix:plain --radix:plain --bytes:plain --all --encoding:plain --skip-bytes:plain --read-bytes:plain --endian:plain --no-squeezing --canonical",
    "read",
    { examine: writesSecond },
  ),
  sort: tool(
    "read_only",
    "-[bcCdfghiMmnrRsuVz] -k:plain -t:plain -S:plain -T:write -o:write --output:write --key:plain --field-separator:plain --buffer-size:plain --parallel:plain " +
      "--compress-program:shell --files0-from:read --random-source:read --reverse --unique --numeric-sort --human-numeric-sort --version-sort --ignore-case --stable --check? --merge --zero-terminated --general-numeric-sort --sort:plain --dictionary-order --ignore-leading-blanks --batch-size:plain --debug --temporary-directory:write --random-sort --month-sort",
  ),
  uniq: tool(
    "read_only",
    "-[cdDiuz] -f:plain -s:plain -w:plain --count --repeated --unique --ignore-case --all-repeated? --skip-fields:plain --skip-chars:plain --check-chars:plain --group? --zero-terminated",
    "read",
    { examine: writesSecond },
  ),
  cut: tool(
    "read_only",
    "-b:plain -c:plain -d:plain -f:plain -n -s -z --bytes:plain --characters:plain --delimiter:plain --fields:plain --complement --only-delimited --output-delimiter:plain --zero-terminated",
  ),
  tr: tool("read_only", "-[cCdst] --complement --delete --squeeze-repeats --truncate-set1", "plain"),
  "comm join": tool(
    "read_only",
    "-[123izv] -1 -2 -3 -a:plain -e:plain -j:plain -o:plain -t:plain -v:plain --check-order --nocheck-order --output-delimiter:plain --total --header --zero-terminated --ignore-case",
  ),
  "diff cmp sdiff colordiff diff3": tool(
    "read_only",
    "-[aBbcdeEfilnNpPqrstTuwyZ] -c? -u? -U:plain -C:plain -x:plain -X:read -I:plain -W:plain -D:plain -F:plain -L:plain -S:plain --brief --recursive --unified? --context? --new-file --ignore-all-space --ignore-space-change " +
      "--ignore-blank-lines --ignore-case --side-by-side --suppress-common-lines --exclude:plain --exclude-from:read --color? --stat --minimal --text --strip-trailing-cr --label:plain --report-identical-files --bytes:plain --verbose --silent --quiet --width:plain --no-dereference -o:write --output:write",
    "search",
  ),
  "grep egrep fgrep zgrep bzgrep xzgrep": tool(
    "read_only",
    "-[EFGPiIwxvVbnHhoqsaUzLlcTZrRyu] -# -e:plain -f:read -m:plain -A:plain -B:plain -C:plain -d:plain -D:plain --regexp:plain --file:read --max-count:plain --after-context:plain --before-context:plain --context:plain " +
      "--include:plain --exclude:plain --exclude-from:read --exclude-dir:plain --color? --colour? --extended-regexp --fixed-strings --basic-regexp --perl-regexp --ignore-case --no-ignore-case --word-regexp --line-regexp --null-data --no-messages --invert-match " +
      "--byte-offset --line-number --line-buffered --with-filename --no-filename --label:plain --only-matching --quiet --silent --binary-files:plain --text --directories:plain --devices:plain --recursive --dereference-recursive --files-without-match --files-with-matches --count --initial-tab --null --group-separator:plain --no-group-separator",
    "search",
  ),
  "rg ripgrep": tool(
    "read_only",
    "-[iSswvxFPUlLcnNHIoqp0zau.] -# -e:plain -f:read -g:plain -t:plain -T:plain -A:plain -B:plain -C:plain -m:plain -M:plain -r:plain -d:plain -j:plain -E:plain --regexp:plain --file:read --glob:plain --iglob:plain --type:plain --type-not:plain --type-list --type-add:plain " +
      "--after-context:plain --before-context:plain --context:plain --max-count:plain --max-columns:plain --max-depth:plain --maxdepth:plain --max-filesize:plain --replace:plain --sort:plain --sortr:plain --threads:plain --color:plain --colors:plain --encoding:plain " +
      "--files --files-with-matches --files-without-match --hidden --no-ignore --no-ignore-vcs --no-ignore-parent --ignore-case --smart-case --case-sensitive --word-regexp --invert-match --fixed-strings --pcre2 --multiline --multiline-dotall --count --count-matches --line-number --no-line-number --with-filename --no-filename --only-matching --quiet --pretty --heading --no-heading --null --text --unrestricted --follow --json --vimgrep --stats --trim --column --no-messages --no-config --passthru --line-regexp --ignore-file:read --search-zip " +
      "--pre:shell --hostname-bin:shell --pre-glob:plain",
    "search",
  ),
  "ag ack": tool(
    "read_only",
    "-[ilLcwvQsSnHhorRuaUgGf0] -# -A:plain -B:plain -C:plain -m:plain --ignore:plain --hidden --nocolor --nogroup --color --type:plain --python --js --ts",
    "search",
  ),
  jq: tool(
    "read_only",
    "-[cCMsSrRnejahb] -L:plain --arg:plain --argjson:plain --slurpfile:plain --rawfile:plain --args --jsonargs -f:read --from-file:read --indent:plain --tab --raw-output --raw-output0 --join-output --compact-output --slurp --raw-input --null-input --exit-status --sort-keys --color-output --monochrome-output --ascii-output --seq --stream --unbuffered",
    "read",
    { operandEffects: [[/\$ENV\b|\benv\b|input_filename/, "sensitive_read"]] },
  ),
  "yq xq tomlq dasel": tool(
    "read_only",
    "-[eCMPrnNsjy] -i!writes --inplace!writes -o:plain -p:plain -I:plain --output-format:plain --input-format:plain --raw-output --yaml-output -s:plain --split-exp:plain --arg:plain",
    "read",
    { operandEffects: [[/\benv\b|strenv|\$ENV|load/, "sensitive_read"]] },
  ),
  "xmllint xmlstarlet": tool(
    "read_only",
    "--format --xpath:plain --noout --html --schema:read --valid --recover -o:write --output:write -t -v:plain",
    "read",
  ),
  "stat file realpath readlink basename dirname pathchk namei": tool(
    "read_only",
    "-[aefiklLmnpPqrsStvzbIEMNx] -c:plain -f:plain -F:plain -m:plain --format:plain --printf:plain --dereference --file-system --terse --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --mime-type --mime --mime-encoding --brief --relative-to:plain --relative-base:plain --no-symlinks --quiet --multiple --suffix:plain -s:plain --zero",
    "plain",
  ),
  "ls dir vdir exa eza lsd": tool(
    "read_only",
    "-[aAbBcCdDfFgGhHiIklLmnNopqQrRsStTuUvwxXZ1] -I:plain -w:plain -T? --all --almost-all --author --escape --block-size:plain --ignore-backups --color? --directory --classify? --file-type --format:plain --full-time --group-directories-first --no-group --human-readable --si --dereference " +
      "--hide:plain --hyperlink? --indicator-style:plain --inode --ignore:plain --kibibytes --literal --numeric-uid-gid --quote-name --quoting-style:plain --reverse --recursive --size --sort:plain --time:plain --time-style:plain --width:plain --zero --long --tree --level:plain -L? --git --icons? --header",
    "plain",
  ),
  tree: tool(
    "read_only",
    "-[adfilxpsuvhgDFqNQrtcUCnASXJR] -L:plain -P:plain -I:plain -o:write -H:plain -T:plain --noreport --dirsfirst --gitignore --prune --du --filelimit:plain --charset:plain --matchdirs --ignore-case --inodes --device --filesfirst --sort? --info --fromfile",
    "plain",
  ),
  "du df": tool(
    "read_only",
    "-[0abcDhHiklLmPsSxTvg] -d:plain -B:plain -t:plain -X:read --all --apparent-size --block-size:plain --total --max-depth:plain --human-readable --si --summarize --threshold:plain --time? --exclude:plain --one-file-system --inodes --output? --portability --local --print-type --type:plain --exclude-type:plain --sync --no-sync --dereference --count-links",
    "plain",
  ),
  "cal ncal uptime uname arch hostid nproc tty whoami id groups logname users locale getconf free lscpu lsblk lsusb lspci lsmod vmstat iostat mpstat sleep seq factor expr bc yes numfmt tsort uuidgen mcookie clear tput stty reset":
    tool(
      "read_only",
      "-[aAbcCdDfFgGhiIJklLmMnNopPqrRtTuUvVwWxXyYzZ1378S] -d:plain -f:plain -I? -r:plain -s:plain -w:plain -n:plain -o:plain --date:plain --utc --universal --iso-8601? --rfc-3339:plain --rfc-email --reference:plain --separator:plain --equal-width --format:plain --all --kernel-name --to:plain --from:plain --field:plain --random-source:read --echo --head-count:plain --input-range:plain --repeat --mathlib --quiet --human --mebi --gibi --total --count:plain --pretty --since --json --list --output:write --user --group --name --real --set:plain!privileged -#",
      "plain",
    ),
  // A bare operand is a time to set the clock to.
  date: tool(
    "read_only",
    "-[jnuR] -d:plain -f:plain -I? -r:plain -v:plain -z:plain -s:plain!privileged --date:plain --file:read --debug --resolution --utc --universal --iso-8601? --rfc-3339:plain --rfc-email --rfc-2822 --reference:plain --set:plain!privileged",
    "plain",
    { operandEffects: [[/^[^+]/, "privileged"]] },
  ),
  shuf: tool(
    "read_only",
    "-[erz] -i:plain -n:plain -o:write --echo --repeat --zero-terminated --input-range:plain --head-count:plain --output:write --random-source:read",
    "read",
  ),
  dmesg: tool(
    "read_only",
    "-[hHkLPrtTuwWxe] -c!destructive -C!destructive -d -D!privileged -E!privileged -n:plain!privileged -f:plain -l:plain -s:plain -F:read -S --clear!destructive --read-clear!destructive --console-off!privileged --console-on!privileged --console-level:plain!privileged --color? --ctime --facility:plain --level:plain --file:read --follow --human --json --kernel --nopager --notime --raw --reltime --since:plain --until:plain --syslog --time-format:plain --userspace --decode",
    "plain",
  ),
  // `ps e` shows environments.
  ps: tool("read_only", PROCESSES, "plain", {
    operandEffects: [[/^[aAcefgGhHjlLmMnNrsSTuUvVwxXZ]*e[a-zA-Z]*$/, "sensitive_read"]],
  }),
  "pgrep top htop lsof fuser pstree w who last lastlog journalctl": tool("read_only", PROCESSES, "plain"),
  "man info help tldr": tool(
    "read_only",
    "-[afkwK] -P:shell --pager:shell -H?shell --html?shell -M:plain -s:plain -S:plain --manpath:plain",
    "plain",
  ),
  "less more most bat batcat": tool(
    "read_only",
    "-[aAbBcdeEfFgGiIJlLmMnNpPqQrRsSuUvVwWxX] -o:write -O:write -k:script --style:plain -l:plain --language:plain --paging:plain --plain --color:plain --pager:shell --theme:plain --number --line-range:plain -r:plain -p -pp --lesskey-src:script --use-color",
    "read",
    { operandEffects: [[/^\+(?!\d*[gGF%]?$|\/)/, "opaque"]] },
  ),
  printenv: tool("sensitive_read", "-0 --null", "plain"),
  "cloc tokei scc loc": tool(
    "read_only",
    "--exclude-dir:plain --include-lang:plain --json --by-file --vcs:plain --quiet --git --md --csv --files -s:plain --sort:plain -e:plain --exclude:plain -t:plain",
    "plain",
  ),
  "xsel xclip pbpaste wl-paste": tool("sensitive_read", "-[obip] -selection:plain -o -sel:plain", "plain"),
  "pbcopy wl-copy": tool("writes", "-[np]", "plain"),
  "fd fdfind": tool(
    "read_only",
    "-[HIisaluLp0gF1q] -e:plain -t:plain -d:plain -E:plain -S:plain -o:plain -j:plain -c:plain --hidden --no-ignore --case-sensitive --ignore-case --glob --fixed-strings --absolute-path --list-details --follow --full-path --print0 --max-depth:plain --min-depth:plain --exact-depth:plain --exclude:plain --type:plain --extension:plain --size:plain --changed-within:plain --changed-before:plain --owner:plain --color:plain --threads:plain --max-results:plain --base-directory:plain --search-path:plain --strip-cwd-prefix " +
      "-x:shell -X:shell --exec:shell --exec-batch:shell",
    "plain",
  ),
  "locate mlocate plocate mdfind": tool(
    "read_only",
    "-[bceirwA0] -n:plain -l:plain --limit:plain -name:plain",
    "plain",
  ),
  "fzf sk": tool("executes_code", "-[emi] -q:plain --query:plain --preview:shell --bind:shell --height:plain", "plain"),
  envsubst: tool("sensitive_read", "-v --variables", "plain"),
  "csvcut csvlook csvstat csvgrep csvjson in2csv": tool(
    "read_only",
    "-c:plain -d:plain -t -n -m:plain -r:plain -H -e:plain",
    "read",
  ),
  "gettext ngettext iconv": tool(
    "read_only",
    "-f:plain -t:plain -c -l -o:write --from-code:plain --to-code:plain --output:write --list -s",
    "read",
  ),
  "sha3sum crc32 nm objdump readelf size otool": tool(
    "read_only",
    "-[aACDdefghilnprsStTuvwWxX] -j:plain -M:plain --disassemble --demangle? --dynamic --syms --headers --all --file-headers --section:plain --no-show-raw-insn",
  ),
  "shellcheck hadolint yamllint jsonlint cspell codespell vale": tool(
    "read_only",
    "-[aCfsexqwW] -f:plain -s:plain -e:plain -x --shell:plain --exclude:plain --format:plain --severity:plain -S:plain --strict -w!writes --write-changes!writes --ignore-words-list:plain --skip:plain --no-progress -d:plain -c:read",
  ),
  ldd: tool("executes_code", "-[druv]", "read"),
};

/** `uniq in out` and `xxd in out` write their second file. */
function writesSecond({ operands }: ParsedArguments): readonly RiskClass[] {
  return operands.slice(1).map(writeEffect);
}
