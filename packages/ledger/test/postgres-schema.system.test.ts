import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { openPostgres, openSqlite } from "@writ/store";
import type { Database, Row } from "@writ/store";
import { describeWithPostgres } from "@writ/testkit";

import { LEDGER_MIGRATIONS } from "../src/schema.ts";

/** The schema as the engine describes it, to be compared with the file beside this test. */
async function describeSchema(database: Database, sql: string): Promise<string> {
  await database.migrate(LEDGER_MIGRATIONS);
  const rows: readonly Row[] = await database.read((tx) => tx.all(sql));
  return `${rows.map((row) => Object.values(row).join(" ")).join("\n")}\n`;
}

const SQLITE = "SELECT sql || ';' AS line FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
const POSTGRES = `
  SELECT line FROM (
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
      || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || COALESCE(' default ' || column_default, '') AS line
    FROM information_schema.columns WHERE table_schema = current_schema()
    UNION ALL SELECT 'index ' || replace(indexdef, current_schema() || '.', '') FROM pg_indexes
    WHERE schemaname = current_schema()
    UNION ALL SELECT 'view ' || viewname || regexp_replace(definition, '\\s+', ' ', 'g') FROM pg_views
    WHERE schemaname = current_schema()
    UNION ALL SELECT replace(pg_get_triggerdef(oid), current_schema() || '.', '') FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
  ) AS lines ORDER BY line COLLATE "C"`;

describe("the ledger's tables", () => {
  test("in SQLite are those of the golden file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "writ-schema-"));
    const database = openSqlite({ path: join(folder, "a.db") });
    try {
      await expect(await describeSchema(database, SQLITE)).toMatchFileSnapshot("schema.sqlite.golden");
    } finally {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  describeWithPostgres("in PostgreSQL", (server) => {
    test("are those of the golden file", async () => {
      const database = await openPostgres({ connectionString: server().connectionString, schema: "golden" });
      try {
        await expect(await describeSchema(database, POSTGRES)).toMatchFileSnapshot("schema.postgres.golden");
      } finally {
        await database.close();
      }
    });

    test("refuse to change or remove what was appended", async () => {
      const database = await openPostgres({ connectionString: server().connectionString, schema: "kept" });
      await database.migrate(LEDGER_MIGRATIONS);
      const entry = [new Uint8Array(16), "{}"];
      await database.write((tx) => tx.run("INSERT INTO entry (log, idx, id, body) VALUES (1, 0, ?, ?)", entry));
      await database.write((tx) =>
        tx.run("INSERT INTO tile (log, pos, hashes) VALUES (1, 0, ?)", [new Uint8Array(8192)]),
      );
      for (const sql of [
        "UPDATE entry SET body = '{\"other\":1}'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE tile SET pos = 1",
        "DELETE FROM tile",
        "TRUNCATE tile",
      ])
        await expect(
          database.write((tx) => tx.run(sql)),
          sql,
        ).rejects.toMatchObject({ code: "STORE_CONSTRAINT" });
      await database.close();
    });
  });
});
