import { closeSync, fstatSync, fsyncSync, lstatSync, readSync, type Stats, writeSync } from "node:fs";

import { createPrivateFile, openPrivateFile } from "./key-file-safety.ts";
import type { Head } from "./port.ts";
import { signerError } from "./signer-error.ts";
import { acquireMemoryLock, type MemoryLock } from "./signer-memory-lock.ts";
import {
  formatMemoryRecord,
  type MemoryRecord,
  newestMemoryRecord,
  SLOT_BYTES,
  slotOffset,
} from "./signer-memory-record.ts";
import { assertAdvance, type SignerMemory } from "./signer-memory.ts";

/** A written head is on disk after this long at most; an unused memory is given up to other processes. */
const SYNC_MS = 500;

/** Makes the memory file of a key that has signed nothing. False when there is one already. */
export function createMemoryFile(path: string): boolean {
  const empty = { sequence: 0, head: undefined };
  return createPrivateFile(path, Buffer.concat([formatMemoryRecord(empty), formatMemoryRecord(empty)]));
}

/** Memories open in this thread by file, so that two signers on one file are one memory. */
const openMemories = new Map<string, SharedMemory>();

interface SharedMemory {
  readonly memory: FileMemory;
  users: number;
}

/**
 * The memory in a file, shared by all signers of this file: in one process by one object, between processes by a
 * lock that is held while signing goes on and given up when it rests. Throws `SIGNER_MEMORY` or `KEY_UNSAFE`.
 */
export function openMemoryFile(path: string): SignerMemory {
  const fd = openPrivateFile(path, "r+", "SIGNER_MEMORY");
  const stats = fstatSync(fd);
  const key = `${stats.dev}:${stats.ino}`;
  const known = openMemories.get(key);
  if (known !== undefined) closeSync(fd);
  const shared = known ?? { memory: new FileMemory(path, fd, stats), users: 0 };
  shared.users++;
  openMemories.set(key, shared);
  return handleOn(shared, key);
}

function handleOn(shared: SharedMemory, key: string): SignerMemory {
  let open = true;
  const memory = (): FileMemory => {
    if (open) return shared.memory;
    throw memoryFailure("is closed", "it was closed while its signer was in use");
  };
  return {
    state: () => memory().state(),
    advance: (head) => memory().advance(head),
    flush: () => memory().flush(),
    async close() {
      if (!open) return;
      open = false;
      shared.users--;
      if (shared.users > 0) return;
      openMemories.delete(key);
      await shared.memory.close();
    },
  };
}

class FileMemory implements SignerMemory {
  readonly #path: string;
  readonly #fd: number;
  readonly #identity: Stats;
  #lock: MemoryLock | undefined;
  #record: MemoryRecord | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dirty = false;
  #used = false;
  #failure: Error | undefined;

  constructor(path: string, fd: number, identity: Stats) {
    this.#path = path;
    this.#fd = fd;
    this.#identity = identity;
    this.#read();
  }

  state(): Head | undefined {
    if (this.#lock === undefined) this.#read();
    return this.#record?.head;
  }

  advance(head: Head): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#own();
    assertAdvance(this.#record?.head, head);
    this.#used = true;
    this.#schedule();
    this.#write({ sequence: (this.#record?.sequence ?? 0) + 1, head });
  }

  flush(): Promise<void> {
    // A disk that is slow here is slow for everybody who waits for this checkpoint.
    return new Promise((resolve) => {
      this.#sync();
      resolve();
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      clearInterval(this.#timer);
      try {
        this.#sync();
      } finally {
        this.#lock?.release();
        closeSync(this.#fd);
      }
      resolve();
    });
  }

  /** Holds the lock, with the record as it is now. */
  #own(): void {
    if (this.#lock !== undefined) return;
    const lock = acquireMemoryLock(`${this.#path}.lock`);
    try {
      this.#assertSameFile();
      this.#read();
    } catch (error) {
      lock.release();
      throw error;
    }
    this.#lock = lock;
  }

  #assertSameFile(): void {
    const now = lstatSync(this.#path, { throwIfNoEntry: false });
    if (now?.ino !== this.#identity.ino || now.dev !== this.#identity.dev) {
      throw memoryFailure("was replaced", "a memory put back from a copy may have forgotten heads");
    }
  }

  #read(): void {
    const bytes = Buffer.alloc(2 * SLOT_BYTES);
    try {
      readSync(this.#fd, bytes, 0, bytes.length, 0);
    } catch (error) {
      throw memoryFailure("cannot be read", "the system refused it", error);
    }
    const record = newestMemoryRecord(bytes);
    if (record === undefined) throw memoryFailure("is damaged", "neither of its two records is whole");
    this.#record = record;
  }

  #write(record: MemoryRecord): void {
    this.#dirty = true;
    this.#attempt(() => {
      const written = writeSync(this.#fd, formatMemoryRecord(record), 0, SLOT_BYTES, slotOffset(record.sequence));
      if (written !== SLOT_BYTES) throw new Error(`wrote ${written} of ${SLOT_BYTES} bytes`);
    });
    this.#record = record;
  }

  #sync(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#dirty) return;
    this.#attempt(() => fsyncSync(this.#fd));
    this.#dirty = false;
  }

  /** After one failed write or sync the system may report success for lost bytes, so there is no second try. */
  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#failure = memoryFailure("cannot be written", "the system refused to write or sync it", error);
      throw this.#failure;
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#rest(), SYNC_MS);
    this.#timer.unref();
  }

  #rest(): void {
    try {
      this.#sync();
    } catch {
      // Kept in `#failure`, which the next signature meets.
    }
    if (this.#used) {
      this.#used = false;
      return;
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#lock?.release();
    this.#lock = undefined;
  }
}

function memoryFailure(what: string, reason: string, cause?: unknown): Error {
  return signerError({
    code: "SIGNER_MEMORY",
    message: `the signer's memory ${what}`,
    reason,
    next: "compare the log with a checkpoint that others hold, and put the signer's memory back; there is no command yet that continues without it",
    cause,
  });
}
