import { accessSync, constants } from "node:fs";
import { abilitiesOf, probe } from "./sandbox-probe.ts";

/** Whether this machine can confine a process, found by really starting one. */
export type Sandbox =
  | {
      readonly available: true;
      /** For people and receipts, for example `bubblewrap 0.8.0, seccomp, strace 6.1`. */
      readonly version: string;
      readonly tools: SandboxTools;
    }
  | { readonly available: false; readonly reason: string; readonly next: string };

/** Absolute paths of what a run uses. */
export interface SandboxTools {
  readonly bwrap: string;
  /** `bwrap --size --perms`: temporary folders have a bound, and what covers a secret lets nobody in (bubblewrap 0.7). */
  readonly recent: boolean;
  /** `bwrap --bind-fd`: a folder is mounted from an open descriptor (bubblewrap 0.10, and 0.8 of Debian 12). */
  readonly pinning: boolean;
  /** What observes refused attempts; null where strace or `setpriv`, which ends it with us, is missing. */
  readonly observer: { readonly strace: string; readonly setpriv: string } | null;
  /** Ends the sandbox when the runner is killed while it starts; null where it is missing. */
  readonly setpriv: string | null;
  /** Bounds the number of processes and switches core files off; null where it is missing. */
  readonly prlimit: string | null;
}

let detected: Promise<Sandbox> | undefined;

/** Tries the sandbox once per process and remembers that it works; `again` tries anew. Takes about 15 ms. */
export function detectSandbox({ again = false }: { readonly again?: boolean } = {}): Promise<Sandbox> {
  if (again || detected === undefined) detected = remember(detect());
  return detected;
}

/** What fails now, for want of memory or files, may work the next time. */
function remember(trying: Promise<Sandbox>): Promise<Sandbox> {
  const forget = (): void => {
    if (detected === trying) detected = undefined;
  };
  trying.then(({ available }) => available || forget(), forget);
  return trying;
}

async function detect(): Promise<Sandbox> {
  if (process.platform !== "linux") {
    return unavailable(
      `there is no sandbox for \`${process.platform}\``,
      "run live actions on Linux, or use a dry run",
    );
  }
  const bwrap = findTool("bwrap");
  if (bwrap === null) {
    return unavailable("bubblewrap is not installed", "install it: `apt-get install bubblewrap` (or dnf, apk, pacman)");
  }
  const [strace, setpriv, prlimit] = [findTool("strace"), findTool("setpriv"), findTool("prlimit", INSIDE)];
  const [observed, abilities] = await Promise.all([
    strace === null || setpriv === null
      ? null
      : probe(setpriv, [...observer(strace), bwrap, ...TRIAL, strace, "--version"]),
    abilitiesOf(bwrap),
  ]);
  // What works under an observer works without one; only where it does not the sandbox is tried by itself.
  const trial = observed?.ok === true ? observed : await probe(bwrap, [...TRIAL, "true"]);
  if (!trial.ok) return explain(trial.text);
  const isObserved = strace !== null && setpriv !== null && observed?.ok === true;
  const observedBy = isObserved ? `, strace ${/version (\d[\w.]*)/.exec(observed.text)?.[1] ?? "unknown"}` : "";
  return {
    available: true,
    version: `bubblewrap ${abilities.version}${observedBy}`,
    tools: {
      bwrap,
      recent: abilities.recent,
      pinning: abilities.pinning,
      observer: isObserved ? { strace, setpriv } : null,
      setpriv,
      prlimit,
    },
  };
}

/** Folders that every sandbox shows. */
const INSIDE = ["/usr/bin", "/bin"];

/** Only the system's folders: a `bwrap` that an agent put on PATH is not asked. */
function findTool(name: string, folders: readonly string[] = SYSTEM): string | null {
  return folders.map((folder) => `${folder}/${name}`).find(isExecutable) ?? null;
}

const SYSTEM = ["/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Every namespace a run uses, so that a machine which forbids one is found here. */
const TRIAL = [
  "--unshare-user",
  "--unshare-ipc",
  "--unshare-pid",
  "--unshare-net",
  "--unshare-uts",
  "--die-with-parent",
  "--new-session",
  "--cap-drop",
  "ALL",
  "--ro-bind",
  "/",
  "/",
  "--proc",
  "/proc",
  "--dev",
  "/dev",
  "--",
];

function observer(strace: string): readonly string[] {
  const options = ["-f", "--seccomp-bpf", "-Z", "-qq", "-y", "-o", "/dev/null", "-e", "trace=openat"];
  return ["--pdeathsig", "KILL", strace, ...options, "--"];
}

/** The usual reasons why bubblewrap is there and cannot start (its README and Ubuntu 24.04's release notes). */
function explain(text: string): Sandbox {
  const said = text.split("\n", 1)[0]?.slice(0, 200) ?? "";
  if (/uid map|user namespace|Operation not permitted|Permission denied|No permissions/i.test(said)) {
    return unavailable(
      `this machine does not let bubblewrap make namespaces: ${said}`,
      "allow them: `sysctl kernel.unprivileged_userns_clone=1`, on Ubuntu an AppArmor profile for bwrap or `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, in a container `--security-opt seccomp=unconfined`",
    );
  }
  return unavailable(
    `bubblewrap does not start: ${said === "" ? "it gave no reason" : said}`,
    "run `bwrap --ro-bind / / true` to see why",
  );
}

function unavailable(reason: string, next: string): Sandbox {
  return { available: false, reason, next };
}
