import type { Database } from "@writ/store";

import { checkGroup, checkGuards } from "./append-group.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { lintClearText } from "./clear-text.ts";
import type { ClearTextLint } from "./clear-text.ts";
import type { SaltPool } from "./commitment.ts";
import { erase, planErasure } from "./erase.ts";
import type { ErasureOrder, ErasurePlan, FieldAddress } from "./erase.ts";
import { prepareEntry } from "./entry.ts";
import type { HeadSigner } from "./head-signer.ts";
import { inspectLog } from "./inspect.ts";
import type { LedgerReport } from "./inspect.ts";
import type { LedgerError } from "./ledger-error.ts";
import type { LogReader } from "./log-reader.ts";
import type { AppendOptions, AppendResult, Head, Ledger, LedgerErrorCode, NewEntry, StoredEntry } from "./port.ts";
import type { OpenedPrivate, PrivateVault } from "./private-vault.ts";
import type { Stretch } from "./proof.ts";
import type { Waiting } from "./queue.ts";
import type { LedgerSql } from "./sql.ts";
import { planRetention } from "./retention.ts";
import type { RetentionOptions } from "./retention.ts";
import type { Writer } from "./writer.ts";

/** What a log says about itself. */
export interface LedgerStatus {
  readonly origin: string;
  readonly size: number;
  /** Why it takes no entries, if so. */
  readonly readOnly: Refused | undefined;
  /** Durability settings as the engine reports them now. */
  readonly settings: { readonly [name: string]: string };
}

/** Why a log takes no entries. */
export interface Refused {
  readonly code: LedgerErrorCode;
  readonly message: string;
  readonly reason: string;
  readonly next: string;
}

/** A log opened in this process. */
export interface OpenLedger extends Ledger {
  status(): Promise<LedgerStatus>;
  /** Why an append would be refused now, tried by writing beside the log; undefined when it would be taken. */
  trial(): Promise<Refused | undefined>;
  /** What `writ ledger status` tells (spec ledger.md §12). */
  inspect(): Promise<LedgerReport>;
  /**
   * A checkpoint for what leaves the process: of the head now, or, where the log takes nothing more, the newest that
   * was signed. Throws why it takes nothing where none was.
   */
  provable(): Promise<string>;
  /** Roots of stretches of the log, each a node of the tree at some size, from one snapshot with `size` entries. */
  hashes(stretches: readonly Stretch[], size: number): Promise<readonly Uint8Array[]>;
  /** Entries below `size` whose stored text contains `part`, in order: a sieve, to be checked on the parsed entry. */
  readContaining(part: string, size: number): AsyncIterable<StoredEntry>;
  /** Every private field of a subject that is still there (spec ledger.md §9). */
  planErasure(subject: string): Promise<ErasurePlan>;
  /** Private fields whose time is over, see `planRetention`. */
  planRetention(options: RetentionOptions): Promise<readonly FieldAddress[]>;
  /** Removes the fields of a plan for good and records it, see `erase`. */
  erase(plan: ErasurePlan, order: ErasureOrder): Promise<AppendResult>;
  /** Ends the writer: what waits and what comes is refused with `reason`; reads go on. */
  stop(reason: LedgerError): void;
  /** Runs `work` at the end of `close`. */
  onClose(work: () => Promise<void>): void;
}

export interface LogLedgerParts {
  readonly origin: string;
  readonly database: Database;
  readonly sql: LedgerSql;
  readonly vault: PrivateVault;
  readonly reader: LogReader;
  readonly writer: Writer;
  readonly checkpoints: Checkpoints;
  readonly salts: SaltPool;
  readonly signer: HeadSigner;
  readonly lint: ClearTextLint | undefined;
  readonly now: () => number;
  readonly listeners: Set<(size: number) => void>;
  readonly every: (ms: number, work: () => void) => () => void;
  readonly truncateWal: () => Promise<void>;
}

/** A note that no commit took along is stored within a second; silence is broken every 10 minutes; thinning is rare. */
const STORE_NOTE_MS = 1_000;
const HEARTBEAT_MS = 600_000;
const THIN_MS = 3_600_000;

/** The log of `openLedger`. */
export class LogLedger implements OpenLedger {
  readonly origin: string;
  readonly #parts: LogLedgerParts;
  readonly #stops: readonly (() => void)[];
  readonly #endings: (() => Promise<void>)[] = [];
  #leave: () => Promise<void> = () => Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(parts: LogLedgerParts) {
    this.#parts = parts;
    this.origin = parts.origin;
    const { checkpoints, writer, every } = parts;
    const beside = (ms: number, work: () => Promise<void>) => every(ms, () => this.#beside(work));
    const stops = [beside(THIN_MS, () => checkpoints.thin())];
    // Among many nodes one publishes, see `joinNodes`.
    if (parts.database.nodes === undefined) {
      stops.push(beside(STORE_NOTE_MS, () => checkpoints.catchUp(() => writer.head)));
      stops.push(beside(HEARTBEAT_MS, () => checkpoints.heartbeat(writer.head)));
    }
    this.#stops = stops;
  }

  append(group: readonly NewEntry[], options: AppendOptions = {}): Promise<AppendResult> {
    return this.#append(group, options);
  }

