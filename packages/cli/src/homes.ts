import { createHash } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { WritError } from "@writ/canon";
import { absolutePath } from "./working-folder.ts";

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

/** @throws WritError `USAGE` for a home that is empty or holds control characters, and where there is none. */
export function resolveHomes(environment: NodeJS.ProcessEnv, override?: string): Homes {
  const given = override === undefined ? named(environment, "WRIT_HOME") : plain("--home", override);
  const data = absolutePath(given ?? join(xdg(environment, "XDG_DATA_HOME", ".local/share"), "writ"));
  const keys = absolutePath(
    named(environment, "WRIT_KEY_HOME") ?? join(xdg(environment, "XDG_CONFIG_HOME", ".config"), "writ/keys"),
  );
  return { data, keys, policies: join(keys, "..", "policies"), socket: socketPath(environment, data) };
}

function named(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const path = environment[name];
  return path === undefined ? undefined : plain(name, path);
}

/** An empty name would be the folder that the command is given in; the others break lines and lists of paths. */
function plain(name: string, path: string): string {
  if (path !== "" && !/[\u0000-\u001f\u007f]/.test(path)) return path;
  throw new WritError({
    code: "USAGE",
    message: path === "" ? `${name} is empty` : `${name} holds a control character`,
    reason: "it names a folder of its own",
    next: `name one, for example \`${name === "--home" ? "--home " : `${name}=`}$HOME/writ\`, or leave it out`,
  });
}

function xdg(environment: NodeJS.ProcessEnv, name: string, fallback: string): string {
  const given = environment[name];
  return given !== undefined && given.startsWith("/") ? given : join(personalHome(), fallback);
}

/** INVARIANT: absolute, so that data and keys never come to lie in the folder that a command is given in. */
function personalHome(): string {
  let path = "";
  try {
    path = homedir();
  } catch {
    // Without HOME, and with a user that the system does not list.
  }
  if (isAbsolute(path)) return path;
  throw new WritError({
    code: "USAGE",
    message: "there is no home folder",
    reason: "data and keys lie below it unless other folders are named",
    next: "set HOME, or both WRIT_HOME and WRIT_KEY_HOME",
  });
}

function socketPath(environment: NodeJS.ProcessEnv, data: string): string {
  const near = join(data, "run", "owner.sock");
  if (isShort(near)) return near;
  const name = `writ-${createHash("sha256").update(data).digest("hex").slice(0, 16)}`;
  const user = `writ-${String(process.getuid?.() ?? 0)}`;
  const given = environment["XDG_RUNTIME_DIR"];
  const runtime = given !== undefined && isAbsolute(given) ? given : join(tmpdir(), user);
  const far = join(runtime, name, "owner.sock");
  return isShort(far) ? far : join("/tmp", user, name, "owner.sock");
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= SOCKET_PATH_MAX;
}
