import type { Contract } from "@writ/kernel";
import { observedCalls } from "./observed-calls.ts";
import { DESCRIPTORS, type Launch } from "./launch.ts";
import type { SandboxTools } from "./detect-sandbox.ts";

/**
 * What is spawned: bubblewrap, which takes its options from a descriptor, so that no listing of processes shows the
 * environment's values; with an observer strace around it.
 */
export function commandLine(
  { command }: Launch,
  { scope }: Contract,
  {
    tools,
    filtered,
    observed,
  }: {
    readonly tools: SandboxTools;
    readonly filtered: boolean;
    readonly observed: boolean;
  },
): readonly string[] {
  const { status, options, filter } = DESCRIPTORS;
  const bwrap = [
    tools.bwrap,
    "--json-status-fd",
    String(status),
    "--args",
    String(options),
    ...(filtered ? ["--seccomp", String(filter)] : []),
    "--",
    ...command,
  ];
  const watched = observed && tools.observer !== null ? observerCommand(tools.observer.strace, scope.network) : [];
  return [...leash(tools.setpriv), ...watched, ...shell(watched.length > 0), ...bwrap];
}

/** Ends what follows when we end, however we end. Without `setpriv` bubblewrap alone sees to that. */
function leash(setpriv: string | null): readonly string[] {
  return setpriv === null ? [] : [setpriv, "--pdeathsig", "KILL"];
}

/**
 * Strace outside the sandbox, out of the program's reach, reports on its standard error. Contents are cut (`-s`) so that
 * no line is; names of files and sockets are always whole.
 */
function observerCommand(strace: string, network: "none" | "host"): readonly string[] {
  const form = ["-f", "--seccomp-bpf", "-qq", "-Z", "-y", "-xx", "-s", "32", "-e", "signal=SIGSYS"];
  return [strace, ...form, "-e", `trace=${observedCalls(network)}`, "--"];
}

/**
 * One line of shell that sees text of the contract as arguments alone. It reports that the leash is on: only then is
 * bubblewrap told its options, without which it starts nothing. INVARIANT: nothing runs that our death would not end.
 * Under an observer it also gives the program a standard error of its own.
 */
function shell(observed: boolean): readonly string[] {
  const stderr = String(DESCRIPTORS.stderr);
  const redirection = observed ? ` 2>&${stderr} ${stderr}>&-` : "";
  return ["/bin/sh", "-c", `echo >&${String(DESCRIPTORS.status)}; exec "$@"${redirection}`, "sh"];
}
