import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";

import type { Database, Migration, Row, SqlValue, Transaction } from "@writ/store";

/** One database that the suite opens as often as it likes. */
export interface StoreUnderTest {
  open(): Promise<Database>;
  /** A second, independent handle on the same data, as another process would have. */
  openAgain(): Promise<Database>;
}

const MIGRATIONS: readonly Migration[] = [
  {
    component: "suite",
    number: 1,
    sqlite: `CREATE TABLE item (k INTEGER PRIMARY KEY, t TEXT, b BLOB, n INTEGER) STRICT;
             CREATE TABLE name (name TEXT PRIMARY KEY, used INTEGER NOT NULL CHECK (used >= 0)) STRICT;`,
    postgres: `CREATE TABLE item (k bigint PRIMARY KEY, t text, b bytea, n bigint);
               CREATE TABLE name (name text PRIMARY KEY, used bigint NOT NULL CHECK (used >= 0));`,
  },
  {
    component: "suite",
    number: 2,
    sqlite: "CREATE TABLE added (k INTEGER PRIMARY KEY) STRICT;",
    postgres: "CREATE TABLE added (k bigint PRIMARY KEY);",
  },
];

const ADD = "INSERT INTO item (k, t, b, n) VALUES (?, ?, ?, ?)";
const COUNT = "SELECT count(*) AS n FROM item";
const PUT_NAME = `INSERT INTO name (name, used) VALUES (?, 1)
  ON CONFLICT (name) DO UPDATE SET used = name.used + excluded.used`;

const count = (database: Database) => database.read(async (tx) => (await tx.get(COUNT))?.["n"]);
const item = (k: number, t: SqlValue = null, b: SqlValue = null, n: SqlValue = null) => [k, t, b, n] as const;

/** Heap of this thread after a full collection. */
function liveBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().heapUsed;
}

