import type { Database, NodeCoordination } from "./port.ts";

/** Where and as whom to connect; `connectionString` (URI form of libpq) wins over single fields. */
export interface PostgresConnection {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** True, or options of `node:tls`; the server's certificate is checked unless they say otherwise. */
  readonly ssl?: boolean | { readonly [option: string]: unknown };
}

export interface PostgresOptions extends PostgresConnection {
  /** Where the tables are; made when it is not there. Lower-case letters, digits, `_`. Default `writ`. */
  readonly schema?: string;
  /**
   * Reads alone: nothing is created, no migration applied, `write` refused. A replica will do, and a server whose
   * settings would lose a commit. Default false.
   */
  readonly readOnly?: boolean;
  /** Transactions at once. Listeners and advisory locks have a session each besides. Default 8. */
  readonly poolSize?: number;
  /** Shown by the server. Default `writ`. */
  readonly applicationName?: string;
  /** How long an answer may take before the connection counts as lost. Default 30000. */
  readonly replyMsMax?: number;
}

/**
 * Opens a PostgreSQL schema (13 or later; tried with 18). Every session sets `synchronous_commit` and reads back what
 * durability rests on (spec ledger.md §5). Writes are READ COMMITTED and run beside each other: who must be alone
 * locks rows. Reads are one REPEATABLE READ snapshot. Throws `STORE_SETTINGS`, `STORE_LOST`.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database & { readonly nodes: NodeCoordination }> {
  const { openPostgresDatabase } = await import("./postgres-database.ts");
  return openPostgresDatabase(options);
}
