import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync } from "node:fs";
import type { WritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";
import type { Mount } from "./mount.ts";
import { refuse } from "./refusal.ts";

/** Names a place without opening it for anything (open(2)); Node has no constant for it. */
const O_PATH = 0o10000000;

/** The working folder and the scope, held open from before they are mounted, and what covers files. */
export interface PinnedMounts {
  /** Number in the sandbox's process → descriptor here. */
  readonly descriptors: ReadonlyMap<number, number>;
  /** Paths that by now name something else than what was mounted. */
  readonly replaced: () => readonly string[];
  readonly release: () => void;
}

/**
 * Opens what bubblewrap is to mount, and compares where that leads with the path that was checked. INVARIANT: what is
 * mounted is what was compared, for bubblewrap binds the open descriptor and looks up no name.
 *
 * @throws WritError `RUNNER_SCOPE_MISSING` when a path was removed, or replaced by a link, after it was checked.
 */
export function pinMounts(mounts: readonly Mount[]): PinnedMounts {
  const descriptors = new Map<number, number>();
  const identities = new Map<string, string>();
  const release = (): void => {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
    descriptors.clear();
  };
  try {
    for (const mount of mounts) {
      if (!("descriptor" in mount) || mount.descriptor === undefined) continue;
      if (mount.kind === "hide") {
        descriptors.set(mount.descriptor, openSync("/dev/null", "r"));
        continue;
      }
      const descriptor = openExactly(mount.path);
      descriptors.set(mount.descriptor, descriptor);
      identities.set(mount.path, identityOf(fstatSync(descriptor, { bigint: true })));
    }
  } catch (error) {
    release();
    throw error;
  }
  return {
    descriptors,
    replaced: () => [...identities].filter(([path, identity]) => identityAt(path) !== identity).map(([path]) => path),
    release,
  };
}

function openExactly(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  } catch {
    throw replaced(path);
  }
  const found = fstatSync(descriptor);
  const leads = readlinkSync(`/proc/self/fd/${String(descriptor)}`);
  if (leads === path && (found.isDirectory() || found.isFile())) return descriptor;
  closeSync(descriptor);
  throw replaced(path);
}

function identityAt(path: string): string | null {
  try {
    return identityOf(lstatSync(path, { bigint: true }));
  } catch {
    return null;
  }
}

function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${String(dev)} ${String(ino)}`;
}

function replaced(path: string): WritError<RunnerErrorCode> {
  return refuse({
    code: "RUNNER_SCOPE_MISSING",
    reason: `\`${path}\` was removed, or replaced by a link, after it was checked`,
    next: "find out what else writes there, and ask for a new ticket",
  });
}
