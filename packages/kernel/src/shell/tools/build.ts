import { tool, type Tool, type ToolTable } from "../tool.ts";

const ANY =
  "-[abBcCdDefFghiIjkKlLmMnNoOpPqrRsStTuUvVwWxXyzZ] -# -o:plain!writes -p:plain -j? -C:plain --release --debug --all --all-features --no-default-features --features:plain --package:plain --bin:plain --bins --lib --example:plain --test:plain --tests --benches --workspace --exclude:plain --target:plain --target-dir:write --profile:plain --locked --frozen --offline --verbose --quiet --jobs:plain --message-format:plain --manifest-path:read --no-run --no-fail-fast --nocapture --color? --fix --allow-dirty --allow-staged --check --edition:plain --watch --bail? --coverage? --reporter:plain --run --ci --silent --passWithNoTests --testNamePattern:plain --testPathPattern:plain --updateSnapshot --runInBand --maxWorkers:plain --max-warnings:plain --ext:plain --cache --cache-location:plain --format:plain --quiet --noEmit --project:read --build --strict --pretty --incremental --skipLibCheck --listFiles --outDir:write --declaration --module:plain --target:plain --lib:plain --init!writes --version --help --config:script -c:script --ignore-path:read --no-cache --parallel --summary --stacktrace --info --warning-mode:plain --no-daemon --daemon --continue --dry-run --rerun-tasks --tests:plain -x:plain -D:plain -P:plain -n:plain -k:plain -m:plain --maxfail:plain --tb:plain --cov? --cov-report:plain --durations:plain --lf --ff --sw --pdb --collect-only --co --no-header --no-cov -s -vv -vvv --disable-warnings --pyargs --rootdir:plain --junitxml:write --output:write --diff --line-length:plain --select:plain --ignore:plain --show-source --statistics --max-line-length:plain --python-version:plain --ignore-missing-imports --show-error-codes --pretty --exclude:plain --include:plain --fix-only --unsafe-fixes --host:plain --port:plain --open --mode:plain --base:plain --debug? --browser:plain --headed --ui --grep:plain --workers:plain --retries:plain --project:plain --reporter:plain --name:plain --timeout:plain --testTimeout:plain --experimental? --dir:plain --root:plain --no-coverage --changed? --related --shard:plain --update -u --staged --noEmitOnError";

const runs = (options: string = ANY): Tool => tool("executes_code", options, "plain");

