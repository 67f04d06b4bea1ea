import type { Contract, ProcessShape } from "@writ/kernel";
import { kernelSettings } from "./kernel-settings.ts";
import { mountArguments } from "./mount.ts";
import { RESOLVER } from "./network-attempt.ts";
import type { Reach } from "./reach.ts";
import type { SandboxTools } from "./detect-sandbox.ts";

/**
 * File descriptors that bubblewrap reads or writes; the program inherits none of them. `stderr` is the program's under
 * an observer, whose own standard error is its report.
 */
export const DESCRIPTORS = {
  status: 3,
  options: 4,
  filter: 5,
  accounts: 6,
  groups: 7,
  resolver: 8,
  stderr: 9,
} as const;

/** How a process is started, as data: what a dry run shows and a live run does. */
export interface Launch {
  /** Options of bubblewrap, without the environment's values. */
  readonly options: readonly string[];
  /** What bubblewrap executes: the limits, then the program with its arguments. */
  readonly command: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number };
}

/** @param owner the ids of the operator; root becomes an ordinary user inside. */
export function planLaunch(
  contract: Contract,
  shape: ProcessShape,
  {
    reach,
    tools,
    owner,
  }: {
    readonly reach: Reach;
    readonly tools: SandboxTools;
    readonly owner: { readonly uid: number; readonly gid: number };
  },
): Launch {
  const user = { uid: owner.uid === 0 ? 1000 : owner.uid, gid: owner.gid === 0 ? 1000 : owner.gid };
  return {
    options: [
      ...namespaces(contract, user),
      ...reach.mounts.flatMap((mount) => mountArguments(mount, tools.recent)),
      ...ownFiles(contract),
      "--proc",
      "/proc",
      ...kernelSettings().flatMap((path) => ["--ro-bind-try", path, path]),
      "--dev",
      "/dev",
      "--remount-ro",
      "/",
      "--chdir",
      shape.cwd,
    ],
    command: [...limits(contract, tools), reach.program.path, ...shape.argv.slice(1)],
    user,
  };
}

/** Options that carry values: kept apart, so that they reach bubblewrap through a descriptor and no listing of processes. */
function environmentOptions(environment: ReadonlyMap<string, string>): readonly string[] {
  return ["--clearenv", ...[...environment].flatMap(([name, value]) => ["--setenv", name, value])];
}

function namespaces({ scope }: Contract, { uid, gid }: Launch["user"]): readonly string[] {
  return [
    "--unshare-user",
    "--uid",
    String(uid),
    "--gid",
    String(gid),
    "--unshare-ipc",
    "--unshare-pid",
    "--unshare-uts",
    "--hostname",
    "writ",
    "--unshare-cgroup-try",
    ...(scope.network === "none" ? ["--unshare-net"] : []),
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
  ];
}

/** Files of `/etc` that differ from the machine's: accounts, and without a network a name server that answers at once. */
function ownFiles({ scope }: Contract): readonly string[] {
  return [
    "--ro-bind-data",
    String(DESCRIPTORS.accounts),
    "/etc/passwd",
    "--ro-bind-data",
    String(DESCRIPTORS.groups),
    "/etc/group",
    ...(scope.network === "none" ? ["--ro-bind-data", String(DESCRIPTORS.resolver), "/etc/resolv.conf"] : []),
  ];
}

/** Inside, where the count begins at nothing: 1 more for the sandbox's own first process. */
function limits({ limits: { processes } }: Contract, { prlimit }: SandboxTools): readonly string[] {
  if (prlimit === null) return [];
  const nproc = String(processes + 1);
  return [prlimit, `--nproc=${nproc}:${nproc}`, "--core=0:0", "--"];
}

/** What bubblewrap reads from each descriptor; empty where an option does not ask for it. */
export function descriptorContents(
  launch: Launch,
  {
    home,
    environment,
    filter,
  }: {
    readonly home: string;
    readonly environment: ReadonlyMap<string, string>;
    readonly filter: Uint8Array | null;
  },
): ReadonlyMap<number, Uint8Array> {
  const { uid, gid } = launch.user;
  const passwd = `writ:x:${String(uid)}:${String(gid)}::${home}:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n`;
  const options = [...launch.options, ...environmentOptions(environment)];
  return new Map<number, Uint8Array>([
    [DESCRIPTORS.options, Buffer.from(options.map((option) => `${option}\0`).join(""))],
    [DESCRIPTORS.filter, filter ?? new Uint8Array()],
    [DESCRIPTORS.accounts, Buffer.from(passwd)],
    [DESCRIPTORS.groups, Buffer.from(`writ:x:${String(gid)}:\nnogroup:x:65534:\n`)],
    [DESCRIPTORS.resolver, Buffer.from(`nameserver ${RESOLVER}\noptions attempts:1 timeout:1\n`)],
  ]);
}
