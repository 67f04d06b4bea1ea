import type { RiskClass } from "./report.ts";
import type { ShellWord } from "./shell-word.ts";

export type VariableEffect =
  | { readonly kind: "class"; readonly effect: RiskClass }
  | { readonly kind: "opaque"; readonly reason: "search_path" | "environment_code" };

/** Names that programs read for language, colour, level, port and the like, and never run. */
const HARMLESS =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|CI|DEBUG|VERBOSE|QUIET|PORT|NO_COLOR|FORCE_COLOR|CLICOLOR\w*|COLORTERM|NODE_ENV|RAILS_ENV|RACK_ENV|APP_ENV|FLASK_ENV|FLASK_DEBUG|DJANGO_DEBUG|RUST_LOG|RUST_BACKTRACE|LOG_LEVEL|LOGLEVEL|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|PYTHONIOENCODING|PYTHONHASHSEED|PYTHONUTF8|GOOS|GOARCH|CGO_ENABLED|GO111MODULE|DEBIAN_FRONTEND|SKIP|TZDIR|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|GIT_TERMINAL_PROMPT|GIT_OPTIONAL_LOCKS|REPLY|OPTIND|SECONDS|RANDOM)$/;

/** Names by which programs that are met everywhere find, load or start code, or are led elsewhere. */
const KNOWN = new RegExp(
  `^(?:${[
    String.raw`LD_\w+|DYLD_\w+|GLIBC_\w+|MALLOC_\w+|GCONV_\w+|LOCPATH|NLSPATH|TERMINFO\w*`,
    String.raw`[A-Z]{0,4}PATH|EDITOR|VISUAL|PAGER|BROWSER|HOME|ENV|SHELL|SHELLOPTS|PS[0-4]|XDG_\w+|TAPE|RSH`,
    String.raw`BASH\w*|PROMPT(?:_COMMAND)?|ZDOTDIR|INPUTRC|HISTFILE|EXINIT|VIM(?:INIT|RUNTIME)?|EMACS\w*`,
    String.raw`GIT_(?:SSH\w*|EXTERNAL_DIFF|PAGER|EDITOR|SEQUENCE_EDITOR|ASKPASS|PROXY_COMMAND|CONFIG\w*|DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE\w*|EXEC_PATH|TEMPLATE_DIR|TRACE\w*|ALLOW_PROTOCOL|COMMON_DIR|DIFF_OPTS|HTTP\w*|SSL\w*|ATTR\w*|REDIRECT\w*)`,
    String.raw`PERL5?(?:OPT|LIB|DB|_\w+)|PERLLIB|PERL5\w+|RUBY(?:OPT|LIB|SHELL|PATH)|PYTHON[A-Z]+|LUA_\w+|PHP_INI_SCAN_DIR|PHPRC`,
    String.raw`NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS|REPL\w*)|NPM_CONFIG_\w+|YARN_\w+|_?JAVA_(?:TOOL_)?OPTIONS|JAVA_(?:HOME|OPTS)|JDK_\w+|CLASSPATH`,
    String.raw`RUSTC\w*|RUSTFLAGS|CARGO_\w+|GO(?:FLAGS|ENV|ROOT|PROXY|TOOLCHAIN|TOOLDIR)|MAKE(?:FLAGS|FILES|SHELL)|GRADLE_OPTS|MAVEN_(?:OPTS|ARGS)`,
    String.raw`LESS(?:OPEN|CLOSE|KEY\w*|EDIT)?|MAN(?:PAGER|ROFF\w*|OPT)|TAR_OPTIONS|RSYNC_\w+|ZIPOPT|UNZIP|GREP_\w+`,
    String.raw`SSH_\w+|SUDO_\w+|DOCKER_(?:HOST|CONFIG|CONTEXT)|KUBECONFIG|KUBE_EDITOR|CURL_HOME|WGETRC|OPENSSL_\w+|SSL_CERT\w*`,
  ].join("|")})$`,
);

/** Beginnings of names that belong to such programs: one that is not known may do the same. */
const FAMILY =
  /^(?:GIT_|NODE_|NPM_|PHP|LUA|RUBY|PERL|PYTHON_|JAVA|GO[A-Z]+$|GRADLE_|MAVEN_|DOCKER_|KUBE|AWS_|PG[A-Z]+$|MYSQL_|SSL|CURL|LESS|MAN|MAKE|VIM)/;

/** Ends of names by which programs say the same. */
const NAMED =
  /(?:^|_)(?:PATH|OPT|OPTS|OPTIONS|FLAGS|ARGS|COMMAND|CMD|HOOK|PRELOAD|PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|WRAPPER|RSH|SSH|STARTUP|CONFIG|RC|INIT|LAUNCHER|EXEC|PROGRAM|RUNNER|PROXY|INDEX_URL|REGISTRY|CC|CXX|LINKER|LIBRARY|MODULES?)$|PATH$/;

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
  const family = exported && FAMILY.test(name);
  if (KNOWN.test(name) || (exported && NAMED.test(name))) return loading(name, value);
  // An unknown name does harm only by naming something: a plain word or number does not.
  const plain = value === null || (value.text !== null && /^(?:[\w.,:+-]*|https?:\/\/[\w./:?&=%-]*)$/.test(value.text));
  return { kind: "class", effect: family || (exported && !plain) ? "executes_code" : "read_only" };
}

/** Whether any change of it, by whatever means, may lead programs elsewhere. */
export function isLeadingVariable(name: string): boolean {
  return !HARMLESS.test(name) && !/^[a-z]/.test(name) && KNOWN.test(name);
}

/** Build flags and configuration that is named plainly are seen; the rest may run anything. */
function loading(name: string, value: ShellWord | null): VariableEffect {
  const plain = value?.text !== null && value !== null && /^[\w./:,@+=\s-]*$/.test(value.text);
  const quiet =
    plain &&
    /(?:PAGER|EDITOR|VISUAL|BROWSER)$/.test(name) &&
    /^(?:|:|true|cat|less|more|vim?|nvim|nano|emacs|code|code --wait)$/.test(value.text ?? "x");
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
