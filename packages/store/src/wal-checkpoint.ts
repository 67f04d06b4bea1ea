import { SqliteConnection } from "./sqlite-connection.ts";
import { storeError } from "./store-error.ts";

export interface WalCheckpoint {
  /** A reader or writer kept part of the WAL from being moved. */
  readonly busy: boolean;
  readonly walFrames: number;
  readonly movedFrames: number;
  /** What the WAL still holds alone: the frames not moved, each a page and its header. */
  readonly waitingBytes: number;
}

/** `look` only counts; an SQLite before 3.51 does not know it and takes it for `passive`. */
const ARGUMENTS = { look: "NOOP", passive: "PASSIVE", restart: "RESTART", truncate: "TRUNCATE" } as const;
/** Before each page in a WAL (https://www.sqlite.org/fileformat.html#the_write_ahead_log). */
const FRAME_HEADER_BYTES = 24;

/**
 * Moves the WAL into the file on a connection of its own, synced, beside the writer. `passive` waits for nobody, and
 * where it moved all the next commit begins the WAL anew; `restart` and `truncate` wait up to 25 ms for readers and the
 * writer, `truncate` also cuts the WAL to nothing (needed after an erasure, because it still holds the erased pages).
 * Blocks the thread for the writing; throws `STORE_IO` when the disk fails, after which the writer must not go on either.
 */
export function checkpointWal(path: string, mode: keyof typeof ARGUMENTS): WalCheckpoint {
  const connection = new SqliteConnection(path, { readOnly: false, lockWaitMs: 25 });
  try {
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec(`PRAGMA checkpoint_fullfsync = ${process.platform === "darwin" ? 1 : 0}`);
    connection.exec("PRAGMA secure_delete = 1");
    const row = connection.get(`PRAGMA wal_checkpoint(${ARGUMENTS[mode]})`, []);
    if (row === undefined) throw storeError({ code: "STORE_IO", message: "sqlite did not answer a WAL checkpoint" });
    const [walFrames, movedFrames] = [Number(row["log"]), Number(row["checkpointed"])];
    const pageBytes = Number(connection.get("PRAGMA page_size", [])?.["page_size"]);
    const waitingBytes = (walFrames - movedFrames) * (FRAME_HEADER_BYTES + pageBytes);
    return { busy: row["busy"] !== 0, walFrames, movedFrames, waitingBytes };
  } finally {
    connection.close();
  }
}
