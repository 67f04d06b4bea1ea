import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import type { Mount } from "./mount.ts";

/** Where the system's programs and libraries are. */
const FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"];

/**
 * What programs need of `/etc` to start, resolve names and check certificates. The rest is absent: no accounts, no host
 * keys, no private keys, no configuration of services. Each file is a mount of its own and costs about 0.3 ms.
 */
const SETTINGS = [
  "/etc/ld.so.cache",
  "/etc/alternatives",
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/protocols",
  "/etc/services",
  "/etc/localtime",
  "/etc/locale.alias",
  "/etc/os-release",
  "/etc/fonts",
  "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf",
  "/etc/pki/tls/certs",
  "/etc/pki/tls/openssl.cnf",
  "/etc/pki/ca-trust/extracted",
  "/etc/crypto-policies",
  "/etc/java",
];

/** The read-only system of a sandbox. The machine's name servers are known inside only with its network. */
export function systemMounts(network: "none" | "host"): readonly Mount[] {
  const shown = [...FOLDERS, ...SETTINGS, ...javaSettings()].filter((path) => existsSync(path)).map(show);
  return network === "host" && existsSync(NAME_SERVERS) ? [...shown, { kind: "read", path: NAME_SERVERS }] : shown;
}

/** Often a link into `/run`, which is not shown; a mount follows it. */
const NAME_SERVERS = "/etc/resolv.conf";

/** Debian keeps a Java's configuration beside the others, in a folder of its version. */
function javaSettings(): readonly string[] {
  return readdirSync("/etc")
    .filter((name) => /^java-\d+-openjdk$/.test(name))
    .map((name) => `/etc/${name}`);
}

/** A link into what is shown anyway stays a link. */
function show(path: string): Mount {
  if (!lstatSync(path).isSymbolicLink()) return { kind: "read", path };
  const leads = realpathSync(path);
  return leads.startsWith("/usr/") ? { kind: "link", path, target: readlinkSync(path) } : { kind: "read", path };
}
