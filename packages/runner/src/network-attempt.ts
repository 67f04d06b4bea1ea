import { resolve } from "node:path";
import type { Refusal } from "@writ/kernel";
import type { Surroundings } from "./attempt.ts";
import { isKeptFrom } from "./file-attempt.ts";
import { socketAddress, type FailedCall } from "./trace-line.ts";

const DENIED = new Set(["EROFS", "EACCES", "EPERM"]);
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

/** A connection or a datagram; with the machine's network only sockets of its file system are looked at. */
export function networkAttempt(call: FailedCall, around: Surroundings): Refusal | null {
  const { name, error } = call;
  const address = socketAddress(call.arguments);
  if (address === null || (around.network === "host" && !(address.family === "unix" && address.path !== null)))
    return null;
  if (address.family === "unix") {
    const refused = address.path === null ? UNREACHED.has(error) : isHiddenSocket(address.path, error, around);
    return refused ? { kind: "network", target: printable(address.name), detail: `${name}: ${error}` } : null;
  }
  if (!UNREACHED.has(error) || (isLoopback(address.host) && around.loopback.serves(address.port))) return null;
  if (address.host === RESOLVER) return { kind: "network", target: "name resolution", detail: `${name}: ${error}` };
  return { kind: "network", target: hostAndPort(address), detail: `${name}: ${error}` };
}

/** The only name server inside when there is no network: an address of TEST-NET-1 (RFC 5737), so that asking it fails at once. */
export const RESOLVER = "192.0.2.53";

/** A name for a socket: in the file system it is a file to be made, else a port that needs a privilege. */
export function bindAttempt(call: FailedCall, around: Surroundings): Refusal | null {
  const { name, error } = call;
  const address = socketAddress(call.arguments);
  if (address === null) return null;
  if (address.family === "internet")
    return DENIED.has(error) ? { kind: "network", target: hostAndPort(address), detail: `${name}: ${error}` } : null;
  if (address.path === null) return null;
  const target = resolve(around.cwd, address.path);
  if (DENIED.has(error)) return { kind: "write", target, detail: `${name}: ${error}` };
  const kept = error === "ENOENT" && isKeptFrom(target, "write", around);
  return kept ? { kind: "write", target, detail: `${name}: not visible inside` } : null;
}

/** A socket beside the protocols: whole packets, the line itself. */
export function socketAttempt({ name, arguments: given, error }: FailedCall): Refusal | null {
  const [, family, type] = /^(\w{1,32}), (\w{1,32})/.exec(given) ?? [];
  if (family === undefined || !DENIED.has(error)) return null;
  return { kind: "network", target: `${family} ${type ?? ""}`, detail: `${name}: ${error}` };
}

function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}

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
