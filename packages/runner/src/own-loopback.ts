import { closeSync, openSync, readSync } from "node:fs";

/** The sandbox's own loopback, as far as it can be seen from outside. */
export interface OwnLoopback {
  /** Takes hold of the sandbox's network. An open table keeps it readable after its processes have ended. */
  readonly hold: () => void;
  /** Whether something inside accepts connections on `port`, or had one there a moment ago. */
  readonly serves: (port: number) => boolean;
  readonly release: () => void;
}

/** Rows of about 150 bytes: some thousands of sockets. A longer table is read in part. */
const TABLE_BYTES_MAX = 1024 * 1024;
/** States in which nobody has answered: a call that still knocks, and a closed socket (Linux `tcp_states.h`). */
const UNANSWERED = new Set(["02", "07"]);

/** Reads `/proc/<pid>/net/tcp` and `tcp6` (Linux `proc_net_tcp`). `networkOf` answers the pid once it is known. */
export function ownLoopback(networkOf: () => number | null): OwnLoopback {
  let tables: readonly number[] | undefined;
  const hold = (): void => {
    const pid = networkOf();
    if (tables === undefined && pid !== null) tables = ["tcp", "tcp6"].flatMap((name) => openTable(pid, name));
  };
  return {
    hold,
    serves: (port) => {
      hold();
      return (tables ?? []).some((table) => isAnswered(readTable(table), port));
    },
    release: () => {
      for (const table of tables ?? []) closeSync(table);
      tables = [];
    },
  };
}

/** Exported for its tests. True when a row of the table has `port` at the local end of a socket that was answered. */
export function isAnswered(table: string, port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").some((row) => {
    const [, address = "", , state = ""] = row.trim().split(/\s+/, 4);
    return address.endsWith(local) && !UNANSWERED.has(state);
  });
}

function openTable(pid: number, name: string): readonly number[] {
  try {
    return [openSync(`/proc/${String(pid)}/net/${name}`, "r")];
  } catch {
    return [];
  }
}

function readTable(descriptor: number): string {
  const bytes = Buffer.allocUnsafe(TABLE_BYTES_MAX);
  let length = 0;
  try {
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
  } catch {
    // A network that is gone serves nobody.
  }
  return bytes.toString("latin1", 0, length);
}
