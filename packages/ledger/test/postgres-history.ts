import { expect } from "vitest";

import type { Database } from "@writ/store";

import type { HeadSigner } from "../src/head-signer.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { naiveLeaf, naiveRoot } from "./naive-tree.ts";

/** An entry that a node said was appended. */
export interface Acknowledged {
  readonly id: string;
  readonly index: number;
}

/**
 * What must hold of a log whatever happened to its nodes: indexes without a gap, each id once, each acknowledged
 * entry at its index, the head's root that of the entries, and checkpoints of one line.
 */
export async function checkHistory(
  log: OpenLedger,
  database: Database,
  signer: HeadSigner,
  acknowledged: readonly Acknowledged[],
): Promise<number> {
  const { size, root } = await log.head();
  const leaves: Uint8Array[] = [];
  const places = new Map<string, number>();
  for await (const entry of log.read(0, size)) {
    expect(entry.index).toBe(leaves.length);
    expect(places.has(entry.value.id)).toBe(false);
    places.set(entry.value.id, entry.index);
    leaves.push(naiveLeaf(entry.bytes));
  }
  expect(leaves.length).toBe(size);
  for (const { id, index } of acknowledged) if (places.get(id) !== index) expect(places.get(id), id).toBe(index);
  const memo = new Map<string, Buffer>();
  expect(naiveRoot(leaves, 0, size, memo).equals(root)).toBe(true);
  const notes = await database.read((tx) =>
    tx.all("SELECT size, root, note FROM checkpoint WHERE log = 1 ORDER BY size"),
  );
  for (const { size: at, root: signed, note } of notes) {
    const head = signer.read(String(note));
    expect(head?.size).toBe(at);
    expect(head?.root).toEqual(signed);
    expect(naiveRoot(leaves, 0, Number(at), memo).equals(head?.root ?? new Uint8Array())).toBe(true);
  }
  return notes.length;
}
