import type { Effect } from "./governance-vocabulary.ts";
import { hasOption } from "./tools-options.ts";

const CURL_SENDS =
  "-d -F -T -Q --data --data-raw --data-binary --data-urlencode --data-ascii --form --form-string --json --upload-file --url-query --mail-from --quote".split(
    " ",
  );
const CURL_WRITES = [
  "-o",
  "-O",
  "-D",
  "-c",
  "--output",
  "--remote-name",
  "--remote-name-all",
  "--dump-header",
  "--cookie-jar",
  "--trace",
];
const CURL_SECRETS = ["-u", "--user", "--oauth2-bearer", "--proxy-user", "--key", "--netrc", "-n", "--cert", "-E"];

/** `curl`: outside access; outbound when it sends a body or uses a changing method; writing when it keeps the answer. */
export function curlEffects(args: readonly string[]): readonly Effect[] {
  const method = methodOf(args);
  const effects: Effect[] = ["external_access"];
  if (hasOption(args, CURL_SENDS) || !isReading(method)) effects.push("outbound");
  if (method === "DELETE") effects.push("destructive");
  if (hasOption(args, CURL_WRITES)) effects.push("state_change");
  if (hasOption(args, CURL_SECRETS) || args.some((arg) => /authorization|cookie|x-api-key/iu.test(arg)))
    effects.push("sensitive_data");
  // A configuration file may hold any of the options above.
  if (hasOption(args, ["-K", "--config"])) effects.push("outbound", "state_change");
  return effects;
}

/** `wget`: outside access and a file, unless it prints or only looks; outbound when it sends. */
export function wgetEffects(args: readonly string[]): readonly Effect[] {
  const effects: Effect[] = ["external_access"];
  if (hasOption(args, ["--post-data", "--post-file", "--body-data", "--body-file"]) || !isReading(methodOf(args)))
    effects.push("outbound");
  const prints =
    args.includes("--spider") ||
    args.includes("-qO-") ||
    args.includes("-O-") ||
    /(?:^| )-q?O -(?: |$)/u.test(args.join(" "));
  if (!prints) effects.push("state_change");
  if (hasOption(args, ["-e", "--execute", "--use-askpass"])) effects.push("execution");
  return effects;
}

/** `rsync`: files change somewhere, perhaps far away; with a deleting option some go. */
export function rsyncEffects(args: readonly string[]): readonly Effect[] {
  const effects: Effect[] = ["external_access", "outbound", "state_change"];
  if (args.some((arg) => arg.startsWith("--del") || arg.startsWith("--remove"))) effects.push("destructive");
  return effects;
}

/** The method asked for, upper case; `-sXPOST`, `-X POST`, `--request=POST` and `--method` alike. */
function methodOf(args: readonly string[]): string {
  for (const [at, arg] of args.entries()) {
    const next = args[at + 1] ?? "";
    const long = /^--(?:req[a-z]*|meth[a-z]*)(?:=(.*))?$/u.exec(arg);
    if (long !== null) return (long[1] ?? next).toUpperCase();
    const short = /^-[A-Za-z]*X(.*)$/u.exec(arg);
    if (short !== null) return (short[1] === "" ? next : (short[1] ?? "")).toUpperCase();
  }
  return "GET";
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
