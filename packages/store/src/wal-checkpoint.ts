import { SqliteConnection } from "./sqlite-connection.ts";
import { storeError } from "./store-error.ts";

export interface WalCheckpoint {
  /** A reader or writer kept part of the WAL from being moved. */
  readonly busy: boolean;
  readonly walFrames: number;
  readonly movedFrames: number;
}

/**
 * Moves the WAL into the file on a connection of its own, synced, beside the writer. `passive` waits for nobody;
 * `restart` and `truncate` wait up to 25 ms for readers and let the next commit begin the WAL anew, `truncate` also
 * cuts it to nothing (needed after an erasure, because the WAL still holds the erased pages). Blocks the thread for
 * the writing; throws `STORE_IO` when the disk fails, after which the writer must not go on either.
 */
export function checkpointWal(path: string, mode: "passive" | "restart" | "truncate"): WalCheckpoint {
  const connection = new SqliteConnection(path, { readOnly: false, lockWaitMs: 25 });
  try {
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec(`PRAGMA checkpoint_fullfsync = ${process.platform === "darwin" ? 1 : 0}`);
    connection.exec("PRAGMA secure_delete = 1");
    const row = connection.get(`PRAGMA wal_checkpoint(${mode})`, []);
    if (row === undefined) throw storeError({ code: "STORE_IO", message: "sqlite did not answer a WAL checkpoint" });
    return {
      busy: row["busy"] !== 0,
      walFrames: Number(row["log"]),
      movedFrames: Number(row["checkpointed"]),
    };
  } finally {
    connection.close();
  }
}
