/** What a value is to its tool. */
export type ArgumentKind =
  /** A flag without a value. */
  | "switch"
  /** A switch that its tool heeds as the first word alone. */
  | "leading_switch"
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
  /** What a line of standard input is; absent: there may be none. */
  readonly stdin?: ArgumentKind;
  readonly flags: ReadonlyMap<string, ArgumentKind>;
}

interface Words {
  readonly operand?: ArgumentKind;
  readonly stdin?: ArgumentKind;
  /** Flags by the kind of their value, separated by blanks. */
  readonly flags: { readonly [Kind in ArgumentKind]?: string };
}

function table({ flags, ...rest }: Words): ToolArguments {
  const pairs = Object.entries(flags).flatMap(([kind, text]) =>
    text.split(" ").map((flag) => [flag, kind as ArgumentKind] as const),
  );
  return { ...rest, flags: new Map(pairs) };
}

/**
 * The flags each tool may be given. None of them, with a value of its form, reads or writes a file, names a configuration
 * or a proxy, follows redirects by itself or turns off the check of a certificate.
 */
export const TOOL_ARGUMENTS: Readonly<Record<string, ToolArguments>> = {
  curl: table({
    operand: "url",
    flags: {
      switch:
        "-s --silent -S --show-error -sS -i --include -I --head -v --verbose --compressed --http1.1 --http2 --globoff -G --get --path-as-is",
      leading_switch: "-q --disable",
      plain: "-X --request -m --max-time --connect-timeout --max-filesize -A --user-agent --data-raw",
      url: "--url",
      header: "-H --header",
      cookie: "-b --cookie",
      basic_auth: "-u --user",
    },
  }),
  httpx: table({
    stdin: "target",
    flags: {
      switch:
        "-silent -status-code -sc -title -tech-detect -td -content-length -cl -content-type -ct -web-server -server -json -j -nc -no-color -location -method",
      plain: "-timeout -retries -threads -t -mc -match-code -fc -filter-code -x",
      target: "-u -target",
      header: "-H -header",
    },
  }),
  katana: table({
    stdin: "url",
    flags: {
      switch: "-jc -kf -silent -jsonl -nc -no-color",
      plain: "-d -depth -timeout -retry -c -concurrency -p -parallelism -ct -crawl-duration",
      url: "-u",
      header: "-H -headers",
    },
  }),
  gau: table({
    operand: "host",
    stdin: "host",
    flags: {
      switch: "--subs --json --verbose",
      plain: "--threads --timeout --retries --fc --mc --blacklist --from --to",
    },
  }),
  subfinder: table({
    stdin: "host",
    flags: {
      switch: "-silent -all -json -nc -no-color",
      plain: "-timeout -t -max-time",
      host: "-d -domain",
    },
  }),
  dnsx: table({
    stdin: "host",
    flags: {
      switch: "-silent -a -aaaa -cname -ns -mx -txt -resp -resp-only -json -nc -no-color",
      plain: "-retry -t -threads",
      host: "-d -domain",
    },
  }),
  ffuf: table({
    flags: {
      switch: "-s -json -ac -c",
      plain: "-mc -fc -fs -fw -ms -t -timeout -maxtime -X",
      url: "-u",
      header: "-H",
      cookie: "-b",
    },
  }),
  whatweb: table({
    operand: "target",
    flags: {
      switch: "-v --verbose --no-errors --color=never",
      plain: "-a --aggression -t --max-threads",
      header: "-H --header",
    },
  }),
  hakrawler: table({ stdin: "url", flags: { switch: "-subs -json -u", plain: "-d -t -timeout -size", header: "-h" } }),
  assetfinder: table({ operand: "host", stdin: "host", flags: { switch: "--subs-only -subs-only" } }),
  amass: table({ flags: { host: "-d", plain: "-timeout" } }),
  dig: table({ operand: "host", flags: { switch: "-4 -6" } }),
};
