import { formatInstant } from "@writ/canon";
import type { Database, Row } from "@writ/store";

import type { HeadSigner } from "./head-signer.ts";
import type { LedgerStatus } from "./log-ledger.ts";
import type { Head } from "./port.ts";
import type { LedgerSql } from "./sql.ts";

/** How a log stands (spec ledger.md §12), as read back and not as configured. */
export interface LedgerReport extends LedgerStatus {
  readonly head: Head;
  /** The newest checkpoint that is stored. */
  readonly checkpoint: SignedAt | undefined;
  /** The newest checkpoint that left this process; while there is none, whoever has the key can rewrite all of it unseen. */
  readonly shown: SignedAt | undefined;
  /** Size of the last head that the signer remembers. */
  readonly signed: number | undefined;
}

export interface SignedAt {
  readonly size: number;
  readonly at: string;
}

interface Inspected {
  readonly database: Database;
  readonly sql: LedgerSql;
  readonly signer: HeadSigner;
}

export async function inspectLog(
  { database, sql, signer }: Inspected,
  status: LedgerStatus,
  head: Head,
): Promise<LedgerReport> {
  const [newest, shown] = await database.read((tx) =>
    Promise.all([tx.get(sql.checkpointNewest), tx.get(sql.checkpointShown)]),
  );
  const signed = (await signer.state())?.size;
  return { ...status, size: head.size, head, checkpoint: signedAt(newest), shown: signedAt(shown), signed };
}

function signedAt(row: Row | undefined): SignedAt | undefined {
  if (row === undefined) return undefined;
  return { size: Number(row["size"]), at: formatInstant(Number(row["at"])) };
}
