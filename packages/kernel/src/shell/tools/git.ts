import type { ParsedArguments } from "../arguments.ts";
import type { RiskClass } from "../report.ts";
import { settingEffect } from "../setting.ts";
import { literalWord } from "../shell-word.ts";
import { tool, type Tool, type ToolTable } from "../tool.ts";

const DIFF =
  "-[pstuwbaRzvq] -# -U:plain -M? -C? -B? -D -S:plain -G:plain -O:read -X? -l:plain --stat? --shortstat --numstat --dirstat? --summary --name-only --name-status --patch --no-patch --raw --color? --no-color --word-diff? --word-diff-regex:plain --color-words? --cached --staged --diff-filter:plain " +
  "--unified:plain --minimal --patience --histogram --diff-algorithm:plain --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-space-at-eol --find-renames? --find-copies? --no-renames --exit-code --quiet --no-prefix --relative? --text --binary --full-index --abbrev? --check --merge-base --no-ext-diff --no-textconv --submodule? --function-context -W --compact-summary --no-index --inter-hunk-context:plain --ext-diff!executes_code --textconv --output:write --base --ours --theirs --no-relative -m -c --cc --first-parent --pickaxe-regex --pickaxe-all --ignore-submodules?";
const LOG = `${DIFF} -n:plain -i -E -F -P -L:plain --oneline --graph --all --branches? --tags? --remotes? --decorate? --no-decorate --pretty? --format:plain --author:plain --committer:plain --grep:plain --since:plain --after:plain --until:plain --before:plain --max-count:plain --skip:plain --merges --no-merges --reverse --follow --date:plain --abbrev-commit --no-abbrev-commit --show-signature --topo-order --date-order --author-date-order --left-right --cherry-pick --cherry-mark --cherry --invert-grep --all-match --ancestry-path? --simplify-by-decoration --full-history --source --walk-reflogs -g --parents --children --notes? --no-notes --mailmap --use-mailmap --not --boundary --count --show-pulls --numbered --summary --email -e -s --group:plain --stdin --objects --not --glob:plain --exclude:plain --no-walk? --encoding:plain`;

const reads = (options: string, more: Partial<Tool> = {}): Tool => tool("read_only", options, "plain", more);
const writes = (options: string, more: Partial<Tool> = {}): Tool => tool("writes", options, "plain", more);
/** Addresses whose transport is a command. */
const TRANSPORT: readonly [RegExp, RiskClass] = [/^(?:ext|fd)::/, "opaque"];
const network = (options: string, more: Partial<Tool> = {}): Tool =>
  tool("network", options, "plain", { ...more, operandEffects: [TRANSPORT, ...(more.operandEffects ?? [])] });

const MERGE =
  "-m:plain -F:read -s:plain -X:plain --no-ff --ff --ff-only --squash --no-squash --commit --no-commit --abort --continue --quit --skip --strategy:plain --strategy-option:plain --no-verify --verify --message:plain --edit --no-edit -e -q -v -n --quiet --verbose --allow-unrelated-histories --autostash --no-autostash --signoff --stat --no-stat --log? --no-log --rerere-autoupdate -S? --gpg-sign? --no-gpg-sign";
const FETCH =
  "-[apfktvqnu46] -j:plain -o:plain --all --prune --prune-tags --tags --no-tags --force --depth:plain --deepen:plain --unshallow --shallow-since:plain --dry-run --quiet --verbose --progress --multiple --jobs:plain --recurse-submodules? --no-recurse-submodules --set-upstream --append --atomic --refmap:plain --filter:plain --update-head-ok --negotiation-tip:plain --upload-pack:shell --server-option:plain";

