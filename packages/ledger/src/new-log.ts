import { formatUuid, sha256, toHex, uuidv7 } from "@writ/canon";
import type { Transaction } from "@writ/store";

import { ledgerError } from "./ledger-error.ts";
import type { NewEntry } from "./port.ts";
import type { LedgerSql } from "./sql.ts";

/** What a new log is made of. */
export interface Birth {
  readonly origin?: string;
  readonly clock: { now(): number };
  readonly random: (bytes: number) => Uint8Array;
  /** More for the first entry than the log's name. */
  readonly opening?: Opening;
}

export type Opening = Partial<Pick<NewEntry, "who" | "data" | "private">>;

/** A name for a log that was given none (spec ledger.md, "origin"). */
export function newOrigin(random: (bytes: number) => Uint8Array): string {
  return `writ.local/${toHex(random(8))}`;
}

/**
 * The log's name. A new log gets its name, its head and its time of birth in one step; one that is there keeps its
 * name, and another one wanted is `LEDGER_SETTINGS`.
 */
export async function claimOrigin(tx: Transaction, sql: LedgerSql, { origin, random, clock }: Birth): Promise<string> {
  const known = await tx.get(sql.metaGet, ["origin"]);
  if (known === undefined) {
    await tx.run(sql.metaAdd, ["origin", origin ?? newOrigin(random)]);
    await tx.run(sql.metaAdd, ["created", String(clock.now())]);
    await tx.run(sql.headAdd, [sha256(new Uint8Array(0)), new Uint8Array(0)]);
  }
  const name = String((await tx.get(sql.metaGet, ["origin"]))?.["v"]);
  if (origin === undefined || origin === name) return name;
  throw ledgerError({
    code: "LEDGER_SETTINGS",
    message: `the log is called \`${name}\`, not \`${origin}\``,
    reason: "a log keeps its origin for ever: checkpoints and keys name it",
    next: "open it by its own origin, or another database",
  });
}

/** The entry at index 0. */
export function openedEntry(origin: string, { clock, random, opening = {} }: Birth): NewEntry {
  return {
    id: formatUuid(uuidv7(clock.now(), random(10))),
    kind: "ledger.opened",
    who: { tenant: "local" },
    ...opening,
    data: { ...opening.data, origin, format: 1 },
  };
}
