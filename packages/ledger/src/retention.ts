import { parseInstant } from "@writ/canon";
import type { Database, Row } from "@writ/store";

import type { FieldAddress } from "./erase.ts";
import { readEntry } from "./entry.ts";
import { outOfRange } from "./ledger-error.ts";
import type { Entry, EntryKind } from "./port.ts";
import { subjectBytes } from "./private-vault.ts";
import type { LedgerSql } from "./sql.ts";

/** How long private content of an entry lives, by the entry's kind; kinds that are not named keep theirs. */
export type RetentionRules = ReadonlyMap<EntryKind, number>;

export interface RetentionOptions {
  /** Milliseconds from the entry's own time. */
  readonly rules: RetentionRules;
  readonly nowMs: number;
  /** Only entries of this tenant; of all when absent. */
  readonly tenant?: string;
  /** What somebody must still be able to read, for example for a court: it outlives every rule. */
  readonly holds?: { readonly subjects?: ReadonlySet<string>; readonly runs?: ReadonlySet<string> };
  /** Fields of one plan: at most what one `erasure` can name. */
  readonly limit?: number;
}

interface RetentionPorts {
  readonly database: Database;
  readonly sql: LedgerSql;
}

/** As many as one `erasure` entry names; the rest is for the next plan. */
const FIELDS_MAX = 400;

/**
 * The private fields whose time is over (spec ledger.md §9), oldest first, to be shown and then erased like a person's:
 * that removes them for good and records it. Kinds whose content the log itself needs are for the caller to leave out
 * of the rules. Throws `INDEX_OUT_OF_RANGE` for a rule or limit that is no count.
 */
export async function planRetention(
  { database, sql }: RetentionPorts,
  { rules, nowMs, tenant, holds = {}, limit = FIELDS_MAX }: RetentionOptions,
): Promise<readonly FieldAddress[]> {
  for (const [what, count] of [...rules, ["the limit", limit] as const]) requireCount(what, count);
  const over: FieldAddress[] = [];
  const isHeld = holdTest(holds);
  let after: readonly [index: number, field: string] = [-1, ""];
  for (;;) {
    const rows = await database.read((tx) => tx.all(sql.privateAfter, after));
    if (rows.length === 0) return over;
    for (const row of rows) {
      const address = { index: Number(row["idx"]), field: String(row["field"]) };
      after = [address.index, address.field];
      const entry = readEntry(Buffer.from(String(row["body"]), "utf8"));
      const keepMs = rules.get(entry.kind);
      if (tenant !== undefined && entry.who.tenant !== tenant) continue;
      if (keepMs === undefined || nowMs - parseInstant(entry.at) < keepMs || isHeld(entry, row)) continue;
      over.push(address);
      if (over.length === Math.min(limit, FIELDS_MAX)) return over;
    }
  }
}

function holdTest({ subjects = new Set(), runs = new Set() }: NonNullable<RetentionOptions["holds"]>) {
  const held = new Set([...subjects].map((subject) => hex(subjectBytes(subject))));
  return ({ run }: Entry, { subject }: Row) =>
    (run !== undefined && runs.has(run)) || (subject instanceof Uint8Array && held.has(hex(subject)));
}

function hex(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}

function requireCount(what: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw outOfRange(`\`${count}\` for \`${what}\` is no count`);
}
