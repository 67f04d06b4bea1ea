import type { RiskClass } from "./report.ts";
import type { ShellWord } from "./shell-word.ts";

/** Devices and streams that keep nothing. */
const STREAM = /^(?:-|\/dev\/(?:null|zero|full|tty|stdin|stdout|stderr|fd\/\d+)|\/proc\/self\/fd\/\d+)$/;

/** Bash opens a connection for these. */
const SOCKET = /^\/dev\/(?:tcp|udp)\//;

/** Places of the system, whose loss or change is not mended by a checkout. */
const SYSTEM =
  /^\/(?:$|(?:bin|sbin|boot|dev|etc|lib\w*|proc|sys|usr|opt|root|run|srv|var\/(?:spool|lib|log|www|run)|System|Library|Applications)(?:\/|$))/;

/** Files and folders that a later shell, editor, tool or login reads and runs. */
const STARTUP = new RegExp(
  `(?:^|/)(?:${[
    String.raw`\.(?:[a-z]*(?:rc|profile|login|logout|aliases)|[a-z]+env)`,
    String.raw`\.bash_\w+`,
    String.raw`\.(?:inputrc|emacs|gitconfig|gitmodules|gitattributes|curlrc|wgetrc|tmux\.conf|lldbinit|gdbinit|forward|xsession|xinitrc|Xresources|pam_environment|pre-commit-config\.yaml)`,
    String.raw`\.(?:ssh|gnupg|vim|emacs\.d|config|local|cargo|docker|kube|aws|m2|gradle|ipython|jupyter|npm|husky|githooks|vscode|claude|codex|cursor|writ)(?:/.*)?`,
    String.raw`\.git(?:/.*)?`,
    String.raw`(?:authorized_keys\d?|known_hosts|crontab|sitecustomize\.py|usercustomize\.py|conftest\.py)`,
    String.raw`(?:cron[.\w]*|LaunchAgents|LaunchDaemons|autostart|systemd)(?:/.*)?`,
    String.raw`[^/]*\.(?:pth|service|timer|desktop|plist)`,
  ].join("|")})$`,
);

/** What writing there amounts to. Of a computed target its known end decides. */
export function writeEffect(word: ShellWord): RiskClass {
  const path = (word.text ?? `${word.prefix}\u0000${word.suffix}`).replace(/\/{2,}/g, "/").replace(/\/\.(?=\/)/g, "");
  if (STREAM.test(path)) return "read_only";
  if (SOCKET.test(path)) return "network";
  if (SYSTEM.test(path) || /^(?:~\w*|\$HOME)?\/?$/.test(path) || leavesUpwards(path)) return "destructive";
  if (/^(?:~\w*|\/home\/[^/]+|\/Users\/[^/]+)\/s?bin(?:\/|$)/.test(path)) return "executes_code";
  if (STARTUP.test(path) || STARTUP.test(word.raw)) return "executes_code";
  return "writes";
}

/** Enough `..` to come out in a folder of the system. */
function leavesUpwards(path: string): boolean {
  return /(?:^|\/)\.\.\/(?:.*\/)?(?:etc|usr|bin|sbin|boot|dev|proc|sys)\//.test(path);
}

/** Names of files and folders that hold secrets or personal things, wherever they lie. */
const SECRET =
  /(?:^|[/=:@])(?:\.(?:ssh|gnupg|aws|azure|kube|docker|password-store|mozilla|thunderbird|netrc|pgpass|my\.cnf|npmrc|pypirc|git-credentials|htpasswd|env|envrc|vault-token|[a-z]{0,16}_?history|Xauthority)(?:$|[/.])|(?:g?shadow|sudoers|passwd-?|master\.passwd|opasswd)$|environ$|id_(?:rsa|dsa|ecdsa|ed25519)|hosts\.yml$|kcore$|mem$)/i;
const SECRET_NAME =
  /(?:credential|secret|password|passwd|private[._-]?key|token|keychain|keystore|wallet)[^/]*$|\.(?:pem|key|p12|pfx|jks|kdbx|ppk|keytab|ovpn)$/i;

/** Longer words are no paths that anybody reads; they are not searched. */
const PATH_MAX = 4_096;

/** Where everything of a user or of the machine lies: reading it whole reads its secrets. */
const WHOLE = /^(?:\/|~\w*\/?|\/(?:etc|root|home|proc|var|Users|mnt|dev)(?:\/[^/]*)?\/?|\$\{?HOME\}?\/?)$/;

/** Places that a pattern is tried against: what a glob can match, it reads. */
const SAMPLES = [
  "/etc/shadow",
  "/etc/gshadow",
  "/etc/sudoers",
  "/etc/passwd",
  "/proc/self/environ",
  "/proc/1/environ",
  "/root/.ssh/id_rsa",
  "/home/user/.ssh/id_rsa",
  "~/.ssh/id_rsa",
  "~/.ssh/id_ed25519",
  "~/.aws/credentials",
  "~/.netrc",
  "~/.npmrc",
  "~/.env",
  ".env",
  ".ssh/id_rsa",
  ".aws/credentials",
  ".netrc",
  ".npmrc",
] as const;

/** Whether a word names what should not be read in passing. Secret by its words, or a pattern that reaches such a place. */
export function isSecretPath(word: ShellWord): boolean {
  const text = word.text ?? word.raw;
  if (text.length > PATH_MAX) return true;
  if ((SECRET.test(text) || SECRET_NAME.test(text)) && !/\.(?:pub|example|sample|template|dist)$/.test(text))
    return true;
  return word.glob && reachesSample(text.replace(/["']/g, "").replace(/\$\{?HOME\}?/g, "~"));
}

/** Whether a folder holds everything: of a search or an archive. */
export function isWholePlace(word: ShellWord): boolean {
  return WHOLE.test(word.text ?? word.raw.replace(/["']/g, ""));
}

function reachesSample(pattern: string): boolean {
  if (pattern.length > 256) return true;
  const source = pattern
    .replace(/[.+^$()|\\{}]/g, "\\$&")
    .replace(/\*+/g, "[^/]*")
    .replace(/\?/g, "[^/]")
    .replace(/\[!/g, "[^");
  try {
    // A pattern does not match a leading dot of its own accord.
    const matcher = new RegExp(`^${source.replace(/(^|\/)(?=\[\^\/\])/g, "$1(?!\\.)")}$`);
    return SAMPLES.some((sample) => matcher.test(sample));
  } catch {
    return true;
  }
}
