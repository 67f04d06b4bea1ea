import { statSync } from "node:fs";

import { isWritError } from "@writ/canon";
import { checkpointWal } from "@writ/store";

export interface WalKeeperOptions {
  readonly path: string;
  /** Commits so far, to see whether the log rests. */
  readonly commits: () => number;
  /** Told what failed; the writer must not go on then. */
  readonly failed: (error: unknown) => void;
  readonly every: (ms: number, work: () => void) => () => void;
}

/** Over this the WAL is moved into the database even while the log is busy (spec ledger.md §5). */
const WAL_BYTES_MAX = 16 * 1024 * 1024;
/** A WAL that is begun anew keeps its length, which spares each commit the growing; from here on it is cut. */
const WAL_FILE_BYTES_MAX = 32 * 1024 * 1024;
const LOOK_MS = 250;
/** Looks without a commit in between after which the log counts as resting. */
const RESTING_LOOKS = 4;

/** Moves the WAL into the database beside the commits: when the log rests, or when the WAL has grown long. */
export function keepWal({ path, commits, failed, every }: WalKeeperOptions): () => void {
  let seen = commits();
  let moved = 0;
  let still = 0;
  // How long the file was when the WAL was begun anew in it: while it is no longer, what it holds is shorter.
  let begun = 0;
  return every(LOOK_MS, () => {
    const now = commits();
    still = now === seen ? still + 1 : 0;
    seen = now;
    const bytes = walBytes(path);
    begun = Math.min(begun, bytes);
    const long = bytes > Math.max(WAL_BYTES_MAX, begun);
    if (!long && (still < RESTING_LOOKS || moved === now)) return;
    try {
      const mode = !long ? "passive" : bytes > WAL_FILE_BYTES_MAX ? "truncate" : "restart";
      if (checkpointWal(path, mode).busy) return;
      moved = now;
      if (mode === "restart") begun = bytes;
    } catch (error) {
      // On a full disk the WAL keeps what could not be moved, and is moved when there is room.
      if (!isWritError(error, "STORE_FULL")) failed(error);
    }
  });
}

function walBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
