import { isDatabaseAddress } from "./database-address.ts";
import { VerifyError } from "./errors.ts";
import { parseDecimal } from "./encoding.ts";

export interface VerifyArguments {
  /** A path, or the address of a database. */
  readonly file: string;
  readonly policy: string;
  readonly since?: string;
  readonly entry?: string;
  /** Which log of a database. */
  readonly origin?: string;
  readonly maxAgeSeconds?: number;
  readonly depth: "full" | "quick";
  readonly json: boolean;
  readonly audit: boolean;
}

const WITH_VALUE = ["--policy", "--since", "--entry", "--max-age", "--origin"];
const SWITCHES = ["--full", "--quick", "--json", "--audit"];

/** Reads the command line; `USAGE` for what means nothing. */
export function parseArguments(argv: readonly string[]): VerifyArguments | "help" {
  if (argv.includes("--help") || argv.includes("-h")) return "help";
  const values = new Map<string, string>();
  const switches = new Set<string>();
  const files: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    const split = word.startsWith("--") ? word.indexOf("=") : -1;
    const name = split < 0 ? word : word.slice(0, split);
    if (WITH_VALUE.includes(name)) {
      const value = split < 0 ? argv[++at] : word.slice(split + 1);
      if (value === undefined || value === "") throw usage(`\`${name}\` is given no value`);
      if (values.has(name)) throw usage(`\`${name}\` is given twice`);
      values.set(name, value);
    } else if (SWITCHES.includes(word)) switches.add(word);
    else if (word.startsWith("-")) throw usage(`there is no option \`${word}\``);
    else files.push(word);
  }
  return build(files, values, switches);
}

function build(
  files: readonly string[],
  values: ReadonlyMap<string, string>,
  switches: ReadonlySet<string>,
): VerifyArguments {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw usage("exactly one file is checked at a time");
  if (isDatabaseAddress(file) && !URL.canParse(file)) throw usage("the address of the database is not well-formed");
  const policy = values.get("--policy");
  if (policy === undefined) throw usage("no `--policy` is given, so there is no key to trust");
  if (switches.has("--full") && switches.has("--quick")) throw usage("`--full` and `--quick` exclude each other");
  if (switches.has("--audit") && switches.has("--quick"))
    throw usage("`--audit` reads every entry, `--quick` does not");
  const [since, entry, age] = [values.get("--since"), values.get("--entry"), values.get("--max-age")];
  const origin = values.get("--origin");
  if (origin !== undefined && !isDatabaseAddress(file)) throw usage("`--origin` chooses a log of a database");
  const maxAgeSeconds = age === undefined ? undefined : parseDecimal(age);
  if (age !== undefined && maxAgeSeconds === undefined) throw usage(`\`${age}\` is not a number of seconds`);
  return {
    file,
    policy,
    depth: switches.has("--quick") ? "quick" : "full",
    json: switches.has("--json"),
    audit: switches.has("--audit"),
    ...(since === undefined ? {} : { since }),
    ...(entry === undefined ? {} : { entry }),
    ...(origin === undefined ? {} : { origin }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

function usage(message: string): VerifyError {
  const reason = "usage: writ-verify <file> --policy <file> [--since <file>] [--full|--quick] [--json]";
  return new VerifyError({ code: "USAGE", message, reason, next: "see `writ-verify --help`" });
}