/** Compilers, test runners and build tools: they run the project's code or make it. */
export const BUILD_TOOLS: ToolTable = {
  cargo: tool("executes_code", ANY, "plain", {
    subcommands: {
      "tree metadata pkgid locate-project read-manifest help version verify-project": tool("read_only", ANY, "plain"),
      "search info": tool("network", ANY, "plain"),
      "publish yank owner login logout": tool("destructive", ANY, "plain"),
      clean: tool("destructive", ANY, "plain"),
      fmt: tool("writes", ANY, "plain"),
    },
    otherwise: runs(),
  }),
  go: tool("executes_code", ANY, "plain", {
    subcommands: {
      "version env doc list help": tool(
        "read_only",
        "-[mfudceavw] -json -deps -e -test -versions -w!executes_code -u!executes_code -toolexec:shell -modfile:read",
        "plain",
      ),
      fmt: tool("writes", "-[nx]", "plain"),
      clean: tool("destructive", "-[cinrx] -cache -testcache -modcache", "plain"),
      "build install run test vet generate get mod work tool bug telemetry fix": tool(
        "executes_code",
        "-[aceinosuvx] -o:write -v -race -cover -count:plain -run:plain -bench:plain -benchmem -timeout:plain -tags:plain -ldflags:plain -gcflags:plain -coverprofile:write -short -parallel:plain -mod:plain -trimpath -json -failfast -p:plain -cpuprofile:write -memprofile:write -C:plain -toolexec:shell -exec:shell -vettool:shell -overlay:read -modfile:read -coverpkg:plain -covermode:plain -shuffle:plain -asmflags:plain -msan -work",
        "plain",
      ),
    },
  }),
  "gcc g++ cc c++ clang clang++ rustc javac kotlinc scalac ghc nasm as ld tcc swiftc dmd zig": tool(
    "executes_code",
    `${ANY} -g -g3 -Wall -Wextra -Werror -pedantic -fsanitize:plain -std? -I? -L? -l? -W? -f? -m? -D? -O? -lm -pthread -shared -static -fPIC -march? -E -S -c -cp:plain -classpath:plain -d:write -wrapper:shell -B:plain -fplugin? --emit:plain --crate-type:plain --edition:plain -MD -MMD -MF:write -v`,
    "plain",
  ),
  "cmake ctest cpack ninja meson scons bazel bazelisk buck gradle gradlew mvn mvnw ant sbt lein bloop mill just task taskfile gulp grunt nx turbo lerna tox nox invoke inv fab waf autoconf automake autoreconf configure libtool m4 protoc buf swift xcodebuild dotnet msbuild gprbuild earthly dagger act vagrant packer ansible-lint molecule":
    runs(),
  "tsc tsgo vite webpack rollup esbuild parcel rspack swc babel jest vitest mocha ava tap jasmine karma cypress playwright eslint oxlint biome tslint standard xo prettier-eslint next nuxt astro svelte-kit ng vue-cli-service remix gatsby expo react-scripts storybook nodemon pm2 concurrently rimraf cross-env npm-run-all wait-on serve http-server live-server json-server ts-jest c8 nyc knip depcheck madge size-limit changeset changesets semantic-release release-it commitlint typedoc prisma drizzle-kit sequelize knex typeorm wrangler vercel netlify firebase serverless sst sls graphql-codegen openapi-generator tailwindcss postcss sass terser uglifyjs":
    runs(),
  "pytest py.test unittest nose2 coverage mypy pyright ruff flake8 pylint black isort autopep8 yapf bandit pyflakes pydocstyle sphinx-build mkdocs jupyter ipython django-admin flask uvicorn gunicorn celery alembic twine cookiecutter nbconvert streamlit gradio airflow dbt scrapy httpx-cli pip-audit safety pre-commit-run vulture radon locust":
    runs(),
  "rspec rubocop minitest phpunit phpstan psalm php-cs-fixer artisan pint pest golangci-lint staticcheck gofmt goimports gotestsum air dlv delve rustfmt clippy-driver cargo-nextest miri clang-format clang-tidy cppcheck valgrind perf hyperfine criterion ktlint detekt checkstyle swiftlint swiftformat mixformat credo dialyzer stylua luacheck shfmt":
    runs(),
  java: tool(
    "executes_code",
    "-jar:script -cp:plain -classpath:plain -m:plain -D? -X? -ea -version --version -javaagent? -agentlib? -agentpath? -server --add-opens:plain --module-path:plain -p:plain --enable-preview --source:plain",
    "plain",
  ),
  deno: tool(
    "executes_code",
    `${ANY} -A --allow-all --allow-net? --allow-read? --allow-write? --allow-env? --allow-run? --import-map:read`,
    "plain",
    {
      subcommands: {
        eval: tool("executes_code", "-[pTA] --print --ext:plain", "code"),
        "run test bench compile serve": tool(
          "executes_code",
          `${ANY} -A --allow-all --allow-net? --allow-read? --allow-write? --allow-env? --allow-run? --import-map:read -r --reload? --unstable`,
          "script_first",
        ),
        "fmt lint check doc info task cache install bundle": runs(),
      },
    },
  ),
  "strip ranlib objcopy dsymutil install_name_tool codesign ldconfig": tool("writes", "-[gsSxXdRv] -o:write", "write"),
  "cscope ctags etags global": tool("writes", "-[Rabf] -f:write -o:write --recurse --exclude:plain", "plain"),
};