  async #append(
    group: readonly NewEntry[],
    options: AppendOptions,
    alongside?: Waiting["alongside"],
  ): Promise<AppendResult> {
    const { salts, now, writer } = this.#parts;
    checkGroup(group);
    const { lint } = this.#parts;
    if (lint !== undefined) for (const entry of group) lintClearText(entry, lint);
    const once = checkGuards(options.once ?? []);
    const entries = group.map((entry) => prepareEntry(entry, now, salts));
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    return new Promise<AppendResult>((answer, fail) => {
      writer.push({
        entries,
        once,
        wait: options.wait ?? "commit",
        bytes,
        uncertain: false,
        answer,
        fail,
        ...(alongside === undefined ? {} : { alongside }),
      });
    });
  }

  get ownHead(): Head | undefined {
    return this.#parts.database.dialect === "sqlite" ? this.#parts.writer.head : undefined;
  }

  async head(): Promise<Head> {
    return this.ownHead ?? this.#parts.reader.head();
  }

  get(index: number): Promise<StoredEntry | undefined> {
    return this.#parts.reader.get(index);
  }

  find(id: string): Promise<StoredEntry | undefined> {
    return this.#parts.reader.find(id);
  }

  guard(key: string): Promise<number | undefined> {
    return this.#parts.reader.guard(key);
  }

  read(from: number, to: number): AsyncIterable<StoredEntry> {
    return this.#parts.reader.read(from, to);
  }

  openPrivate(index: number, field: string): Promise<OpenedPrivate | undefined> {
    return this.#parts.reader.openPrivate(index, field);
  }

  async provable(): Promise<string> {
    const { database, sql, writer } = this.#parts;
    const { stopped } = writer;
    if (stopped === undefined) return this.checkpoint();
    const note = (await database.read((tx) => tx.get(sql.checkpointNewest)))?.["note"];
    if (typeof note !== "string") throw stopped;
    return note;
  }

  async inspect(): Promise<LedgerReport> {
    return inspectLog(this.#parts, await this.status(), await this.head());
  }

  async checkpoint(): Promise<string> {
    const { checkpoints, writer } = this.#parts;
    if (writer.stopped !== undefined) throw writer.stopped;
    return checkpoints.show(() => writer.head);
  }

  inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]> {
    return this.#parts.reader.inclusionProof(index, size);
  }

  consistencyProof(first: number, second: number): Promise<readonly Uint8Array[]> {
    return this.#parts.reader.consistencyProof(first, second);
  }

  hashes(stretches: readonly Stretch[], size: number): Promise<readonly Uint8Array[]> {
    return this.#parts.reader.hashes(stretches, size);
  }

  readContaining(part: string, size: number): AsyncIterable<StoredEntry> {
    return this.#parts.reader.readContaining(part, size);
  }

  planErasure(subject: string): Promise<ErasurePlan> {
    return planErasure(this.#erasurePorts(), subject);
  }

  planRetention(options: RetentionOptions): Promise<readonly FieldAddress[]> {
    return planRetention(this.#parts, options);
  }

  erase(plan: ErasurePlan, order: ErasureOrder): Promise<AppendResult> {
    return erase(this.#erasurePorts(), plan, order);
  }

  stop(reason: LedgerError): void {
    this.#parts.writer.stop(reason);
  }

  onClose(work: () => Promise<void>): void {
    this.#endings.push(work);
  }

  /** Runs `leave` in `close` before the database is closed: how this node leaves the others. */
  joined(leave: () => Promise<void>): void {
    this.#leave = leave;
  }

  onCommit(listener: (size: number) => void): () => void {
    this.#parts.listeners.add(listener);
    return () => this.#parts.listeners.delete(listener);
  }

  async trial(): Promise<Refused | undefined> {
    const error = await this.#parts.writer.trial();
    return error === undefined ? undefined : refusedFor(error);
  }

  async status(): Promise<LedgerStatus> {
    const { database, writer } = this.#parts;
    const stopped = writer.stopped;
    return {
      origin: this.origin,
      size: (await this.head()).size,
      readOnly: stopped === undefined ? undefined : refusedFor(stopped),
      settings: await database.settings(),
    };
  }

  /** Writes what waits, stores the last note, and closes the database. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, checkpoints } = this.#parts;
    for (const stop of this.#stops) stop();
    await writer.close();
    // A note that cannot be stored is signed again at the next start; the entries are durable without it.
    if (writer.stopped?.code === "LEDGER_CLOSED") await settle(checkpoints, writer).catch(() => undefined);
    try {
      await this.#leave();
    } finally {
      await this.#closeDatabase();
    }
  }

  async #closeDatabase(): Promise<void> {
    try {
      await this.#parts.database.close();
    } finally {
      for (const ending of this.#endings) await ending();
    }
  }

  #erasurePorts() {
    return {
      ...this.#parts,
      append: (entry: NewEntry, alongside: Waiting["alongside"]) => this.#append([entry], {}, alongside),
    };
  }

  /** Work beside the writer: what fails there fails again, and is answered, at the next append. */
  #beside(work: () => Promise<void>): void {
    if (this.#parts.writer.stopped !== undefined) return;
    work().catch(() => undefined);
  }
}

/** Stores the last note, and thins what was stored: a log may never be open for as long as `THIN_MS`. */
async function settle(checkpoints: Checkpoints, writer: Writer): Promise<void> {
  await checkpoints.catchUp(() => writer.head);
  await checkpoints.thin();
}

function refusedFor({ code, message, reason, next }: LedgerError): Refused {
  return { code, message, reason, next };
}
