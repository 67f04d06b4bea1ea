import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** As many links as the kernel follows in one path (path_resolution(7)). */
const LINKS_MAX = 40;

/**
 * Where a path leads for a process inside, links followed as far as anything is there; null after too many of them.
 *
 * @param root the sandbox's root as this machine sees it, `/proc/<pid>/root`.
 * @param path absolute, `..` and all.
 * @param from what the path begins with and no link is in.
 */
export function leadsInside(root: string, path: string, from = ""): string | null {
  const rest = path.slice(from.length).split("/").reverse();
  let done = from === "" ? "/" : from;
  for (let links = 0; rest.length > 0;) {
    const part = rest.pop() ?? "";
    const here = join(done, part);
    const target = PLAIN.has(part) ? null : linkAt(root + here);
    if (target === null) done = here;
    else if (++links > LINKS_MAX) return null;
    else {
      rest.push(...target.split("/").reverse());
      if (target.startsWith("/")) done = "/";
    }
  }
  return done;
}

const PLAIN = new Set(["", ".", ".."]);

function linkAt(path: string): string | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : null;
  } catch {
    return null;
  }
}

/** The place behind a link that the kernel keeps for a process: its root, which all inside share, or its own working folder. */
export function withoutProcess(path: string, workingFolder: string | null): string {
  const [, own, rest = ""] =
    /^\/proc\/(?:self|thread-self|\d{1,10})(?:\/task\/\d{1,10})?\/(root|cwd)(\/.*)?$/s.exec(path) ?? [];
  if (own === "root") return `/${rest}`;
  return own === "cwd" && workingFolder !== null ? `${workingFolder}${rest}` : path;
}