async function collect(rows: AsyncIterable<Row>): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** What every store does, whatever the driver (ARCHITECTURE.md: a new store passes the store suite). */
export function storeSuite(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    const opened: Database[] = [];

    async function openStore(): Promise<{ database: Database; again: () => Promise<Database> }> {
      const store = await makeStore();
      const database = await store.open();
      opened.push(database);
      await database.migrate(MIGRATIONS);
      const again = async () => {
        const other = await store.openAgain();
        opened.push(other);
        return other;
      };
      return { database, again };
    }

    afterEach(async () => {
      for (const database of opened.splice(0)) await database.close();
    });

    describe("transactions", () => {
      test("keep what they wrote, also for another handle", async () => {
        const { database, again } = await openStore();
        expect(await database.write((tx) => tx.run(ADD, item(1, "one")))).toBe(1);
        const other = await again();
        expect(await other.read((tx) => tx.get("SELECT t FROM item WHERE k = ?", [1]))).toEqual({ t: "one" });
      });

      test("give the callback's value back", async () => {
        const { database } = await openStore();
        expect(await database.write(async () => "written")).toBe("written");
        expect(await database.read(async () => "read")).toBe("read");
      });

      test("leave nothing when the callback rejects", async () => {
        const { database } = await openStore();
        const refused = database.write(async (tx) => {
          await tx.run(ADD, item(1));
          throw new Error("changed my mind");
        });
        await expect(refused).rejects.toThrow("changed my mind");
        expect(await count(database)).toBe(0);
      });

      test("leave nothing after a failed statement, even when the callback swallows the error", async () => {
        const { database } = await openStore();
        const swallowed = database.write(async (tx) => {
          await tx.run(ADD, item(1));
          await tx.run(ADD, item(1)).catch(() => {});
          return "fine";
        });
        await expect(swallowed).rejects.toMatchObject({ code: "STORE_CONSTRAINT" });
        expect(await count(database)).toBe(0);
        await database.write((tx) => tx.run(ADD, item(2)));
        expect(await count(database)).toBe(1);
      });

      test("count a statement that nobody awaited", async () => {
        const { database } = await openStore();
        await database.write(async (tx) => void tx.run(ADD, item(1)));
        expect(await count(database)).toBe(1);
        const failed = database.write(async (tx) => void tx.run(ADD, item(1)));
        await expect(failed).rejects.toMatchObject({ code: "STORE_CONSTRAINT" });
      });

      test("read their own writes", async () => {
        const { database } = await openStore();
        const seen = await database.write(async (tx) => {
          await tx.run(ADD, item(1, "mine"));
          return tx.all("SELECT k, t FROM item ORDER BY k");
        });
        expect(seen).toEqual([{ k: 1, t: "mine" }]);
      });

      test("refuse statements once they are over", async () => {
        const { database } = await openStore();
        const kept: Transaction[] = [];
        await database.write(async (tx) => void kept.push(tx));
        await database.read(async (tx) => void kept.push(tx));
        await database
          .write(async (tx) => {
            kept.push(tx);
            throw new Error("no");
          })
          .catch(() => {});
        expect(kept).toHaveLength(3);
        for (const tx of kept) await expect(tx.run(ADD, item(9))).rejects.toMatchObject({ code: "STORE_CLOSED" });
      });

      test("do not write through a read", async () => {
        const { database } = await openStore();
        const sneaky = database.read((tx) => tx.run(ADD, item(1)));
        await expect(sneaky).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        expect(await count(database)).toBe(0);
      });
    });

    describe("isolation", () => {
      test("a reader sees one snapshot while a writer commits, and does not wait for it", async () => {
        const { database } = await openStore();
        await database.write((tx) => tx.run(ADD, item(1)));
        const seen = await database.read(async (tx) => {
          const before = await tx.get(COUNT);
          await database.write((writer) => writer.run(ADD, item(2)));
          return [before, await tx.get(COUNT)];
        });
        expect(seen).toEqual([{ n: 1 }, { n: 1 }]);
        expect(await count(database)).toBe(2);
      });

      test("a reader does not see what is not committed", async () => {
        const { database } = await openStore();
        await database.write(async (tx) => {
          await tx.run(ADD, item(1));
          expect(await count(database)).toBe(0);
        });
        expect(await count(database)).toBe(1);
      });

      test("many writers at once lose no update", async () => {
        const { database, again } = await openStore();
        await database.write((tx) => tx.run("INSERT INTO name (name, used) VALUES ('n', 0)"));
        const handles = [database, await again()];
        const lock = database.dialect === "postgres" ? " FOR UPDATE" : "";
        const increment = (handle: Database) =>
          handle.write(async (tx) => {
            const row = await tx.get(`SELECT used FROM name WHERE name = 'n'${lock}`);
            await pause(Math.random() * 2);
            await tx.run("UPDATE name SET used = ? WHERE name = 'n'", [Number(row?.["used"]) + 1]);
          });
        await Promise.all(Array.from({ length: 60 }, (_, n) => increment(handles[n % 2] ?? database)));
        const row = await database.read((tx) => tx.get("SELECT used FROM name WHERE name = 'n'"));
        expect(row).toEqual({ used: 60 });
      });

      test("two handles that claim one key: exactly one has it", async () => {
        const { database, again } = await openStore();
        const handles = [database, await again()];
        const claim = (handle: Database) =>
          handle.write((tx) => tx.run("INSERT INTO name (name, used) VALUES (?, 0)", ["ticket"]));
        const outcomes = await Promise.allSettled(
          Array.from({ length: 12 }, (_, n) => claim(handles[n % 2] ?? database)),
        );
        expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
        for (const outcome of outcomes)
          if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "STORE_CONSTRAINT" });
      });

      test("many readers at once are all served", async () => {
        const { database } = await openStore();
        const read = () =>
          database.read(async (tx) => {
            await pause(1);
            return (await tx.get(COUNT))?.["n"];
          });
        expect(await Promise.all(Array.from({ length: 100 }, read))).toEqual(Array(100).fill(0));
      });
    });

    describe("values", () => {
      const bounds = [0, 1, -1, 2 ** 31, 2 ** 48 * 7 + 5, 2 ** 51 + 1, 2 ** 53 - 1, -(2 ** 53) + 1];
      test.each(bounds)("keeps the integer %d exactly", async (n) => {
        const { database } = await openStore();
        await database.write((tx) => tx.run(ADD, item(n, null, null, n)));
        const found = await database.read((tx) => tx.get("SELECT n FROM item WHERE k = ? AND n >= ?", [n, n]));
        expect(found).toEqual({ n });
      });

      const refusedValues: readonly (readonly [string, unknown])[] = [
        ["a fraction", 0.5],
        ["an integer past 2^53-1", 2 ** 53],
        ["NaN", Number.NaN],
        ["an infinity", Number.POSITIVE_INFINITY],
        ["half of a surrogate pair", "\ud800"],
        ["a NUL", "a\0b"],
        ["undefined", undefined],
        ["a bigint", 5n],
        ["an object", {}],
      ];
      test.each(refusedValues)("refuses %s", async (_, value) => {
        const { database } = await openStore();
        const params = [1, value, null, null] as unknown as readonly SqlValue[];
        for (const write of [(tx: Transaction) => tx.run(ADD, params), (tx: Transaction) => tx.runMany(ADD, [params])])
          await expect(database.write(write)).rejects.toMatchObject({ code: "STORE_VALUE" });
        expect(await count(database)).toBe(0);
      });

      test("refuses to read an integer it cannot hold", async () => {
        const { database } = await openStore();
        const read = database.read((tx) => tx.get("SELECT 9007199254740993 AS n"));
        await expect(read).rejects.toMatchObject({ code: "STORE_VALUE" });
      });

      test("refuses text in an integer column", async () => {
        const { database } = await openStore();
        const write = database.write((tx) => tx.run("INSERT INTO item (k, n) VALUES (1, ?)", ["seven"]));
        await expect(write).rejects.toMatchObject({ code: "STORE_VALUE" });
      });

      test("keeps text and bytes of every kind", async () => {
        const { database } = await openStore();
        let k = 0;
        const value = fc.tuple(
          fc.string({ unit: "binary", maxLength: 200 }).filter((text) => text.isWellFormed() && !text.includes("\0")),
          fc.uint8Array({ maxLength: 200 }),
          fc.option(fc.maxSafeInteger()),
        );
        await fc.assert(
          fc.asyncProperty(value, async ([t, b, n]) => {
            k += 1;
            await database.write((tx) => tx.run(ADD, item(k, t, b, n)));
            const found = await database.read((tx) => tx.get("SELECT t, b, n FROM item WHERE k = ?", [k]));
            expect(found).toEqual({ t, b: new Uint8Array(b), n });
          }),
          { numRuns: 60 },
        );
      });

      test("keeps a value of four mebibytes", async () => {
        const { database } = await openStore();
        const bytes = new Uint8Array(4 << 20).map((_, at) => at & 0xff);
        const text = "é".repeat(2 << 20);
        await database.write((tx) => tx.run(ADD, item(1, text, bytes)));
        const found = await database.read((tx) => tx.get("SELECT t, b FROM item WHERE k = 1"));
        expect(found?.["t"] === text).toBe(true);
        const back = found?.["b"];
        expect(back instanceof Uint8Array && Buffer.compare(back, bytes) === 0).toBe(true);
      });

      test("a question mark inside a string of the statement is no place", async () => {
        const { database } = await openStore();
        const found = await database.read((tx) => tx.get("SELECT 'who''s there?' AS q, CAST(? AS text) AS a", ["me?"]));
        expect(found).toEqual({ q: "who's there?", a: "me?" });
      });
    });

    describe("runMany", () => {
      test.each([0, 1, 2, 255, 256, 257, 1000])("inserts %d rows in order", async (size) => {
        const { database } = await openStore();
        const rows = Array.from({ length: size }, (_, k) => item(k, `t${k}`, new Uint8Array([k & 0xff]), -k));
        expect(await database.write((tx) => tx.runMany(ADD, rows))).toBe(size);
        const found = await database.read((tx) => tx.all("SELECT k, t, b, n FROM item ORDER BY k"));
        expect(found).toEqual(rows.map(([k, t, b, n]) => ({ k, t, b, n: n === 0 ? 0 : n })));
      });

      test("counts only what ON CONFLICT DO NOTHING let in", async () => {
        const { database } = await openStore();
        await database.write((tx) => tx.run(ADD, item(3)));
        const rows = [1, 2, 3, 4, 4].map((k) => item(k));
        expect(await database.write((tx) => tx.runMany(`${ADD} ON CONFLICT (k) DO NOTHING`, rows))).toBe(3);
      });

      test("updates one row as often as it is named", async () => {
        const { database } = await openStore();
        await database.write((tx) => tx.runMany(PUT_NAME, [["a"], ["b"], ["a"], ["a"]]));
        const found = await database.read((tx) => tx.all("SELECT name, used FROM name ORDER BY name"));
        expect(found).toEqual([
          { name: "a", used: 3 },
          { name: "b", used: 1 },
        ]);
      });

      test("inserts all or nothing", async () => {
        const { database } = await openStore();
        const rows = [1, 2, 3, 2].map((k) => item(k));
        await expect(database.write((tx) => tx.runMany(ADD, rows))).rejects.toMatchObject({ code: "STORE_CONSTRAINT" });
        expect(await count(database)).toBe(0);
      });
    });

    describe("iterate", () => {
      test("hands out every row in order, from one snapshot", async () => {
        const { database } = await openStore();
        const rows = Array.from({ length: 3000 }, (_, k) => item(k, `t${k}`));
        await database.write((tx) => tx.runMany(ADD, rows));
        const seen: SqlValue[] = [];
        for await (const row of database.iterate("SELECT k FROM item WHERE k >= ? ORDER BY k", [10])) {
          if (seen.length === 5) await database.write((tx) => tx.run(ADD, item(5000)));
          seen.push(row["k"] ?? null);
        }
        expect(seen).toEqual(rows.slice(10).map(([k]) => k));
        expect(await count(database)).toBe(3001);
      });

      test("gives its connection back when the loop is left early", async () => {
        const { database } = await openStore();
        await database.write((tx) =>
          tx.runMany(
            ADD,
            Array.from({ length: 2000 }, (_, k) => item(k)),
          ),
        );
        for (let round = 0; round < 80; round++)
          for await (const row of database.iterate("SELECT k FROM item ORDER BY k")) {
            expect(row).toEqual({ k: 0 });
            break;
          }
        expect(await count(database)).toBe(2000);
      });

      test("needs memory for pages, not for the result", async () => {
        const { database } = await openStore();
        const text = "x".repeat(16_000);
        for (let at = 0; at < 8; at++)
          await database.write((tx) =>
            tx.runMany(
              ADD,
              Array.from({ length: 1000 }, (_, k) => item(at * 1000 + k, text)),
            ),
          );
        const before = liveBytes();
        let [seen, most] = [0, 0];
        for await (const row of database.iterate("SELECT k, t FROM item ORDER BY k")) {
          seen += row["t"] === text ? 1 : 0;
          if (seen % 1000 === 0) most = Math.max(most, liveBytes() - before);
        }
        expect(seen).toBe(8000);
        expect(most).toBeLessThan(32 * 2 ** 20);
      });

      test("reports a statement that does not fit", async () => {
        const { database } = await openStore();
        const all = collect(database.iterate("SELECT nothing FROM nowhere"));
        await expect(all).rejects.toMatchObject({ code: "STORE_STATEMENT" });
      });
    });

    describe("refusals", () => {
      const statements: readonly (readonly [string, string, readonly SqlValue[], string])[] = [
        ["a key that is there", "INSERT INTO name (name, used) VALUES ('x', 0), ('x', 0)", [], "STORE_CONSTRAINT"],
        ["a null where none may be", "INSERT INTO name (name, used) VALUES ('x', ?)", [null], "STORE_CONSTRAINT"],
        ["a check", "INSERT INTO name (name, used) VALUES ('x', ?)", [-1], "STORE_CONSTRAINT"],
        ["a missing table", "INSERT INTO nowhere (k) VALUES (1)", [], "STORE_STATEMENT"],
        ["a missing column", "INSERT INTO item (z) VALUES (1)", [], "STORE_STATEMENT"],
        ["no SQL", "INSERT GARBAGE", [], "STORE_STATEMENT"],
        ["too many parameters", "INSERT INTO item (k) VALUES (?)", [1, 2], "STORE_STATEMENT"],
      ];
      test.each(statements)("%s: %s", async (_, sql, params, code) => {
        const { database } = await openStore();
        await expect(database.write((tx) => tx.run(sql, params))).rejects.toMatchObject({ code });
        await database.write((tx) => tx.run(ADD, item(1)));
      });

      test("a closed store refuses everything, and closes twice", async () => {
        const { database } = await openStore();
        await database.close();
        await database.close();
        const closed = { code: "STORE_CLOSED" };
        await expect(database.write(async () => 1)).rejects.toMatchObject(closed);
        await expect(database.read(async () => 1)).rejects.toMatchObject(closed);
        await expect(collect(database.iterate("SELECT 1 AS one"))).rejects.toMatchObject(closed);
        await expect(database.settings()).rejects.toMatchObject(closed);
      });
    });

    describe("migrations", () => {
      test("apply once, however often and from wherever they are asked for", async () => {
        const { database, again } = await openStore();
        const other = await again();
        const third: Migration = {
          component: "suite",
          number: 3,
          sqlite: "CREATE TABLE third (k INTEGER PRIMARY KEY) STRICT; INSERT INTO third VALUES (1);",
          postgres: "CREATE TABLE third (k bigint PRIMARY KEY); INSERT INTO third VALUES (1);",
        };
        const asked = [database, other, database, other].map((handle) => handle.migrate([...MIGRATIONS, third]));
        await Promise.all(asked);
        expect(await database.read((tx) => tx.all("SELECT k FROM third"))).toEqual([{ k: 1 }]);
        const rows = await database.read((tx) =>
          tx.all("SELECT component, number FROM schema_migration ORDER BY number"),
        );
        expect(rows).toEqual([1, 2, 3].map((number) => ({ component: "suite", number })));
      });

      test("count each component by itself", async () => {
        const { database } = await openStore();
        const views: Migration = {
          component: "views",
          number: 1,
          sqlite: "CREATE TABLE view (k INTEGER) STRICT",
          postgres: "CREATE TABLE view (k bigint)",
        };
        await database.migrate([views]);
        await database.migrate([views, ...MIGRATIONS]);
        expect(await database.read((tx) => tx.all("SELECT * FROM view"))).toEqual([]);
      });

      test("refuse a schema newer than they know", async () => {
        const { database } = await openStore();
        await expect(database.migrate(MIGRATIONS.slice(0, 1))).rejects.toMatchObject({ code: "STORE_FORMAT" });
      });

      test("refuse numbers with a gap or twice", async () => {
        const { database } = await openStore();
        const [first, second] = MIGRATIONS;
        if (first === undefined || second === undefined) throw new Error("two migrations");
        for (const wrong of [[second], [first, { ...second, number: 3 }], [first, first, second]])
          await expect(database.migrate(wrong)).rejects.toMatchObject({ code: "STORE_FORMAT" });
      });

      test("leave nothing of a step that fails", async () => {
        const { database } = await openStore();
        const bad: Migration = {
          component: "bad",
          number: 1,
          sqlite: "CREATE TABLE half (k INTEGER) STRICT; CREATE TABLE half (k INTEGER) STRICT;",
          postgres: "CREATE TABLE half (k bigint); CREATE TABLE half (k bigint);",
        };
        await expect(database.migrate([bad])).rejects.toMatchObject({ code: "STORE_STATEMENT" });
        const half = database.read((tx) => tx.all("SELECT * FROM half"));
        await expect(half).rejects.toMatchObject({ code: "STORE_STATEMENT" });
        await database.migrate(MIGRATIONS);
      });
    });
  });
}
