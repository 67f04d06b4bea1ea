import type { Transaction } from "@writ/store";

import type { PreparedEntry } from "./entry.ts";
import { ledgerError } from "./ledger-error.ts";
import type { AppendOptions, AppendResult } from "./port.ts";

/** Bounds of what may wait (spec ledger.md §6), and of one batch. */
export const QUEUE_ENTRIES_MAX = 4_096;
export const QUEUE_BYTES_MAX = 16 * 1024 * 1024;
export const BATCH_ENTRIES_MAX = 1_000;
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/** One caller's group, from `append` until it is answered. */
export interface Waiting {
  readonly entries: readonly PreparedEntry[];
  readonly once: readonly string[];
  readonly wait: NonNullable<AppendOptions["wait"]>;
  readonly bytes: number;
  /** A commit with this group may have happened: finding its entries in the log then is success, not a duplicate. */
  uncertain: boolean;
  /** More rows of the same transaction, written if the group is. */
  readonly alongside?: (tx: Transaction) => Promise<void>;
  readonly answer: (result: AppendResult) => void;
  readonly fail: (error: unknown) => void;
}

/** Groups in order of arrival, bounded. */
export class AppendQueue {
  #waiting: Waiting[] = [];
  #entries = 0;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Queues a group, or throws `LEDGER_BUSY`. A group heavier than the bound waits when nothing else does. */
  push(group: Waiting): void {
    const entries = this.#entries + group.entries.length;
    const bytes = this.#bytes + group.bytes;
    if (this.#waiting.length > 0 && (entries > QUEUE_ENTRIES_MAX || bytes > QUEUE_BYTES_MAX)) {
      throw ledgerError({
        code: "LEDGER_BUSY",
        message: `${this.#entries} entries already wait to be written`,
        reason: `at most ${QUEUE_ENTRIES_MAX} entries or ${QUEUE_BYTES_MAX} bytes may wait`,
        next: "slow down and append the entry again with the same id",
        details: { waiting: this.#entries },
      });
    }
    this.#waiting.push(group);
    this.#entries = entries;
    this.#bytes = bytes;
  }

  /** Takes all that waits, up to the bounds of a batch but at least one group. */
  take(): Waiting[] {
    let count = 0;
    let entries = 0;
    let bytes = 0;
    for (const group of this.#waiting) {
      entries += group.entries.length;
      bytes += group.bytes;
      if (count > 0 && (entries > BATCH_ENTRIES_MAX || bytes > BATCH_BYTES_MAX)) break;
      count++;
    }
    const batch = this.#waiting.splice(0, count);
    for (const group of batch) {
      this.#entries -= group.entries.length;
      this.#bytes -= group.bytes;
    }
    return batch;
  }

  /** Puts groups of a batch back in front: they have to wait for what their batch wrote. */
  putBack(groups: readonly Waiting[]): void {
    this.#waiting.unshift(...groups);
    for (const group of groups) {
      this.#entries += group.entries.length;
      this.#bytes += group.bytes;
    }
  }
}
