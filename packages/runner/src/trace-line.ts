/** One failed system call, as strace reports it with `-Z -y -xx -e signal=SIGSYS`. */
export interface FailedCall {
  /** Process or thread id on this machine; null while there is only one. */
  readonly pid: number | null;
  readonly name: string;
  readonly arguments: string;
  /** The error's name, for example `EROFS`; `SIGSYS` of a call that the filter answered with that signal. */
  readonly error: string;
}

/** A path argument: as the program gave it, and the folder it was relative to when that is known. */
export interface PathArgument {
  readonly text: string;
  readonly folder: string | null;
}

const LINE = /^(?:\[pid +(\d{1,10})\] )?([a-z_0-9]{1,32})\((.*)\) += -1 (E[A-Z0-9]{1,20})\b/;
const ENDED = /^(?:\[pid +(\d{1,10})\] )?--- SIGSYS \{.*\bsi_syscall=__NR_([a-z_0-9]{1,32})\b.*\} ---$/;

/**
 * Reads one line; null for what is no failed call. Strings of the traced program arrive as hex alone (`-xx`), so
 * nothing it writes can end a string, start a line or pretend to be another call.
 */
export function parseTraceLine(line: string): FailedCall | null {
  const found = LINE.exec(line) ?? ENDED.exec(line);
  if (found === null) return null;
  const [, pid, name = "", given = "", error = "SIGSYS"] = found;
  return { pid: pid === undefined ? null : Number(pid), name, arguments: given, error };
}

/** Path arguments in order: `AT_FDCWD<folder>, "path"`, `3<folder>, "path"`, `"path"` alone, or `3<path>` where no text is. */
export function pathArguments(given: string): readonly PathArgument[] {
  const paths: PathArgument[] = [];
  let folder: string | null = null;
  for (const [, descriptor, text] of given.matchAll(
    /(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>|"((?:\\x[0-9a-f]{2})*)"/g,
  )) {
    if (text === undefined) {
      folder = pathOf(descriptor ?? "");
    } else {
      paths.push({ text: unescape(text), folder });
      folder = null;
    }
  }
  return paths.length === 0 && folder !== null ? [{ text: folder, folder: null }] : paths;
}

/** Sockets, pipes and the like have names that are no paths. */
function pathOf(descriptor: string): string | null {
  const name = unescape(descriptor);
  return name.startsWith("/") ? name : null;
}

export type SocketAddress =
  | { readonly family: "internet"; readonly host: string; readonly port: number }
  /** `path` is null for a name of the abstract kind. */
  | { readonly family: "unix"; readonly name: string; readonly path: string | null };

export function socketAddress(given: string): SocketAddress | null {
  const port = /sin6?_port=htons\((\d{1,5})\)/.exec(given)?.[1];
  const host = /inet_(?:addr\(|pton\(AF_INET6, )"((?:\\x[0-9a-f]{2})*)"/.exec(given)?.[1];
  if (port !== undefined && host !== undefined) return { family: "internet", host: unescape(host), port: Number(port) };
  const unix = /sa_family=AF_UNIX, sun_path=(@?)"((?:\\x[0-9a-f]{2})*)"/.exec(given);
  if (unix === null) return null;
  const name = unescape(unix[2] ?? "");
  return { family: "unix", name: `${unix[1] ?? ""}${name}`, path: unix[1] === "@" ? null : name };
}

function unescape(hex: string): string {
  return Buffer.from(hex.replaceAll("\\x", ""), "hex").toString("utf8");
}
