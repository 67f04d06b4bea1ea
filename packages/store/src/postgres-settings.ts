import type { PostgresSession } from "./postgres-session.ts";
import { storeError } from "./store-error.ts";

type Settings = { readonly [name: string]: string };

/** That text comes back as it went in. */
const TEXT: Settings = { server_encoding: "UTF8", client_encoding: "UTF8" };
/** What an acknowledged commit rests on besides (spec ledger.md §5). */
const DURABLE: Settings = {
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  replica: "off",
};

const READ = `SELECT name, setting FROM pg_settings
  WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding', 'client_encoding')
  UNION ALL SELECT 'replica', CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END`;

/** Reads the settings of this session, of one that only reads those of text alone; throws `STORE_SETTINGS` on the first that differs. */
export async function checkSession(session: PostgresSession, readOnly: boolean): Promise<void> {
  const found = await readSettings(session);
  for (const [name, wanted] of Object.entries(readOnly ? TEXT : { ...DURABLE, ...TEXT })) {
    if (found[name] === wanted) continue;
    throw storeError({
      code: "STORE_SETTINGS",
      message: `postgres setting \`${name}\` is \`${found[name]}\`, not \`${wanted}\``,
      details: { name, found: found[name] ?? null, wanted },
    });
  }
}

/** The settings as the server reports them now, with its version. */
export async function readSettings(session: PostgresSession): Promise<Record<string, string>> {
  const { rows } = await session.query(READ, [], true);
  const version = await session.query("SHOW server_version", [], true);
  const found: Record<string, string> = {};
  for (const { name, setting } of rows) found[String(name)] = String(setting);
  found["postgres_version"] = String(version.rows[0]?.["server_version"]);
  return found;
}
