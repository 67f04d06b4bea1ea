import { isUuidv7, parseUuid } from "@writ/canon";
import type { Database, Row, Transaction } from "@writ/store";

import { readEntry } from "./entry.ts";
import { readError } from "./failure.ts";
import { corrupt, outOfRange } from "./ledger-error.ts";
import type { Head, StoredEntry } from "./port.ts";
import type { OpenedPrivate, PrivateVault } from "./private-vault.ts";
import { consistencyPath, inclusionPath, pathHashes } from "./proof.ts";
import type { Stretch } from "./proof.ts";
import type { LedgerSql } from "./sql.ts";
import type { TileReader } from "./tile-reader.ts";

export interface ReaderPorts {
  readonly database: Database;
  readonly sql: LedgerSql;
  readonly vault: PrivateVault;
  readonly tiles: TileReader;
}

/** Entries fetched in one snapshot while streaming: at most 8 MiB. */
const PAGE_ENTRIES = 256;

/** Everything that is asked of a log without writing to it. Each call sees one durable state. */
export class LogReader {
  readonly #ports: ReaderPorts;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  async head(): Promise<Head> {
    const row = await this.#read((tx) => tx.get(this.#ports.sql.headGet));
    const root = row?.["root"];
    if (row === undefined || !(root instanceof Uint8Array))
      throw corrupt("the log has no head", "a log has exactly one");
    return { size: Number(row["size"]), root };
  }

  async get(index: number): Promise<StoredEntry | undefined> {
    requireIndex(index);
    return this.#one(this.#ports.sql.entryAt, index);
  }

  async find(id: string): Promise<StoredEntry | undefined> {
    return isUuidv7(id) ? this.#one(this.#ports.sql.entryById, parseUuid(id)) : undefined;
  }

  async guard(key: string): Promise<number | undefined> {
    const row = await this.#read((tx) => tx.get(this.#ports.sql.guardGet, [key]));
    return row === undefined ? undefined : Number(row["idx"]);
  }

  /** Pages of entries; ends at `to` or at the head, whichever comes first. */
  async *read(from: number, to: number): AsyncGenerator<StoredEntry, void, undefined> {
    requireIndex(from);
    requireIndex(to);
    for (let next = from; next < to;) {
      const until = Math.min(to, next + PAGE_ENTRIES);
      const rows = await this.#read((tx) => tx.all(this.#ports.sql.entryRange, [next, until]));
      for (const row of rows) {
        if (row["idx"] !== next) throw corrupt(`entry ${next} is missing`, "indexes have no gaps below the head");
        yield storedEntry(row);
        next++;
      }
      if (next < until) return;
    }
  }

  /** Entries below `size` whose text contains `part`: a sieve before the parser. */
  async *readContaining(part: string, size: number): AsyncGenerator<StoredEntry, void, undefined> {
    for (let from = 0; from < size; from += PAGE_ENTRIES) {
      const until = Math.min(size, from + PAGE_ENTRIES);
      const rows = await this.#read((tx) => tx.all(this.#ports.sql.entryRange, [from, until]));
      for (const row of rows) if (String(row["body"]).includes(part)) yield storedEntry(row);
    }
  }

  async openPrivate(index: number, field: string): Promise<OpenedPrivate | undefined> {
    requireIndex(index);
    return this.#read((tx) => this.#ports.vault.open(tx, index, field));
  }

  async inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]> {
    return this.#prove(inclusionPath(index, size), size);
  }

  async consistencyProof(first: number, second: number): Promise<readonly Uint8Array[]> {
    return this.#prove(consistencyPath(first, second), second);
  }

  /** The hashes of stretches of the log, from one snapshot that has `size` entries. */
  async hashes(stretches: readonly Stretch[], size: number): Promise<readonly Uint8Array[]> {
    return this.#prove(stretches, size);
  }

  async #prove(path: readonly Stretch[], size: number): Promise<readonly Uint8Array[]> {
    const { sql, tiles } = this.#ports;
    return this.#read(async (tx) => {
      const known = Number((await tx.get(sql.headGet))?.["size"] ?? 0);
      if (size > known) throw outOfRange(`the log has ${known} entries, not ${size}`);
      return pathHashes(tx, tiles, path);
    });
  }

  async #read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#ports.database.read(work);
    } catch (error) {
      throw readError(error);
    }
  }

  async #one(sql: string, key: number | Uint8Array): Promise<StoredEntry | undefined> {
    const row = await this.#read((tx: Transaction) => tx.get(sql, [key]));
    return row === undefined ? undefined : storedEntry(row);
  }
}

function storedEntry(row: Row): StoredEntry {
  const bytes = Buffer.from(String(row["body"]), "utf8");
  const index = Number(row["idx"]);
  try {
    return { index, bytes, value: readEntry(bytes) };
  } catch (error) {
    throw corrupt(`entry ${index} cannot be read`, "an entry is stored exactly as it was hashed", error);
  }
}

function requireIndex(index: number): void {
  if (Number.isSafeInteger(index) && index >= 0) return;
  throw outOfRange(`\`${index}\` is not an index`);
}
