/** How a program that starts another one names it. */
export type Wrapped =
  /** The inner command, argument by argument. */
  | { readonly kind: "command"; readonly argv: readonly string[] }
  /** A text that a shell or an interpreter will read. */
  | { readonly kind: "script"; readonly text: string; readonly shell: boolean }
  /** A file, standard input, or something not understood. */
  | { readonly kind: "unseen" }
  /** Nothing is started: `node --version`, `env` alone. */
  | { readonly kind: "nothing" };

/** Options of each wrapper that take the next argument as their value. */
const VALUE_OPTIONS: { readonly [program: string]: readonly string[] } = {
  env: ["-u", "--unset", "-C", "--chdir"],
  nohup: [],
  timeout: ["-k", "--kill-after", "-s", "--signal"],
  nice: ["-n", "--adjustment"],
  ionice: ["-c", "-n", "--class", "--classdata"],
  xargs: ["-I", "-n", "-P", "-L", "-d", "-s", "-E", "-a", "--max-args", "--max-procs", "--delimiter", "--arg-file"],
  time: ["-f", "-o", "--format", "--output"],
  stdbuf: ["-i", "-o", "-e"],
  setsid: [],
  command: [],
  exec: ["-a"],
  busybox: [],
  toybox: [],
  sudo: ["-u", "-g", "-h", "-p", "-C", "-T", "-D", "-R", "--user", "--group", "--host", "--chdir"],
  doas: ["-u", "-C"],
  pkexec: ["--user"],
};

const SHELLS = new Set(["sh", "bash", "zsh", "dash", "ksh", "mksh", "fish", "ash", "pwsh", "powershell"]);

/** Interpreters and the options after which a text follows. */
const INTERPRETERS: { readonly [program: string]: RegExp } = {
  node: /^(?:-e|--eval|-p|--print|-pe)$/u,
  nodejs: /^(?:-e|--eval|-p|--print|-pe)$/u,
  deno: /^eval$/u,
  python: /^-[A-Za-z]*c$/u,
  python3: /^-[A-Za-z]*c$/u,
  python2: /^-[A-Za-z]*c$/u,
  ruby: /^-[a-z]*e$/u,
  perl: /^-[a-zA-Z]*[eE]$/u,
  php: /^(?:-r|--run)$/u,
  lua: /^-e$/u,
  osascript: /^-e$/u,
};

/** What a wrapper, shell or interpreter starts; undefined for any other program. */
export function unwrap(program: string, args: readonly string[]): Wrapped | undefined {
  const asks = args.length === 1 && /^(?:--version|-V|--help)$/u.test(args[0] ?? "");
  if (SHELLS.has(program)) return asks ? { kind: "nothing" } : scriptAfter(args, /^-[A-Za-z]*c$/u, true);
  if (Object.hasOwn(INTERPRETERS, program)) {
    if (asks || (args.length === 1 && args[0] === "-v" && program.startsWith("node"))) return { kind: "nothing" };
    return scriptAfter(args, INTERPRETERS[program] ?? /^$/u, false);
  }
  if (!Object.hasOwn(VALUE_OPTIONS, program)) return undefined;
  return innerCommand(program, args);
}

function scriptAfter(args: readonly string[], option: RegExp, shell: boolean): Wrapped {
  const at = args.findIndex((arg) => option.test(arg));
  const text = at < 0 ? undefined : args[at + 1];
  return text === undefined ? { kind: "unseen" } : { kind: "script", text: args.slice(at + 1).join(" "), shell };
}

function innerCommand(program: string, args: readonly string[]): Wrapped {
  const takesValue = VALUE_OPTIONS[program] ?? [];
  let at = 0;
  while (at < args.length) {
    const arg = args[at] ?? "";
    if (program === "env" && ENV_SPLIT.test(arg)) {
      const text = args.slice(at).join(" ").replace(ENV_SPLIT, "");
      return { kind: "script", text, shell: true };
    }
    if (takesValue.includes(arg)) at += 2;
    else if (arg.startsWith("-") || isAssignment(program, arg)) at += 1;
    else break;
  }
  // The first operand of `timeout` is the time.
  const argv = args.slice(program === "timeout" ? at + 1 : at);
  if (argv.length > 0) return { kind: "command", argv };
  return program === "env" ? { kind: "nothing" } : { kind: "unseen" };
}

/** `env -S` splits its argument into a command. */
const ENV_SPLIT = /^(?:-[a-zA-Z]*S|--split-string=?)/u;

function isAssignment(program: string, arg: string): boolean {
  return (program === "env" || program === "sudo") && /^\w+=/u.test(arg);
}
