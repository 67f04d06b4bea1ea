/** What a value is to its tool. */
export type ArgumentKind =
  /** A flag without a value. */
  | "switch"
  /** Neither a place nor a secret: a number, a method, a pattern, a list of status codes. */
  | "plain"
  | "url"
  /** A name or an address, with or without a port. */
  | "host"
  /** A URL or a host. */
  | "target"
  /** A header's line. */
  | "header"
  | "cookie"
  | "basic_auth";

export interface ToolArguments {
  /** What a word is that follows no flag; absent: there may be none. */
  readonly operand?: ArgumentKind;
  readonly flags: ReadonlyMap<string, ArgumentKind>;
}

/** `kind: flags` in one line each. */
function tableOf(
  operand: ArgumentKind | undefined,
  lines: { readonly [Kind in ArgumentKind]?: string },
): ToolArguments {
  const flags = Object.entries(lines).flatMap(([kind, text]) =>
    text.split(" ").map((flag) => [flag, kind as ArgumentKind] as const),
  );
  return { flags: new Map(flags), ...(operand !== undefined && { operand }) };
}

/**
 * The flags each tool may be given. None of them reads or writes a file, names a configuration or a proxy, sends a
 * body from a file, follows redirects by itself or turns off the check of a certificate.
 */
export const TOOL_ARGUMENTS: Readonly<Record<string, ToolArguments>> = {
  curl: tableOf("url", {
    switch:
      "-q --disable -s --silent -S --show-error -sS -i --include -I --head -v --verbose --compressed --http1.1 --http2 --globoff -G --get --path-as-is",
    plain: "-X --request -m --max-time --connect-timeout --max-filesize -A --user-agent --data-raw -w --write-out",
    url: "--url",
    header: "-H --header",
    cookie: "-b --cookie",
    basic_auth: "-u --user",
  }),
  httpx: tableOf(undefined, {
    switch:
      "-silent -status-code -sc -title -tech-detect -td -content-length -cl -content-type -ct -web-server -server -json -j -nc -no-color -location -method",
    plain: "-timeout -retries -threads -t -mc -match-code -fc -filter-code -path -x",
    target: "-u -target",
    header: "-H -header",
  }),
  katana: tableOf(undefined, {
    switch: "-jc -kf -silent -jsonl -nc -no-color",
    plain: "-d -depth -timeout -retry -c -concurrency -p -parallelism -ct -crawl-duration",
    url: "-u",
    header: "-H -headers",
  }),
  gau: tableOf("host", {
    switch: "--subs --json --verbose",
    plain: "--threads --timeout --retries --fc --mc --blacklist --from --to",
  }),
  subfinder: tableOf(undefined, {
    switch: "-silent -all -json -nc -no-color",
    plain: "-timeout -t -max-time",
    host: "-d -domain",
  }),
  dnsx: tableOf(undefined, {
    switch: "-silent -a -aaaa -cname -ns -mx -txt -resp -resp-only -json -nc -no-color",
    plain: "-retry -t -threads",
    host: "-d -domain",
  }),
  ffuf: tableOf(undefined, {
    switch: "-s -json -ac -c",
    plain: "-mc -fc -fs -fw -ms -t -timeout -maxtime -X",
    url: "-u",
    header: "-H",
    cookie: "-b",
  }),
  whatweb: tableOf("target", {
    switch: "-v --verbose --no-errors --color=never",
    plain: "-a --aggression -t --max-threads",
    header: "-H --header",
  }),
  hakrawler: tableOf(undefined, { switch: "-subs -json -u", plain: "-d -t -timeout -size", header: "-h" }),
  assetfinder: tableOf("host", { switch: "--subs-only -subs-only" }),
  amass: tableOf(undefined, { host: "-d", plain: "-timeout" }),
  dig: tableOf("host", { switch: "-4 -6" }),
};
