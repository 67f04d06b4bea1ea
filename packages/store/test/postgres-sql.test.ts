import { describe, expect, test } from "vitest";

import { PostgresSql } from "../src/postgres-sql.ts";

describe("places", () => {
  const texts: readonly (readonly [string, string])[] = [
    ["SELECT 1", "SELECT 1"],
    ["SELECT ? + ?", "SELECT $1 + $2"],
    ["SELECT '?', ?", "SELECT '?', $1"],
    ["SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"],
    ['SELECT "odd ? name" FROM t WHERE k = ?', 'SELECT "odd ? name" FROM t WHERE k = $1'],
    ["SELECT 1 -- why?\n + ?", "SELECT 1 -- why?\n + $1"],
    ["", ""],
  ];
  test.each(texts)("%s", (sql, translated) => {
    expect(new PostgresSql().text(sql)).toBe(translated);
  });

  test("a text is translated once", () => {
    const sql = new PostgresSql();
    expect(sql.text("SELECT ?")).toBe(sql.text("SELECT ?"));
  });
});

describe("inserts of many rows", () => {
  const together: readonly (readonly [string, string])[] = [
    ["INSERT INTO t (a, b) VALUES (?, ?)", "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"],
    ["INSERT INTO t (log, a) VALUES (7, ?)", "INSERT INTO t (log, a) VALUES (7, $1), (7, $2)"],
    [
      "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO NOTHING",
      "INSERT INTO t (a) VALUES ($1), ($2) ON CONFLICT (a) DO NOTHING",
    ],
    ["insert into t values (?) on conflict do nothing", "insert into t values ($1), ($2) on conflict do nothing"],
  ];
  test.each(together)("share a statement: %s", (sql, twoRows) => {
    const translator = new PostgresSql();
    const batch = translator.batch(sql);
    expect(batch === null ? null : translator.insertText(batch, 2)).toBe(twoRows);
  });

  test.each([
    "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET a = excluded.a",
    "INSERT INTO t (a) VALUES (?) RETURNING a",
    "INSERT INTO t (a) VALUES (lower(?))",
    "INSERT INTO t (a) VALUES ('x', ?)",
    "INSERT INTO t (a) SELECT ?",
    "INSERT INTO t (a) VALUES (1)",
    "UPDATE t SET a = ?",
  ])("go one by one: %s", (sql) => {
    expect(new PostgresSql().batch(sql)).toBe(null);
  });
});
