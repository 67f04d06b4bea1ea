import { setTimeout as sleep } from "node:timers/promises";

import { formatUuid, uuidv7 } from "@writ/canon";
import type { Database } from "@writ/store";

import { Checkpoints } from "./checkpoints.ts";
import type { ClearTextLint } from "./clear-text.ts";
import { growth } from "./commit-listeners.ts";
import type { WriterMemory } from "./commit.ts";
import { SaltPool } from "./commitment.ts";
import { EmitterCache } from "./emitters.ts";
import { OWN_EMITTER_PREFIX } from "./entry-rules.ts";
import { finishErasure } from "./erase.ts";
import type { HeadSigner, HeadSignerSource } from "./head-signer.ts";
import { ledgerError } from "./ledger-error.ts";
import type { LedgerError } from "./ledger-error.ts";
import { LogLedger } from "./log-ledger.ts";
import type { LogLedgerParts, OpenLedger } from "./log-ledger.ts";
import { LogReader } from "./log-reader.ts";
import { claimOrigin, openedEntry } from "./new-log.ts";
import type { Opening } from "./new-log.ts";
import { announcement, joinNodes } from "./nodes.ts";
import { plainVault } from "./private-vault.ts";
import type { PrivateVault } from "./private-vault.ts";
import { recover, requireDurable } from "./recover.ts";
import type { Recovered } from "./recover.ts";
import { LEDGER_MIGRATIONS } from "./schema.ts";
import { ledgerSql } from "./sql.ts";
import type { LedgerSql } from "./sql.ts";
import { TileReader } from "./tile-reader.ts";
import { Writer } from "./writer.ts";
import type { WriterPorts, WriterTiming } from "./writer.ts";

export interface OpenLedgerOptions {
  /** The ledger closes it with itself. */
  readonly database: Database;
  readonly signer: HeadSignerSource;
  readonly clock: { now(): number };
  readonly random: (bytes: number) => Uint8Array;
  /** Name of a new log; one that is there has its name already, and another one given here is refused. */
  readonly origin?: string;
  /** More for the first entry of a new log; nothing where the log is there already. */
  readonly opening?: Opening;
  /** The log's number in a PostgreSQL database. Default 1. */
  readonly log?: number;
  /** Default: signed after every commit on SQLite, at most once a second elsewhere (spec ledger.md §7). */
  readonly signEachCommit?: boolean;
  /** Waits and their lengths; the machine's when absent. */
  readonly timing?: WriterTiming;
  /** Calls `work` every `ms` until the returned function is called; `setInterval` without holding the process when absent. */
  readonly every?: (ms: number, work: () => void) => () => void;
  /** Looks for personal data and secrets in what can never be erased; nobody looks when absent. */
  readonly lint?: ClearTextLint;
  /** Tries the disk itself, beside the database's own handle; throws `STORE_FULL` or `LEDGER_FULL`. */
  readonly probeDisk?: () => void;
  /** Cuts the write-ahead log to nothing; an erasure is not over before. Not needed where content is sealed. */
  readonly truncateWal?: () => Promise<void>;
  /** Where private content lies; as it is on SQLite. */
  readonly vault?: (sql: LedgerSql) => PrivateVault;
}

/**
 * Opens a log, or makes it: migrates, reads the settings back, checks the end of the log as spec ledger.md §13 says,
 * and starts its writer. Throws `LEDGER_SETTINGS`, `LEDGER_CORRUPT`, `SIGNER_*` and the store's own errors. A log that
 * is older than its signer's memory opens for reading: `status().readOnly` says `ROLLBACK_DETECTED`, and so does each append.
 */
export async function openLedger(options: OpenLedgerOptions): Promise<OpenLedger> {
  const { database } = options;
  await requireDurable(database);
  await database.migrate(LEDGER_MIGRATIONS);
  const sql = ledgerSql({ dialect: database.dialect, log: options.log ?? 1 });
  const origin = await database.write((tx) => claimOrigin(tx, sql, options));
  const signer = await signerOf(options.signer, origin);
  const tiles = new TileReader(sql);
  const found = await recover(database, sql, tiles, signer);
  const assembly = assemble(options, { sql, origin, signer, tiles, found });
  const ledger = new LogLedger(assembly.parts);
  await takeUp(ledger, assembly, found, options);
  return ledger;
}

interface Ground {
  readonly sql: LedgerSql;
  readonly origin: string;
  readonly signer: HeadSigner;
  readonly tiles: TileReader;
  readonly found: Recovered;
}