const SUBCOMMANDS: Readonly<Record<string, Tool>> = {
  status: reads(
    "-[svbuz] -u? --short --branch --porcelain? --long --verbose --untracked-files? --ignored? --show-stash --ahead-behind --no-ahead-behind --column? --ignore-submodules? --renames --no-renames --null",
  ),
  diff: reads(DIFF),
  "log whatchanged": reads(LOG),
  shortlog: reads(`${LOG} -n -c --no-merges --all`),
  show: reads(LOG),
  "diff-tree diff-index diff-files range-diff": reads(`${LOG} -r --root --no-commit-id --creation-factor:plain`),
  "blame annotate": reads(
    "-[bcCeflMnpstw] -L:plain -S:plain --porcelain --line-porcelain --incremental --date:plain --show-email --since:plain --ignore-rev:plain --ignore-revs-file:read --color-lines --color-by-age -C? -M? --abbrev:plain",
  ),
  grep: reads(
    "-[aiIwvhHnlLzcoqpWeEGPFrIf] -# -A:plain -B:plain -C:plain -e:plain -f:read -m:plain -O?shell --open-files-in-pager?shell --cached --untracked --no-index --recurse-submodules --ignore-case --word-regexp --invert-match --line-number --files-with-matches --name-only --count --color? --no-color --break --heading --show-function --function-context --threads:plain --max-depth:plain --and --or --not --all-match --fixed-strings --extended-regexp --perl-regexp --text --textconv --only-matching --quiet --column",
  ),
  "rev-parse rev-list describe name-rev merge-base cat-file ls-files ls-tree for-each-ref show-ref show-branch count-objects cherry var check-ignore check-attr check-ref-format check-mailmap verify-commit verify-tag version help merge-tree get-tar-commit-id fsck column stripspace":
    reads(
      `${LOG} --short? --abbrev-ref? --show-toplevel --git-dir --git-common-dir --show-prefix --show-cdup --is-inside-work-tree --is-bare-repository --is-inside-git-dir --is-shallow-repository --verify --symbolic --symbolic-full-name --default:plain --absolute-git-dir --superproject-working-tree --git-path:plain --sq --local-env-vars --path-format:plain --always --dirty? --long --match:plain --candidates:plain --exact-match --contains? --tags --is-ancestor --fork-point --octopus --independent --batch? --batch-check? --batch-all-objects --others -o --exclude-standard --modified -d --deleted --ignored --stage --unmerged --killed --error-unmatch --full-name --exclude-per-directory:plain --eol --deduplicate -r -t --name-only --heads --head --dereference --hash? --sort:plain --points-at:plain --no-contains? --merged? --no-merged? --pathspec-from-file:read --verbose -v --non-matching --disk-usage? --object-only --full-tree --unreachable --lost-found!writes --no-dangling --strict --connectivity-only -H --directory --no-empty-directory -k -c -p -e`,
    ),
  branch: reads(
    "-[avrqilft] -vv -u:plain!writes --list --all --remotes --verbose --show-current --contains? --no-contains? --merged? --no-merged? --sort:plain --points-at:plain --format:plain --column? --no-column --color? --no-color --abbrev? --ignore-case -d!destructive --delete!destructive -D!destructive -m!writes -M!destructive --move!writes -c!writes -C!destructive --copy!writes -f!destructive --force!destructive --set-upstream-to:plain!writes --unset-upstream!writes --track?plain!writes --no-track!writes --edit-description!executes_code",
    { operandEffects: [[/^(?!-)/, "writes"]] },
  ),
  tag: reads(
    "-[lnifv] -n? --list --sort:plain --contains? --no-contains? --merged? --no-merged? --points-at:plain --format:plain --column? --verify -a!writes --annotate!writes -s!writes --sign!writes -u:plain!writes -m:plain!writes --message:plain!writes -F:read!writes -f!destructive --force!destructive -d!destructive --delete!destructive --create-reflog",
    {
      operandEffects: [[/^(?!-)/, "writes"]],
    },
  ),
  remote: reads("-v --verbose", {
    subcommands: {
      show: network("-n"),
      "get-url": reads("--push --all"),
      "-v": reads(""),
      "add rename set-head set-branches set-url": writes(
        "-[fatmd] -t:plain -m:plain --tags --no-tags --push --add --delete --auto --mirror?",
        { operandEffects: [TRANSPORT] },
      ),
      "remove rm": tool("destructive", "", "plain"),
      "prune update": network("-n --dry-run -p --prune"),
    },
  }),
  stash: writes("-[kuapqS] -m:plain --keep-index --include-untracked --all --patch --message:plain --quiet --staged", {
    subcommands: {
      "list show": reads(LOG),
      "push save": writes(
        "-[kuapqS] -m:plain --keep-index --include-untracked --all --patch --message:plain --quiet --staged --pathspec-from-file:read",
      ),
      "pop apply": writes("-q --quiet --index"),
      "branch create store": writes("-m:plain -q"),
      "drop clear": tool("destructive", "-q --quiet", "plain"),
    },
    bare: "writes",
  }),
  reflog: reads(LOG, {
    subcommands: {
      "show list exists": reads(LOG),
      "expire delete drop": tool(
        "destructive",
        "--all --expire:plain --expire-unreachable:plain --rewrite --updateref -n --dry-run",
        "plain",
      ),
    },
    otherwise: reads(LOG),
  }),
  "add stage": writes(
    "-[nvfiuANpe] --dry-run --verbose --force --interactive --patch --edit --update --all --no-all --intent-to-add --refresh --ignore-errors --chmod:plain --renormalize --sparse --pathspec-from-file:read",
  ),
  commit: writes(
    "-[aevqnspoiz] -m:plain -F:read -C:plain -c:plain -t:read -S? -u? --all --patch --message:plain --file:read --amend --no-edit --edit --verbose --quiet --no-verify --signoff --no-signoff --allow-empty --allow-empty-message --author:plain --date:plain --fixup:plain --squash:plain --reset-author --reuse-message:plain --reedit-message:plain --dry-run --short --porcelain --only --include --no-gpg-sign --gpg-sign? --trailer:plain --cleanup:plain --template:read --no-post-rewrite --no-status --status --interactive --branch",
  ),
  checkout: writes(
    "-[qlt2] -p!destructive -b:plain -B:plain!destructive -f!destructive --force!destructive --quiet --detach --track? --no-track --guess --no-guess --orphan:plain --ours!destructive --theirs!destructive --merge -m --conflict:plain --patch!destructive --progress --no-progress --ignore-other-worktrees --recurse-submodules --overwrite-ignore --pathspec-from-file:read!destructive --",
    {
      operandEffects: [[/^(?:\.|.*[*/].*\.\w+|:.*)$/, "destructive"]],
      examine: ({ options }) => (options.includes("--") ? ["destructive"] : []),
    },
  ),
  switch: writes(
    "-[qdtm] -c:plain -C:plain!destructive -f!destructive --force!destructive --discard-changes!destructive --create:plain --force-create:plain!destructive --detach --track? --guess --no-guess --orphan:plain --quiet --merge --conflict:plain --no-progress",
  ),
  restore: tool(
    "destructive",
    "-[qpSW] -s:plain --source:plain --staged --worktree --quiet --patch --ours --theirs --merge --pathspec-from-file:read --overlay --no-overlay",
    "plain",
  ),
  reset: writes(
    "-[qpN] --soft --mixed --quiet --patch --no-refresh --hard!destructive --merge!destructive --keep!destructive --pathspec-from-file:read",
  ),
  clean: tool("destructive", "-[ndfxXqi] -e:plain --dry-run --force --quiet --exclude:plain --interactive", "plain"),
  rm: tool(
    "destructive",
    "-[frnq] --cached --force --dry-run --quiet --ignore-unmatch --sparse --pathspec-from-file:read",
    "plain",
  ),
  mv: writes("-[fknv] --force --dry-run --verbose --sparse"),
  merge: writes(MERGE),
  "cherry-pick revert": writes(
    `${MERGE} -x -m:plain --mainline:plain --allow-empty --keep-redundant-commits --ff --cleanup:plain`,
  ),
  rebase: writes(
    "-[iqvfkmrsp] -i -x:shell --exec:shell -s:plain -X:plain -C:plain --onto:plain --continue --abort --skip --quit --edit-todo --show-current-patch --interactive --autosquash --no-autosquash --autostash --no-autostash --keep-base --root --rebase-merges? --strategy:plain --strategy-option:plain --no-verify --signoff --force-rebase --no-ff --quiet --verbose --stat --no-stat --committer-date-is-author-date --update-refs --no-update-refs --empty:plain --reapply-cherry-picks --gpg-sign? --no-gpg-sign --fork-point --no-fork-point",
  ),
  pull: network(`${FETCH} ${MERGE} -r --rebase? --no-rebase`),
  fetch: network(FETCH),
  clone: network(
    "-[lnqvs46b] -b:plain -o:plain -j:plain -c:setting --config:setting -u:shell --upload-pack:shell --branch:plain --origin:plain --depth:plain --single-branch --no-single-branch --bare --mirror --quiet --verbose --progress --recursive --recurse-submodules? --shallow-submodules --no-tags --no-checkout --sparse --filter:plain --reference:plain --dissociate --local --no-hardlinks --shared --jobs:plain --shallow-since:plain --separate-git-dir:write --template:script --remote-submodules --also-filter-submodules",
    {
      makes: true,
    },
  ),
  push: network(
    "-[qvnu46] -o:plain --set-upstream --all --branches --tags --follow-tags --dry-run --porcelain --quiet --verbose --progress --no-verify --verify --atomic --signed? --thin --no-thin --push-option:plain --recurse-submodules:plain -f!destructive --force!destructive --force-with-lease?plain!destructive --force-if-includes -d!destructive --delete!destructive --mirror!destructive --prune!destructive --repo:plain --receive-pack:shell --exec:shell",
    { operandEffects: [[/^[+:]/, "destructive"]] },
  ),
  "ls-remote": network(
    "-[htq] --heads --branches --tags --refs --quiet --exit-code --get-url --sort:plain --symref --upload-pack:shell -o:plain",
  ),
  config: reads(
    "-[lz] -f:read --file:read --blob:plain --global --local --system --worktree --get:plain --get-all:plain --get-regexp:plain --get-urlmatch:plain --get-color:plain --list --name-only --show-origin --show-scope --null --includes --no-includes --bool --int --path --type:plain --default:plain --unset:plain!executes_code --unset-all:plain!executes_code --add!executes_code --replace-all!executes_code --remove-section:plain!executes_code --rename-section:plain!executes_code -e!executes_code --edit!executes_code",
    { examine: configured },
  ),
  submodule: network("-q --quiet --cached", {
    subcommands: {
      "status summary": reads("-[qn] --cached --recursive --quiet"),
      foreach: tool("read_only", "-q --quiet --recursive", "shell"),
      "update add init sync set-url set-branch absorbgitdirs": network(
        "-[qfNb] --init --recursive --remote --depth:plain --force --quiet --jobs:plain -j:plain -b:plain --name:plain --merge --rebase --checkout --reference:plain --no-fetch --single-branch",
      ),
      deinit: tool("destructive", "-f --force --all", "plain"),
    },
    bare: "read_only",
  }),
  worktree: writes("", {
    subcommands: {
      list: reads("-v -z --porcelain --verbose"),
      "add lock unlock move repair": writes(
        "-[fbdq] -b:plain -B:plain --detach --force --track --checkout --no-checkout --guess-remote --lock --reason:plain --orphan",
      ),
      "remove prune": tool("destructive", "-[fnv] --force --dry-run --verbose --expire:plain", "plain"),
    },
  }),
  bisect: writes("", {
    subcommands: {
      run: tool("read_only", "", "command"),
      "start bad good new old skip reset terms": writes(
        "--no-checkout --first-parent --term-old:plain --term-new:plain --term-good --term-bad",
      ),
      log: reads(""),
      "visualize view replay": tool("executes_code", "", "plain"),
    },
  }),
  init: writes(
    "-q --quiet --bare -b:plain --initial-branch:plain --template:script --shared? --object-format:plain --separate-git-dir:write",
  ),
  "apply am": writes(
    "-[RpvqsikK3] -p:plain -C:plain --check --stat --numstat --summary --reverse --index --cached --3way --reject --whitespace:plain --directory:plain --include:plain --exclude:plain --ignore-whitespace --ignore-space-change --recount --unidiff-zero --verbose --quiet --continue --skip --abort --signoff --keep-cr --allow-empty",
    { makes: true },
  ),
  "notes replace update-index sparse-checkout gc repack prune-packed pack-refs commit-graph multi-pack-index rerere symbolic-ref write-tree read-tree commit-tree mktag mktree hash-object unpack-objects index-pack":
    writes(
      "-[qdafAlwpmnz] -m:plain -p:plain -F:read --auto --quiet --aggressive --short --all --cacheinfo:plain --add --remove --refresh --really-refresh --assume-unchanged --no-assume-unchanged --skip-worktree --no-skip-worktree --chmod:plain --cone --no-cone --stdin --prune?plain!destructive --no-prune",
    ),
  bundle: tool("writes", "-q --quiet --all --progress --version:plain", "write"),
  maintenance: tool("executes_code", "--auto --quiet --task:plain --schedule?", "plain"),
  prune: tool("destructive", "-[nv] --expire:plain --progress", "plain"),
  "update-ref filter-branch filter-repo lfs-migrate delete-refs fast-import": tool(
    "destructive",
    "-d --no-deref --stdin -m:plain -f --force --tree-filter:shell --index-filter:shell --msg-filter:shell --env-filter:shell --commit-filter:shell --parent-filter:shell --tag-name-filter:shell --subdirectory-filter:plain --prune-empty --path:plain --invert-paths --all -z",
    "plain",
  ),
  "archive format-patch fast-export": writes(
    "-[onkNv] -o:write --output:write --output-directory:write --format:plain --prefix:plain --remote:plain!network --exec:shell --stdout --cover-letter --subject-prefix:plain -# --all --root --signoff --numbered",
    { makes: true },
  ),
  "difftool mergetool": tool(
    "executes_code",
    "-[yg] -t:plain -x:shell --tool:plain --extcmd:shell --tool-help --dir-diff --no-prompt --gui",
    "plain",
  ),
  "send-email request-pull svn p4 cvsimport imap-send http-push daemon upload-pack receive-pack": network(
    "--to:plain --cc:plain --subject:plain --smtp-server:shell --sendmail-cmd:shell --to-cmd:shell --cc-cmd:shell --dry-run",
  ),
  lfs: network("", {
    subcommands: {
      "ls-files status env version locks": reads("-[lasnd] --all --long"),
      "pull fetch push track untrack install checkout": network(
        "--all --skip-smudge --local --include:plain --exclude:plain",
      ),
    },
  }),
  "credential credential-store credential-cache": tool("sensitive_read", "--file:read", "plain"),
};

