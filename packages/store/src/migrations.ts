import type { Database, Migration, Transaction } from "./port.ts";
import { storeError } from "./store-error.ts";

/**
 * Applies what is missing, in order, each in its own transaction together with its row in `schema_migration`, so a
 * crash leaves whole steps. Safe to run from several processes at once. Throws `STORE_FORMAT` when the numbers have a
 * gap or the database is of a newer version than `migrations` knows.
 */
export async function applyMigrations(database: Database, migrations: readonly Migration[]): Promise<void> {
  const components = Map.groupBy(migrations, (migration) => migration.component);
  for (const [component, steps] of components) {
    const ordered = steps.toSorted((a, b) => a.number - b.number);
    checkNumbers(component, ordered);
    const applied = await newestApplied(database, component);
    if (applied > ordered.length) throw newer(component, applied, ordered.length);
    for (const step of ordered.slice(applied)) await database.write((tx) => applyStep(tx, database.dialect, step));
  }
}

const TABLE = {
  sqlite: `CREATE TABLE IF NOT EXISTS schema_migration (component TEXT NOT NULL, number INTEGER NOT NULL,
             PRIMARY KEY (component, number)) STRICT`,
  postgres: `CREATE TABLE IF NOT EXISTS schema_migration (component text NOT NULL, number bigint NOT NULL,
             PRIMARY KEY (component, number))`,
};
const TABLE_EXISTS = {
  sqlite: "SELECT 1 AS there FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
  postgres: "SELECT 1 AS there WHERE to_regclass('schema_migration') IS NOT NULL",
};
const NEWEST = "SELECT max(number) AS number FROM schema_migration WHERE component = ?";
const ADD = "INSERT INTO schema_migration (component, number) VALUES (?, ?)";

function checkNumbers(component: string, ordered: readonly Migration[]): void {
  const wrong = ordered.findIndex((step, position) => step.number !== position + 1);
  if (wrong >= 0)
    throw storeError({
      code: "STORE_FORMAT",
      message: `migration \`${wrong + 1}\` of \`${component}\` is missing or given twice`,
    });
}

/** Asks before it creates the table, so that a role without that right can start on a finished schema. */
async function newestApplied(database: Database, component: string): Promise<number> {
  const { dialect } = database;
  const known = await database.read(async (tx) =>
    (await tx.get(TABLE_EXISTS[dialect])) === undefined ? undefined : newest(tx, component),
  );
  if (known !== undefined) return known;
  return database.write(async (tx) => {
    await alone(tx, dialect);
    await tx.run(TABLE[dialect]);
    return newest(tx, component);
  });
}

/** Two nodes that create the same table at once would fail in PostgreSQL's catalogue; SQLite has one writer anyway. */
async function alone(tx: Transaction, dialect: Database["dialect"]): Promise<void> {
  if (dialect === "postgres") await tx.get("SELECT pg_advisory_xact_lock(hashtext('writ migrations'), 0)");
}

async function newest(tx: Transaction, component: string): Promise<number> {
  const row = await tx.get(NEWEST, [component]);
  return typeof row?.["number"] === "number" ? row["number"] : 0;
}

/** Another process may have applied the step since; inside the write lock that is certain. */
async function applyStep(tx: Transaction, dialect: Database["dialect"], step: Migration): Promise<void> {
  await alone(tx, dialect);
  if ((await newest(tx, step.component)) >= step.number) return;
  await tx.script(step[dialect]);
  await tx.run(ADD, [step.component, step.number]);
}

function newer(component: string, found: number, known: number) {
  return storeError({
    code: "STORE_FORMAT",
    message: `schema of \`${component}\` is at step \`${found}\`, this version knows \`${known}\``,
    details: { component, found, known },
  });
}
