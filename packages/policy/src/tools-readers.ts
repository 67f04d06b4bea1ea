import type { Effect } from "./governance-vocabulary.ts";
import { hasOption, operandsOf } from "./tools-options.ts";

/** A program that only reads, unless one of `unless` is given or it has more operands than `operandsMax`. */
interface Reader {
  readonly unless?: readonly string[];
  readonly operandsMax?: number;
}

/**
 * Programs that only read and print. What each could do beyond that is named here; with it the program counts as
 * execution that may write. Programs that page, edit or embed a language are absent on purpose.
 */
const READERS: { readonly [program: string]: Reader } = {
  ...plain(
    "true false ls pwd echo cat head tail wc whoami id uname printf test [ grep egrep fgrep stat diff cmp comm cut tr basename dirname realpath readlink sleep seq expr df du nl od tac rev fold expand unexpand paste join column md5sum sha1sum sha256sum sha512sum cksum b2sum base64 nproc uptime arch groups tty lsblk free ps which jq strings hexdump factor yes numfmt lscpu locale",
  ),
  date: { unless: ["--set"] },
  sort: { unless: ["-o", "--output", "--compress-program", "-T", "--temporary-directory"] },
  uniq: { operandsMax: 1 },
  file: { unless: ["-C", "--compile", "-p", "--preserve-date"] },
  rg: { unless: ["--pre", "--hostname-bin", "--search-zip", "-z"] },
  tree: { unless: ["-o", "-R"] },
  hostname: { operandsMax: 0, unless: ["-F", "--file", "-b", "--boot"] },
  find: {},
  fd: { unless: ["-x", "--exec", "-X", "--exec-batch"] },
  printenv: {},
};

/** Expressions of `find` that do more than find. They stand after the paths and are matched whole. */
const FIND_ACTIONS = new Set([
  "-exec",
  "-execdir",
  "-ok",
  "-okdir",
  "-delete",
  "-fprint",
  "-fprint0",
  "-fprintf",
  "-fls",
]);

/** Effects of a reading program, or undefined when `program` is none. */
export function readerEffects(program: string, args: readonly string[]): readonly Effect[] | undefined {
  const reader = Object.hasOwn(READERS, program) ? READERS[program] : undefined;
  if (reader === undefined) return undefined;
  const secret = program === "printenv" || args.some(isSensitivePath) ? (["sensitive_data"] as const) : [];
  return staysReading(program, reader, args) ? secret : [...secret, ...beyondReading(program, args)];
}

function staysReading(program: string, reader: Reader, args: readonly string[]): boolean {
  if (program === "find") return !args.some((arg) => FIND_ACTIONS.has(arg));
  // A bare number, or -s behind flags without a value, sets the clock; `-Iseconds` does not.
  if (program === "date" && args.some((arg) => /^[\d.]+$|^-[uR]*s/u.test(arg))) return false;
  if (reader.unless !== undefined && hasOption(args, reader.unless)) return false;
  return reader.operandsMax === undefined || operandsOf(args).length <= reader.operandsMax;
}

function beyondReading(program: string, args: readonly string[]): readonly Effect[] {
  if (program === "find" && args.includes("-delete")) return ["destructive", "execution", "state_change"];
  return ["execution", "state_change"];
}

/** Files that hold secrets by convention; reading one is `sensitive_data`, whatever reads it. */
export function isSensitivePath(path: string): boolean {
  return SENSITIVE_PATH.test(path.toLowerCase());
}

const SENSITIVE_PATH =
  /(?:^|[/=])(?:\.env(?:\.[\w-]+)?|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.git-credentials|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|shadow|gshadow|sudoers|environ|credentials(?:\.\w+)?|secrets?(?:\.\w+)?|kubeconfig)$|(?:^|\/)\.(?:ssh|aws|gnupg|kube|azure)(?:\/|$)|\.(?:pem|p12|pfx|key|keystore|jks|kdbx)$/u;

function plain(programs: string): { readonly [program: string]: Reader } {
  return Object.fromEntries(programs.split(" ").map((program) => [program, {}]));
}
