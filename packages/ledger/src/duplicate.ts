import { canonicalize } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import type { Row, Transaction } from "@writ/store";

import { commit } from "./commitment.ts";
import { parseEntry } from "./entry.ts";
import type { PreparedEntry } from "./entry.ts";
import { HASH_BYTES, leafHash } from "./hash.ts";
import type { Found } from "./plan.ts";
import type { Entry, NewEntry } from "./port.ts";
import type { PrivateVault } from "./private-vault.ts";

/** The entries of the log that have the ids of `entries`, compared with them. */
export async function findDuplicates(
  tx: Transaction,
  entryById: string,
  vault: PrivateVault,
  entries: Iterable<PreparedEntry>,
): Promise<Map<PreparedEntry, Found>> {
  const found = new Map<PreparedEntry, Found>();
  for (const entry of entries) {
    const row = await tx.get(entryById, [entry.idBytes]);
    if (row !== undefined) found.set(entry, await compare(tx, vault, entry, row));
  }
  return found;
}

async function compare(tx: Transaction, vault: PrivateVault, entry: PreparedEntry, row: Row): Promise<Found> {
  const bytes = Buffer.from(String(row["body"]), "utf8");
  const stored = parseEntry(bytes);
  const leaf = new Uint8Array(HASH_BYTES);
  leafHash(bytes, leaf, 0);
  const index = Number(row["idx"]);
  const same = samePublic(entry.given, stored) && (await samePrivate(tx, vault, entry, stored, index));
  return { index, leaf, at: stored.at, src: stored.src, same };
}

/** Everything the caller gave and did not leave to the ledger. */
function samePublic(given: NewEntry, stored: Entry): boolean {
  return (
    given.kind === stored.kind &&
    given.run === stored.run &&
    (given.at === undefined || given.at === stored.at) &&
    (given.src === undefined || (given.src.id === stored.src.id && given.src.n === stored.src.n)) &&
    text({ ...given.who }) === text({ ...stored.who }) &&
    text((given.refs ?? []).map((ref) => ({ ...ref }))) === text((stored.refs ?? []).map((ref) => ({ ...ref }))) &&
    text(given.data) === text(stored.data)
  );
}

/** Salts differ between tries, so contents are compared through the salt that was kept; an erased one by what is left. */
async function samePrivate(
  tx: Transaction,
  vault: PrivateVault,
  entry: PreparedEntry,
  stored: Entry,
  index: number,
): Promise<boolean> {
  const fields = stored.private ?? {};
  if (Object.keys(fields).length !== entry.privates.length) return false;
  for (const { field, content } of entry.privates) {
    const committed = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (committed === undefined || committed.n !== content.length) return false;
    if (committed.type !== entry.given.private?.[field]?.type) return false;
    const kept = await vault.open(tx, index, field);
    if (kept !== undefined && commit(kept.salt, content) !== committed.c) return false;
  }
  return true;
}

function text(value: JsonValue): string {
  return canonicalize(value);
}
