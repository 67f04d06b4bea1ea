import { closeSync, constants, fstatSync, lstatSync, openSync, statSync } from "node:fs";
import { leadsInside } from "./inside-path.ts";

/** The file system of a sandbox, looked at from outside. */
export interface InsideView {
  /** Takes hold of it: what is held stays as it was when its processes have ended. */
  readonly hold: () => void;
  /** Where an absolute path leads there, links followed; null when that cannot be seen. `from`: see `leadsInside`. */
  readonly leads: (path: string, from: string) => string | null;
  readonly release: () => void;
}

/** `firstPid` answers the pid of the first process inside once it is known. */
export function insideView(firstPid: () => number | null): InsideView {
  let held: readonly number[] = [];
  let isOver = false;
  const hold = (): void => {
    const pid = firstPid();
    if (isOver || held.length > 0 || pid === null) return;
    try {
      held = open(pid);
    } catch {
      isOver = true;
    }
  };
  return {
    hold,
    leads: (path, from) => {
      hold();
      const [root] = held;
      return root === undefined ? null : leadsInside(`/proc/self/fd/${String(root)}`, path, from);
    },
    release: () => {
      for (const descriptor of held) closeSync(descriptor);
      held = [];
      isOver = true;
    },
  };
}

/** The root and its namespace, without which nothing would be mounted under the root any more; nothing while it is being built. */
function open(pid: number): readonly number[] {
  const root = openSync(`/proc/${String(pid)}/root`, O_PATH | constants.O_DIRECTORY);
  try {
    if (isBuilt(root)) return [root, openSync(`/proc/${String(pid)}/ns/mnt`, "r")];
  } catch (error) {
    closeSync(root);
    throw error;
  }
  closeSync(root);
  return [];
}

/** Names a place without opening it for anything (open(2)); Node has no constant for it. */
const O_PATH = 0o10000000;

/** Bubblewrap builds a root under `/newroot` of another one, which it leaves last. */
function isBuilt(root: number): boolean {
  const [there, here] = [fstatSync(root), statSync("/")];
  const isOwn = there.dev === here.dev && there.ino === here.ino;
  return !isOwn && lstatSync(`/proc/self/fd/${String(root)}/newroot`, { throwIfNoEntry: false }) === undefined;
}
