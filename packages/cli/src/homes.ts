import { createHash } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Where things live (ARCHITECTURE §6). Data and keys are apart, so that one backup does not hold both. */
export interface Homes {
  /** Log, views, lock: never inside a workspace that an agent can write. */
  readonly data: string;
  /** Signing keys and the signer's memory. */
  readonly keys: string;
  /** The operator's own policies; when the folder is absent the shipped ones are used. */
  readonly policies: string;
  /** The owner's Unix socket. */
  readonly socket: string;
}

/** Linux allows 108 bytes for a socket's address, macOS 104; a longer path is replaced by one of fixed length. */
const SOCKET_PATH_MAX = 100;

export function resolveHomes(environment: NodeJS.ProcessEnv, override?: string): Homes {
  const data = resolve(
    override ?? environment["WRIT_HOME"] ?? join(xdg(environment, "XDG_DATA_HOME", ".local/share"), "writ"),
  );
  const config = join(xdg(environment, "XDG_CONFIG_HOME", ".config"), "writ");
  const keys = resolve(environment["WRIT_KEY_HOME"] ?? join(config, "keys"));
  return { data, keys, policies: join(keys, "..", "policies"), socket: socketPath(environment, data) };
}

function xdg(environment: NodeJS.ProcessEnv, name: string, fallback: string): string {
  const given = environment[name];
  return given !== undefined && given.startsWith("/") ? given : join(homedir(), fallback);
}

function socketPath(environment: NodeJS.ProcessEnv, data: string): string {
  const near = join(data, "run", "owner.sock");
  if (Buffer.byteLength(near) <= SOCKET_PATH_MAX) return near;
  const name = createHash("sha256").update(data).digest("hex").slice(0, 16);
  const runtime = environment["XDG_RUNTIME_DIR"] ?? join(tmpdir(), `writ-${String(process.getuid?.() ?? 0)}`);
  return join(runtime, `writ-${name}`, "owner.sock");
}
