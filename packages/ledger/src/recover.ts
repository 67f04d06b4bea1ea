import type { Database, Row, Transaction } from "@writ/store";

import { treeOfHead } from "./commit.ts";
import { foldPerfect, HASH_BYTES, leafHashOfText, TILE_HASHES } from "./hash.ts";
import type { HeadSigner } from "./head-signer.ts";
import { corrupt, ledgerError } from "./ledger-error.ts";
import type { LedgerError } from "./ledger-error.ts";
import type { Head } from "./port.ts";
import { stretchRoot } from "./proof.ts";
import { tilePosition } from "./sql.ts";
import type { LedgerSql } from "./sql.ts";
import type { TileReader } from "./tile-reader.ts";
import type { Tree } from "./tree.ts";

/** What a start found out about the log. */
export interface Recovered {
  readonly tree: Tree;
  readonly version: number;
  readonly checkpoint:
    | { readonly size: number; readonly at: number; readonly shown: boolean; readonly text: string }
    | undefined;
  /** Set when the log is older than what was signed: it is served, and takes nothing. */
  readonly rollback: LedgerError | undefined;
}

const DURABILITY: { readonly [dialect in Database["dialect"]]: { readonly [name: string]: string } } = {
  sqlite: { journal_mode: "wal", synchronous: "2", secure_delete: "1" },
  postgres: { fsync: "on", full_page_writes: "on", synchronous_commit: "on" },
};

/** Throws `LEDGER_SETTINGS` unless the settings read back are those that promise 1 of the ledger rests on. */
export async function requireDurable(database: Database): Promise<void> {
  const found = await database.settings();
  for (const [name, wanted] of Object.entries(DURABILITY[database.dialect])) {
    if (found[name] === wanted) continue;
    throw ledgerError({
      code: "LEDGER_SETTINGS",
      message: `the database reports \`${name}\` = \`${found[name] ?? "nothing"}\`, not \`${wanted}\``,
      reason: "with it an acknowledged entry could be lost in a power cut",
      next: "correct the setting and start again",
    });
  }
}

/**
 * The checks of a start (spec ledger.md §13, steps 2 to 5). Their cost does not grow with the log: at most 255 entries
 * are hashed, and one full tile of each level. Throws `LEDGER_CORRUPT`.
 */
export async function recover(
  database: Database,
  sql: LedgerSql,
  tiles: TileReader,
  signer: HeadSigner,
): Promise<Recovered> {
  // Asked before the snapshot is taken: another node may have the next head signed at any moment.
  const memory = await signer.state();
  return database.read(async (tx) => {
    const row = await headRow(tx, sql);
    const tree = treeOfHead(row);
    await checkEdges(tx, sql, tiles, row, tree);
    tiles.rememberFrontier(tree.size, tree.frontier());
    const checkpoint = await checkNewest(tx, sql, tiles, signer, tree.size);
    const rollback = await checkMemory(
      tx,
      tiles,
      tree.size,
      memory ?? (checkpoint && (await signer.state())),
      checkpoint !== undefined,
    );
    return { tree, version: Number(row["ver"]), checkpoint, rollback };
  });
}

async function headRow(tx: Transaction, sql: LedgerSql): Promise<Row> {
  const row = await tx.get(sql.headGet);
  if (row === undefined) throw corrupt("the log has no head", "a log has exactly one");
  return row;
}

async function checkEdges(tx: Transaction, sql: LedgerSql, tiles: TileReader, row: Row, tree: Tree): Promise<void> {
  if (!same(tree.root(), row["root"]))
    throw corrupt("the head's root is not that of its frontier", "they belong together");
  const last = (await tx.get(sql.entryLast))?.["idx"] ?? -1;
  if (last !== tree.size - 1)
    throw corrupt(`the last entry is ${String(last)} of a log of ${tree.size}`, "indexes have no gaps");
  await checkUnfinished(tx, tiles, tree);
  await checkLastTiles(tx, sql, tree.size);
}

/** The entries behind the last full tile give the lowest 8 hashes of the frontier. */
async function checkUnfinished(tx: Transaction, tiles: TileReader, tree: Tree): Promise<void> {
  const count = tree.size % TILE_HASHES;
  if (count === 0) return;
  const hashes = await tiles.tile(tx, 0, Math.floor(tree.size / TILE_HASHES), count);
  tree.supply(0, hashes);
  const frontier = tree.frontier();
  const peak = new Uint8Array(HASH_BYTES);
  let offset = frontier.length;
  let end = count;
  for (let width = 1; width <= count; width *= 2) {
    if (Math.floor(count / width) % 2 === 0) continue;
    offset -= HASH_BYTES;
    end -= width;
    foldPerfect(hashes, end, width, peak, 0);
    if (!same(peak, frontier.subarray(offset, offset + HASH_BYTES))) {
      throw corrupt(
        `an entry of the last ${count} is not the one that was hashed`,
        "the frontier says what was appended",
      );
    }
  }
}

