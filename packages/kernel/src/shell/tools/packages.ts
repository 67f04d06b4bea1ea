import { tool, type Tool, type ToolTable } from "../tool.ts";

const ANY =
  "-[aABbcCdDefFgGhHiIkKlLmMnNoOpPqrRsStTuUvVwWxXyYzZ] --yes --no-input --quiet --silent --verbose --force --global --location:plain --save --save-dev --save-exact --save-optional --save-peer --no-save --dev --prod --production --omit:plain --include:plain --legacy-peer-deps --ignore-scripts --no-audit --no-fund --prefer-offline --offline --package-lock-only --dry-run --json --depth:plain --long --parseable --all --workspace:plain --workspaces --filter:plain --recursive --if-present --audit-level:plain --frozen-lockfile --no-frozen-lockfile --immutable --latest --interactive --exact --fix --only:plain --registry:plain!network --tag:plain --access:plain --otp:plain --loglevel:plain --color? --no-color --prefix:plain --userconfig:script --globalconfig:script --script-shell:shell --node-options:plain --help --version --watch --run --reporter:plain --coverage --ci --bail? --parallel --stream --w:plain --tolerate-republish --provenance --engine-strict --no-progress --progress? --cache:plain --expect-results --expect-result-count:plain";

const project = (options: string = ANY): Tool => tool("executes_code", options, "plain");
const reads = (options: string = ANY): Tool => tool("read_only", options, "plain");
const asks = (options: string = ANY): Tool => tool("network", options, "plain");
const removes = (options: string = ANY): Tool => tool("destructive", options, "plain");

const NODE: Readonly<Record<string, Tool>> = {
  "ls list ll la root prefix bin help fund explain why query sbom completion": reads(),
  "view info show search outdated audit ping whoami doctor docs repo bugs home licenses": asks(),
  "install i ci add in update up upgrade dedupe rebuild link import prune install-test it fetch pack init create set version audit-fix plugin":
    project(),
  "run run-script test t tst start restart stop dev build lint format typecheck serve preview generate check coverage e2e storybook clean deploy release workspace workspaces turbo nx node patch patch-commit":
    tool("executes_code", ANY, "plain"),
  "uninstall un remove rm r": project(),
  "publish unpublish deprecate dist-tag owner access token login logout adduser org team profile stage": removes(),
  "exec x dlx": tool("executes_code", `${ANY} -p:plain --package:plain -c:shell --call:shell`, "plain"),
  "cache config set-script pkg get store env": project(),
};

/** Package managers: installing runs what packages bring, scripts are the project's code. */
export const PACKAGE_TOOLS: ToolTable = {
  "npm pnpm yarn cnpm": tool("executes_code", ANY, "plain", {
    subcommands: NODE,
    otherwise: project(),
    bare: "executes_code",
  }),
  "npx pnpx bunx yarnpkg corepack nvm fnm volta n nodenv asdf mise rbenv pyenv goenv jenv sdk rustup": tool(
    "executes_code",
    `${ANY} -c:shell --call:shell --package:plain`,
    "plain",
  ),
  "pip pipx conda mamba micromamba uv poetry pdm pipenv hatch rye easy_install uvx": tool(
    "executes_code",
    `${ANY} -r:read --requirement:read -e:plain --editable:plain -c:plain --constraint:read --index-url:plain --extra-index-url:plain --find-links:plain --no-deps --no-cache-dir --user --upgrade --pre --target:plain --python:plain --with:plain --group:plain --extra:plain --name:plain --file:read --outdated --format:plain --no-build-isolation --break-system-packages --root:plain --without:plain --no-root --sync --only-binary:plain --no-binary:plain --system --seed --locked --frozen --no-dev`,
    "plain",
    {
      subcommands: {
        "list show freeze check inspect help debug tree about": reads(
          `${ANY} --outdated --format:plain --uptodate --not-required --files -f:plain --exclude:plain`,
        ),
        "search index info download": asks(),
        "uninstall remove": removes(`${ANY} -r:read --requirement:read`),
      },
      otherwise: tool("executes_code", `${ANY} -r:read --requirement:read -e:plain --editable:plain`, "plain"),
      bare: "read_only",
    },
  ),
  "apt apt-get aptitude yum dnf zypper apk pacman brew port snap flatpak nix nix-env nix-shell guix dpkg rpm choco winget scoop emerge xbps-install pkg pkg_add softwareupdate mas":
    tool(
      "privileged",
      "-[aAbBcCdDefFgGhHiIklLmnNopPqQrRsStTuUvVwWxXyYzZ] -o:setting --yes --assume-yes --no-install-recommends --no-cache --quiet --update --upgrade --installed --cask --formula --fix-broken --purge!destructive --autoremove!destructive --version --help --all --needed --noconfirm --run:shell --command:shell --eval:code --expr:code",
      "plain",
      {
        subcommands: {
          "list search show info policy depends rdepends showpkg query leaves deps uses which files config doctor outdated --prefix provides repolist history":
            tool(
              "read_only",
              "-[aAeilnqsvV1] --installed --upgradable --versions --json? --cask --formula --tree --all-versions --prefix",
              "plain",
            ),
          "-l -s -L -S -qa -qi -ql -Q -Qi -Qs -Ss --list --status --listfiles --search": tool(
            "read_only",
            "-[aA]",
            "plain",
          ),
          "remove purge autoremove uninstall erase autoclean clean -R -r -P": tool(
            "destructive",
            "-[yqfv] --yes --assume-yes --purge --autoremove --force --cask --zap --all",
            "plain",
          ),
        },
        otherwise: tool(
          "privileged",
          "-[aAbBcdfFghilmnpPqrsStuvyz] -o:setting --yes --assume-yes --no-install-recommends --no-cache --quiet --cask --formula --fix-broken --needed --noconfirm --run:shell --command:shell --force",
          "plain",
        ),
        bare: "read_only",
      },
    ),
  "apt-cache dpkg-query": tool("read_only", "-[aflnqsWSLp] -f:plain --names-only --showformat:plain", "plain"),
  "gem bundle bundler rake rails": tool(
    "executes_code",
    `${ANY} -e:code --without:plain --path:plain --jobs:plain -j:plain`,
    "plain",
    {
      subcommands: {
        "list info show outdated environment env specification contents dependency which help check config": reads(),
        "uninstall clean cleanup": removes(),
      },
      otherwise: tool("executes_code", `${ANY} --without:plain --path:plain --jobs:plain -j:plain`, "plain"),
    },
  ),
  "composer cpan cpanm luarocks mix rebar3 hex cabal stack opam nuget paket pub dart flutter": tool(
    "executes_code",
    `${ANY} -e:code`,
    "plain",
  ),
};