/** git: what a subcommand does, and the settings, hooks and helpers through which it runs programs. */
export const GIT_TOOLS: ToolTable = {
  git: tool(
    "read_only",
    "-c:setting --config-env:setting -C:plain --exec-path?script --git-dir:script --work-tree:plain --namespace:plain --super-prefix:plain -p --paginate -P --no-pager --no-replace-objects --bare --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-optional-locks --no-advice --version --help -v -h --html-path --man-path --info-path --list-cmds:plain",
    "plain",
    { subcommands: SUBCOMMANDS },
  ),
  gh: tool("network", "-R:plain --repo:plain --help --version", "plain", {
    subcommands: {
      "pr issue run release repo workflow label cache search status browse project ruleset variable org gpg-key ssh-key":
        network(
          "-[wdfcqbBHlsatm] -R:plain --repo:plain --json:plain -q:plain --jq:plain --title:plain -t:plain --body:plain -b:plain --body-file:read -F:read --base:plain -B:plain --head:plain -H:plain --state:plain -s:plain --limit:plain -L:plain --author:plain --assignee:plain --label:plain -l:plain --web --draft --fill --squash --merge --rebase --delete-branch --admin --auto --comments --log --log-failed --exit-status --watch --name-only --patch --template:plain --reviewer:plain --milestone:plain --search:plain --event:plain --branch:plain --workflow:plain -w? --approve --comment --request-changes --notes:plain --notes-file:read --generate-notes --prerelease --latest --target:plain --dir:write -D:write --pattern:plain -p:plain --clobber --name:plain -n:plain -f:plain --ref:plain --add-label:plain --remove-label:plain --public --private --source:plain --push --clone --color:plain --job:plain --interval:plain --required --failed",
          {
            operandEffects: [
              [/^(?:delete|close|archive|merge|transfer|lock|cancel)$/, "destructive"],
              [/^(?:download|clone|checkout)$/, "writes"],
            ],
          },
        ),
      api: network(
        "-X:plain --method:plain -f:plain -F:plain -H:plain --field:plain --raw-field:plain --header:plain --jq:plain -q:plain --paginate --slurp -i --include --input:read --silent --cache:plain --hostname:plain -t:plain --template:plain --verbose",
        {
          operandEffects: [],
        },
      ),
      auth: tool(
        "sensitive_read",
        "-t --show-token -h:plain --hostname:plain --with-token --web --scopes:plain -s:plain",
        "plain",
      ),
      secret: tool("privileged", "-b:plain --body:plain -f:read -o:plain -e:plain -r:plain", "plain"),
      "extension alias codespace copilot": tool("executes_code", "-c:plain", "plain"),
      "gist config version help completion": network(
        "-p -d:plain -f:plain -s:plain --public --desc:plain --filename:plain",
      ),
    },
  }),
  "glab hub tea": tool("network", "-R:plain", "plain"),
  "svn hg bzr fossil jj": tool(
    "executes_code",
    "-[rmqv] -r:plain -m:plain --config:setting --config-option:setting --diff-cmd:shell --diff3-cmd:shell --editor-cmd:shell",
    "plain",
  ),
  "gitk tig lazygit gitui": tool("executes_code", "", "plain"),
  "pre-commit husky lint-staged": tool(
    "executes_code",
    "-a --all-files --files:plain --hook-stage:plain -v --show-diff-on-failure --from-ref:plain --to-ref:plain",
    "plain",
  ),
};

/** One operand reads a value; two write it, and most of what can be written is a program to run later. */
function configured({ operands, options }: ParsedArguments): readonly RiskClass[] {
  const [first, ...rest] = operands;
  if (first === undefined || options.some((option) => /^(?:--get|-l$|--list)/.test(option))) return ["read_only"];
  if (/^(?:get|list)$/.test(first.text ?? "")) return ["read_only"];
  const [key, value] = first.text === "set" ? rest : operands;
  if (operands.length === 1 && first.text !== null) return ["read_only"];
  if (key === undefined || key.text === null || value === undefined) return ["executes_code"];
  const setting = literalWord(`${key.text}=${value.text ?? ""}`, key.span);
  return [settingEffect(setting) === "harmless" ? "writes" : "executes_code"];
}
