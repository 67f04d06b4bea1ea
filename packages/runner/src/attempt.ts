import { readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isWithin, type Refusal } from "@writ/kernel";
import type { OwnLoopback } from "./own-loopback.ts";
import { pathArguments, socketAddress, type FailedCall } from "./trace-line.ts";

/** What the classification needs to know of the sandbox and the machine around it. */
export interface Surroundings {
  readonly cwd: string;
  readonly network: "none" | "host";
  /** Folders and files shown to the process, and what is covered again within them. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  readonly writable: readonly string[];
  /** Where a path leads on this machine, or null when nothing is there. */
  readonly realPath: (path: string) => string | null;
  readonly loopback: OwnLoopback;
}

/**
 * What the sandbox refused, or null when the call failed for a reason of its own: a file that is nowhere is not a
 * refusal, a file that is there outside and not inside is one.
 */
export function classifyAttempt(call: FailedCall, around: Surroundings): Refusal | null {
  if (FORKS.has(call.name)) return call.error === "EAGAIN" ? tooManyProcesses : null;
  if (SENDS.has(call.name)) return networkAttempt(call, around);
  const isWrite = WRITES.has(call.name) || (OPENS.has(call.name) && WRITE_FLAGS.test(call.arguments));
  return fileAttempt(call, isWrite ? "write" : "read", around);
}

const FORKS = new Set(["clone", "fork", "vfork"]);
const SENDS = new Set(["connect", "sendto", "sendmsg", "sendmmsg"]);
const OPENS = new Set(["open", "openat", "openat2"]);
const READS = ["execve", "chdir"];
const WRITES = new Set([
  "creat",
  "mkdir",
  "mkdirat",
  "rmdir",
  "unlink",
  "unlinkat",
  "rename",
  "renameat",
  "renameat2",
  "link",
  "linkat",
  "symlink",
  "symlinkat",
  "chmod",
  "fchmodat",
  "chown",
  "lchown",
  "fchownat",
  "truncate",
  "mknod",
  "mknodat",
  "utimensat",
]);
const WRITE_FLAGS = /\bO_(?:WRONLY|RDWR|CREAT|TRUNC)\b/;

/** The system calls to observe; those of the network only where there is none. `?`: not on every architecture. */
export function observedCalls(network: "none" | "host"): string {
  const calls = [...FORKS, ...OPENS, ...READS, ...WRITES, ...(network === "none" ? SENDS : [])];
  return calls.map((name) => `?${name}`).join(",");
}

const tooManyProcesses: Refusal = { kind: "limit", target: "processes", detail: "the process limit was reached" };

const DENIED = new Set(["EROFS", "EACCES", "EPERM"]);
/** Trees of the kernel that differ inside by design; programs probe them all the time. */
const PROBED = ["/proc", "/sys"];

function fileAttempt(call: FailedCall, kind: "read" | "write", around: Surroundings): Refusal | null {
  const paths = pathArguments(call.arguments).map(({ text, folder }) =>
    resolve(folder ?? workingFolder(call.pid) ?? around.cwd, text),
  );
  const target = subject(call, paths, around);
  if (target === undefined) return null;
  if (DENIED.has(call.error)) return { kind, target, detail: `${call.name}: ${call.error}` };
  if (call.error === "EXDEV" && call.name.startsWith("link")) return { kind, target, detail: `${call.name}: EXDEV` };
  if (call.error !== "ENOENT" || PROBED.some((tree) => isWithin(tree, target))) return null;
  return isKeptFrom(target, kind, around) ? { kind, target, detail: `${call.name}: not visible inside` } : null;
}

/** Of two paths the one that is refused: a hard link's source, else the one outside the scope, else the last. */
function subject({ name }: FailedCall, paths: readonly string[], { writable }: Surroundings): string | undefined {
  if (name.startsWith("symlink")) return paths.at(-1);
  if (name.startsWith("link")) return paths[0];
  if (!name.startsWith("rename")) return paths[0];
  return paths.find((path) => !writable.some((folder) => isWithin(folder, path))) ?? paths.at(-1);
}

/** Old calls carry no folder; while the process lives the kernel tells it. */
function workingFolder(pid: number | null): string | null {
  if (pid === null) return null;
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`);
  } catch {
    return null;
  }
}

function isKeptFrom(target: string, kind: "read" | "write", around: Surroundings): boolean {
  if (around.hidden.some((secret) => isWithin(secret, target))) return true;
  const real = around.realPath(kind === "write" ? dirname(target) : target);
  return real !== null && !isVisible(real, around);
}

function isVisible(path: string, { shown, hidden }: Surroundings): boolean {
  return shown.some((folder) => isWithin(folder, path)) && !hidden.some((secret) => isWithin(secret, path));
}

const UNREACHED = new Set([
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ECONNREFUSED",
  "EADDRNOTAVAIL",
  "EINPROGRESS",
  "ETIMEDOUT",
  "EACCES",
  "EPERM",
]);

function networkAttempt({ name, arguments: given, error }: FailedCall, around: Surroundings): Refusal | null {
  const address = socketAddress(given);
  if (address === null) return null;
  if (address.family === "unix") {
    const refused = address.path === null ? UNREACHED.has(error) : isHiddenSocket(address.path, error, around);
    return refused ? { kind: "network", target: printable(address.name), detail: `${name}: ${error}` } : null;
  }
  if (!UNREACHED.has(error) || (isLoopback(address.host) && around.loopback.serves(address.port))) return null;
  if (address.host === RESOLVER) return { kind: "network", target: "name resolution", detail: `${name}: ${error}` };
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return { kind: "network", target: `${host}:${String(address.port)}`, detail: `${name}: ${error}` };
}

/** The only name server inside when there is no network: an address of TEST-NET-1 (RFC 5737), so that asking it fails at once. */
export const RESOLVER = "192.0.2.53";

function isHiddenSocket(path: string, error: string, around: Surroundings): boolean {
  if (error === "EACCES" || error === "EPERM") return true;
  return error === "ENOENT" && isKeptFrom(resolve(around.cwd, path), "read", around);
}

function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.") || host.startsWith("::ffff:127.");
}

function printable(name: string): string {
  return name.replaceAll("\0", "@");
}
