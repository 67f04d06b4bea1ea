import type { RiskClass } from "./report.ts";
import type { ShellWord } from "./shell-word.ts";

export type VariableEffect =
  | { readonly kind: "class"; readonly effect: RiskClass }
  | { readonly kind: "opaque"; readonly reason: "search_path" | "environment_code" };

/** Names that programs read for language, colour, level, port and the like, and never run. */
const HARMLESS =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|CI|DEBUG|VERBOSE|QUIET|PORT|NO_COLOR|FORCE_COLOR|CLICOLOR\w*|COLORTERM|NODE_ENV|RAILS_ENV|RACK_ENV|APP_ENV|FLASK_ENV|FLASK_DEBUG|DJANGO_DEBUG|RUST_LOG|RUST_BACKTRACE|LOG_LEVEL|LOGLEVEL|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|PYTHONIOENCODING|PYTHONHASHSEED|PYTHONUTF8|GOOS|GOARCH|CGO_ENABLED|GO111MODULE|DEBIAN_FRONTEND|SKIP|TZDIR|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|GIT_TERMINAL_PROMPT|GIT_OPTIONAL_LOCKS|REPLY|OPTIND|SECONDS|RANDOM)$/;

/** Parts of a name by which programs find, load or start code, or are led elsewhere. */
const LOADS =
  /^(?:LD_|DYLD_|BASH|GIT_|GLIBC_|MALLOC_|PERL|RUBY|PYTHON|NODE_|NPM_|YARN_|JAVA|_JAVA|JDK_|MAVEN_|GRADLE_|RUSTC|CARGO_|GO|LUA|PHP|PS[0-4]$|ENV$|SHELL|HOME$|IFS_|XDG_|TERMINFO|LOCPATH|GCONV|NLSPATH|LESS|MAN|MAKE|TAR_|RSYNC_|ZIPOPT|UNZIP|GREP_|TAPE$|RSH$|SSH_|SUDO_|DOCKER_|KUBE|AWS_|PG|MYSQL|SSL|CURL|WGET|OPENSSL|HISTFILE|PROMPT|FPATH|ZDOTDIR|INPUTRC|EXINIT|VIM|EMACS)|(?:^|_)(?:PATH|OPT|OPTS|OPTIONS|FLAGS|ARGS|COMMAND|CMD|HOOK|PRELOAD|PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|WRAPPER|RSH|SSH|STARTUP|CONFIG|RC|INIT|LAUNCHER|EXEC|PROGRAM|RUNNER|PROXY|INDEX_URL|REGISTRY|CC|CXX|LINKER|LIBRARY|MODULES?)$|PATH$/;

/** Variables of the shell whose change is felt only where a word is split anyway. */
const SHELL_OWN = /^(?:IFS|OLDPWD|PWD|_)$/;

/**
 * What it means to set a variable. `exported`: before a command or by `export`, so that programs see it; a plain
 * `NAME=value` reaches them only when the name was exported before.
 */
export function variableEffect(name: string, value: ShellWord | null, exported: boolean): VariableEffect {
  if (HARMLESS.test(name) || SHELL_OWN.test(name)) return { kind: "class", effect: "read_only" };
  if (name === "PATH") {
    const appended = value !== null && /^"?\$\{?PATH\}?(?::[^"]*)?"?$/.test(value.raw);
    return appended ? { kind: "class", effect: "executes_code" } : { kind: "opaque", reason: "search_path" };
  }
  if (/^[a-z][a-z0-9_]*$/.test(name)) {
    const led = /proxy$|^npm_config_/.test(name);
    return { kind: "class", effect: led ? "network" : "read_only" };
  }
  if (LOADS.test(name)) return loading(name, value);
  // An unknown name does harm only by naming something: a plain word or number does not.
  const plain = value === null || (value.text !== null && /^(?:[\w.,:+-]*|https?:\/\/[\w./:?&=%-]*)$/.test(value.text));
  return { kind: "class", effect: exported && !plain ? "executes_code" : "read_only" };
}

/** Build flags and configuration that is named plainly are seen; the rest may run anything. */
function loading(name: string, value: ShellWord | null): VariableEffect {
  const plain = value?.text !== null && value !== null && /^[\w./:,@+=\s-]*$/.test(value.text);
  const quiet = plain && /^(?:\w*PAGER)$/.test(name) && /^(?:|cat|less|more)$/.test(value.text ?? "x");
  if (quiet) return { kind: "class", effect: "read_only" };
  const builds =
    /^(?:CC|CXX|C(?:XX|PP)?FLAGS|LDFLAGS|AWS_(?:REGION|DEFAULT_REGION|PROFILE)|NODE_OPTIONS|DOCKER_BUILDKIT|KUBECONFIG|PGPASSWORD|PGHOST|PGUSER|PGDATABASE|RUSTFLAGS|GOFLAGS|PYTHONPATH|PYTHONWARNINGS|NODE_PATH|JAVA_HOME|CARGO_TERM_\w+|CARGO_INCREMENTAL|CARGO_TARGET_DIR|GOPATH|GOBIN|GOPROXY|MAKEFLAGS|SSL_CERT_FILE|SHELLCHECK_OPTS|PYTEST_ADDOPTS|PLAYWRIGHT_\w+)$/;
  if (plain && builds.test(name) && !SUSPICIOUS.test(value.text ?? ""))
    return { kind: "class", effect: "executes_code" };
  return { kind: "opaque", reason: "environment_code" };
}

/** Options that load or run something, hidden in a variable of options. */
const SUSPICIOUS =
  /require|import|loader|toolexec|inspect|agentlib|agentpath|javaagent|linker|wrapper|-fplugin|\/tmp\/|\/dev\/|\s-r\s?|^-r/;

/** Variables whose names say that they hold secrets. */
export function isSecretVariable(name: string): boolean {
  return /(?:SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|AUTH)/i.test(name);
}