interface Assembly {
  readonly parts: LogLedgerParts;
  /** Told each size the log has grown to. */
  readonly grown: (size: number) => void;
}

const REAL_TIMING: WriterTiming = { elapsed: () => performance.now(), sleep };

/** Puts the parts of an open log together; nothing runs yet. */
function assemble(options: OpenLedgerOptions, { sql, origin, signer, tiles, found }: Ground): Assembly {
  const { database, clock, random } = options;
  const soleOwner = database.dialect === "sqlite";
  const now = () => clock.now();
  const vault = (options.vault ?? plainVault)(sql);
  const checkpoints = new Checkpoints({ database, sql, signer, now, soleOwner }, found.checkpoint);
  const listeners = new Set<(size: number) => void>();
  const grown = growth(found.tree.size, listeners);
  const ports: WriterPorts = {
    database,
    sql,
    vault,
    tiles,
    soleOwner,
    ...(database.nodes === undefined ? {} : { announce: announcement(database.nodes, origin) }),
    now,
    timing: options.timing ?? REAL_TIMING,
    notes: checkpoints,
    committed: async (head) => {
      grown(head.size);
      return (options.signEachCommit ?? soleOwner) ? checkpoints.signCommit(head) : undefined;
    },
    checkpoint: () => checkpoints.show(() => writer.head),
    probe: async () => {
      options.probeDisk?.();
      await probe(database, sql);
    },
    jitter: () => (random(1)[0] ?? 0) / 256,
  };
  const writer = new Writer(ports, memoryOf(found, options));
  if (found.rollback !== undefined) writer.stop(found.rollback);
  const reader = new LogReader({ database, sql, vault, tiles });
  const salts = new SaltPool(random);
  const every = options.every ?? everyUnheld;
  const truncateWal = options.truncateWal ?? (() => Promise.resolve());
  const own = {
    origin,
    database,
    sql,
    vault,
    reader,
    writer,
    checkpoints,
    salts,
    signer,
    lint: options.lint,
    now,
    listeners,
    every,
    truncateWal,
  };
  return { parts: own, grown };
}

function memoryOf(found: Recovered, { clock, random }: OpenLedgerOptions): WriterMemory {
  return {
    tree: found.tree,
    version: found.version,
    unsure: false,
    ownId: OWN_EMITTER_PREFIX + formatUuid(uuidv7(clock.now(), random(10))),
    ownNext: 0,
    emitters: new EmitterCache(),
  };
}

/** Finishes what a crash interrupted, makes the first entry of a new log, and meets the other nodes. */
async function takeUp(
  ledger: LogLedger,
  { parts, grown }: Assembly,
  found: Recovered,
  options: OpenLedgerOptions,
): Promise<void> {
  const { database, checkpoints, writer, reader, origin, every } = parts;
  const publish = () => checkpoints.catchUp(() => writer.head);
  if (database.dialect === "sqlite" && found.rollback === undefined) await publish();
  await finishErasure(parts);
  if (found.tree.size === 0 && found.rollback === undefined)
    await ledger.append([openedEntry(origin, options)], { once: ["ledger.opened"] });
  const { nodes } = database;
  if (nodes === undefined) return;
  const heartbeat = () => checkpoints.heartbeat(writer.head);
  const signedSize = async () =>
    Number((await database.read((tx) => tx.get(parts.sql.checkpointNewest)))?.["size"] ?? 0);
  const stop = (reason: LedgerError) => writer.stop(reason);
  const head = () => reader.head();
  ledger.joined(await joinNodes({ nodes, origin, head, publish, signedSize, heartbeat, grown, stop, every }));
}

async function signerOf(source: HeadSignerSource, origin: string): Promise<HeadSigner> {
  const signer = typeof source === "function" ? await source(origin) : source;
  if (signer.name === origin) return signer;
  throw ledgerError({
    code: "KEY_INVALID",
    message: `the signer is called \`${signer.name}\`, the log \`${origin}\``,
    reason: "a checkpoint's key is named like its origin",
    next: "open the log with its own key",
  });
}

/** Writes as an append would, and changes nothing that counts. */
async function probe(database: Database, sql: LedgerSql): Promise<void> {
  await database.write((tx) => tx.run(sql.metaPut, ["probe", " ".repeat(16 * 1024)]));
  await database.write((tx) => tx.run(sql.metaPut, ["probe", ""]));
}

/** `setInterval` that does not hold the process. */
export function everyUnheld(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  timer.unref();
  return () => clearInterval(timer);
}
