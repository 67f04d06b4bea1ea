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

/** When so much waits in the WAL, it is moved into the database even while the log is busy (spec ledger.md §5). */
const WAL_BYTES_MAX = 16 * 1024 * 1024;
/**
 * A WAL that is begun anew keeps its length, because a file that grows costs each commit as much again as its pages. At
 * rest one longer than this is cut.
 */
const WAL_FILE_BYTES_MAX = 32 * 1024 * 1024;
const LOOK_MS = 250;
/** Looks without a commit in between after which the log counts as resting. */
const RESTING_LOOKS = 4;

/** Moves the WAL into the database beside the commits: when the log rests, or when much waits in the WAL. */
export function keepWal({ path, commits, failed, every }: WalKeeperOptions): () => void {
  let seen = commits();
  // How many commits there were when all of them were moved; what an earlier process left counts as none of ours.
  let moved = -1;
  let still = 0;
  return every(LOOK_MS, () => {
    const now = commits();
    still = now === seen ? still + 1 : 0;
    seen = now;
    const rests = still >= RESTING_LOOKS;
    try {
      const bytes = walBytes(path);
      const tooLong = rests && bytes > WAL_FILE_BYTES_MAX;
      if (!tooLong && (moved === now || !(rests || isFull(path, bytes)))) return;
      const { busy, waitingBytes } = checkpointWal(path, tooLong ? "truncate" : "passive");
      if (!busy && waitingBytes === 0) moved = now;
    } catch (error) {
      // On a full disk the WAL keeps what could not be moved, and is moved when there is room.
      if (!isWritError(error, "STORE_FULL")) failed(error);
    }
  });
}

/** Its length tells only how full it ever was. */
function isFull(path: string, bytes: number): boolean {
  return bytes > WAL_BYTES_MAX && checkpointWal(path, "look").waitingBytes > WAL_BYTES_MAX;
}

function walBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