/** The last full tile of each level: that of level 0 against its entries, the others against the tile below. */
async function checkLastTiles(tx: Transaction, sql: LedgerSql, size: number): Promise<void> {
  const root = new Uint8Array(HASH_BYTES);
  for (let level = 0, nodes = Math.floor(size / TILE_HASHES); nodes > 0; level++) {
    const tile = await storedTile(tx, sql, level, nodes - 1);
    const below = level === 0 ? undefined : await storedTile(tx, sql, level - 1, nodes * TILE_HASHES - 1);
    if (below !== undefined) foldPerfect(below, 0, TILE_HASHES, root, 0);
    else await lastLeaf(tx, sql, nodes * TILE_HASHES - 1, root);
    if (!same(root, tile.subarray((TILE_HASHES - 1) * HASH_BYTES))) {
      throw corrupt(
        `tile ${nodes - 1} of level ${level} does not end in the hash below it`,
        "tiles are made once from what is below",
      );
    }
    nodes = Math.floor(nodes / TILE_HASHES);
  }
}

async function checkNewest(
  tx: Transaction,
  sql: LedgerSql,
  tiles: TileReader,
  signer: HeadSigner,
  size: number,
): Promise<Recovered["checkpoint"]> {
  const row = await tx.get(sql.checkpointNewest);
  if (row === undefined) return undefined;
  const text = String(row["note"]);
  const head = signer.read(text);
  if (head === undefined) throw corrupt("the newest checkpoint is not signed by this log's key", "every checkpoint is");
  if (head.size !== row["size"] || !same(head.root, row["root"]))
    throw corrupt("the newest checkpoint differs from its note", "they belong together");
  if (head.size > size || !(await matches(tx, tiles, head))) {
    throw corrupt(
      `the newest checkpoint of size ${head.size} does not fit a log of ${size}`,
      "checkpoints are of this log",
    );
  }
  return { size: head.size, at: Number(row["at"]), shown: row["shown"] === 1, text };
}

async function checkMemory(
  tx: Transaction,
  tiles: TileReader,
  size: number,
  memory: Head | undefined,
  signedBefore: boolean,
): Promise<LedgerError | undefined> {
  if (memory === undefined) {
    return signedBefore ? rolledBack("the log has a checkpoint that the signer does not remember") : undefined;
  }
  if (memory.size > size) return rolledBack(`the signer signed ${memory.size} entries, the log has ${size}`);
  if (memory.size > 0 && !(await matches(tx, tiles, memory))) {
    return rolledBack(`the signer signed another history of ${memory.size} entries`);
  }
  return undefined;
}

async function matches(tx: Transaction, tiles: TileReader, head: Head): Promise<boolean> {
  if (head.size === 0) return true;
  return same(await stretchRoot(tx, tiles, { from: 0, to: head.size }), head.root);
}

function rolledBack(message: string): LedgerError {
  return ledgerError({
    code: "ROLLBACK_DETECTED",
    message,
    reason: "an old copy of the log, or of the signer's memory, was put back, or two copies run",
    next: "find the newest copy and put it back; where it is lost, `writ ledger adopt` begins a new log that says so",
  });
}

async function storedTile(tx: Transaction, sql: LedgerSql, level: number, number: number): Promise<Uint8Array> {
  const hashes = (await tx.get(sql.tileGet, [tilePosition(level, number)]))?.["hashes"];
  if (hashes instanceof Uint8Array && hashes.length === TILE_HASHES * HASH_BYTES) return hashes;
  throw corrupt(`tile ${number} of level ${level} is missing or short`, "every full tile is stored once");
}

async function lastLeaf(tx: Transaction, sql: LedgerSql, index: number, out: Uint8Array): Promise<void> {
  const row = await tx.get(sql.entryAt, [index]);
  if (row === undefined) throw corrupt(`entry ${index} is missing`, "indexes have no gaps below the head");
  leafHashOfText(String(row["body"]), out, 0);
}

function same(a: Uint8Array, b: unknown): boolean {
  return b instanceof Uint8Array && a.length === b.length && a.every((byte, position) => byte === b[position]);
}
