import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterAll, describe, expect, test } from "vitest";

import { checkpointWal, openSqlite } from "@writ/store";

import { storeSuite } from "./suite.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${(files += 1)}.db`);

storeSuite("sqlite", async () => {
  const path = newFile();
  const open = async () => openSqlite({ path, busyTimeoutMs: 5000 });
  return { open, openAgain: open };
});

describe("settings", () => {
  test("a log's file: as spec ledger.md §5 has them", async () => {
    const database = openSqlite({ path: newFile(), applicationId: 7 });
    const fullSync = process.platform === "darwin" ? "1" : "0";
    expect(await database.settings()).toMatchObject({
      journal_mode: "wal",
      synchronous: "2",
      page_size: "8192",
      secure_delete: "1",
      trusted_schema: "0",
      cell_size_check: "1",
      foreign_keys: "1",
      wal_autocheckpoint: "0",
      fullfsync: fullSync,
      checkpoint_fullfsync: fullSync,
    });
    await database.close();
  });

  test("what can be rebuilt is synced less often and checkpoints itself", async () => {
    const database = openSqlite({ path: newFile(), durable: "rebuildable" });
    expect(await database.settings()).toMatchObject({
      synchronous: "1",
      wal_autocheckpoint: "1000",
      secure_delete: "1",
    });
    await database.close();
  });

  test("a file of another page size is refused", () => {
    const path = newFile();
    new DatabaseSync(path).exec("PRAGMA page_size = 4096; CREATE TABLE t (k INTEGER)");
    expect(() => openSqlite({ path })).toThrow(expect.objectContaining({ code: "STORE_SETTINGS" }));
    expect(() => openSqlite({ path, pageSize: 4096 })).not.toThrow();
  });
});

describe("files", () => {
  test("of another application are refused", async () => {
    const path = newFile();
    await openSqlite({ path, applicationId: 7 }).close();
    expect(() => openSqlite({ path, applicationId: 8 })).toThrow(expect.objectContaining({ code: "STORE_FORMAT" }));
    await openSqlite({ path, applicationId: 7 }).close();
    await openSqlite({ path }).close();
  });

  test("that are no database are refused and stay as they are", () => {
    const path = newFile();
    writeFileSync(path, "dear diary, ".repeat(1000));
    expect(() => openSqlite({ path })).toThrow(expect.objectContaining({ code: "STORE_FORMAT" }));
    expect(statSync(path).size).toBe(12_000);
  });

  test("that are cut are refused when the missing page is read", async () => {
    const path = newFile();
    const database = openSqlite({ path });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB) STRICT"));
    await database.write((tx) =>
      tx.runMany(
        "INSERT INTO t (k, b) VALUES (?, ?)",
        Array.from({ length: 50 }, (_, k) => [k, new Uint8Array(7000)]),
      ),
    );
    await database.close();
    writeFileSync(path, readFileSync(path).subarray(0, 8192 * 3));
    const cut = (async () => {
      const again = openSqlite({ path });
      try {
        return await again.read((tx) => tx.all("SELECT k, b FROM t"));
      } finally {
        await again.close();
      }
    })();
    await expect(cut).rejects.toMatchObject({ code: "STORE_FORMAT" });
  });

  test.skipIf(process.platform === "win32")("are for their user alone, the ones beside them too", async () => {
    const path = newFile();
    const database = openSqlite({ path });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER) STRICT"));
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    await database.close();
  });

  test("in a folder that is not there are an error of the system", () => {
    const path = join(folder, "missing/a.db");
    expect(() => openSqlite({ path })).toThrow(expect.objectContaining({ code: "STORE_IO" }));
  });

  test("opened for reading are not written, made or migrated", async () => {
    const path = newFile();
    expect(() => openSqlite({ path, readOnly: true })).toThrow(expect.objectContaining({ code: "STORE_IO" }));
    const step = { component: "c", number: 1, sqlite: "CREATE TABLE t (k INTEGER) STRICT", postgres: "" };
    const writer = openSqlite({ path });
    await writer.migrate([step]);
    const reader = openSqlite({ path, readOnly: true });
    await reader.migrate([step]);
    await expect(reader.write(async () => 1)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
    await expect(reader.migrate([step, { ...step, number: 2 }])).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
    await writer.write((tx) => tx.run("INSERT INTO t (k) VALUES (1)"));
    expect(await reader.read((tx) => tx.all("SELECT k FROM t"))).toEqual([{ k: 1 }]);
    await Promise.all([reader.close(), writer.close()]);
  });
});

describe("a full disk", () => {
  test("is STORE_FULL, leaves nothing of the transaction, and ends when there is room again", async () => {
    const database = openSqlite({ path: newFile() });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB) STRICT"));
    const add = (k: number) =>
      database.write((tx) => tx.run("INSERT INTO t (k, b) VALUES (?, ?)", [k, new Uint8Array(100_000)]));
    await database.write((tx) => tx.script("PRAGMA max_page_count = 20"));
    await add(1);
    await expect(add(2)).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(await database.read((tx) => tx.all("SELECT k FROM t"))).toEqual([{ k: 1 }]);
    await database.write((tx) => tx.script("PRAGMA max_page_count = 100000"));
    await add(2);
    await database.close();
  });
});

describe("the write lock", () => {
  test("held by another process for too long is STORE_BUSY, and nothing was done", async () => {
    const path = newFile();
    const database = openSqlite({ path, busyTimeoutMs: 60 });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER) STRICT"));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const write = () => database.write((tx) => tx.run("INSERT INTO t (k) VALUES (1)"));
    await expect(write()).rejects.toMatchObject({ code: "STORE_BUSY" });
    expect(await database.read((tx) => tx.all("SELECT k FROM t"))).toEqual([]);
    other.exec("ROLLBACK");
    expect(await write()).toBe(1);
    other.close();
    await database.close();
  });

  test("writes of one handle run in order of arrival, one at a time", async () => {
    const database = openSqlite({ path: newFile() });
    const steps: string[] = [];
    const write = (name: string) =>
      database.write(async () => {
        steps.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        steps.push(`${name} out`);
      });
    await Promise.all([write("a"), write("b"), write("c")]);
    expect(steps).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    await database.close();
  });

  test("closing waits for the write under way and turns later ones away", async () => {
    const path = newFile();
    const database = openSqlite({ path });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER) STRICT"));
    const slow = database.write(async (tx) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return tx.run("INSERT INTO t (k) VALUES (1)");
    });
    const late = database.write(async () => 1);
    const settled = Promise.allSettled([slow, late]);
    await database.close();
    const [first, second] = await settled;
    expect(first).toMatchObject({ status: "fulfilled", value: 1 });
    expect(second).toMatchObject({ status: "rejected", reason: { code: "STORE_CLOSED" } });
  });
});

describe("the WAL", () => {
  test("is moved beside the writer, and cut when asked", async () => {
    const path = newFile();
    const database = openSqlite({ path });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB) STRICT"));
    for (let k = 0; k < 20; k++)
      await database.write((tx) => tx.run("INSERT INTO t (k, b) VALUES (?, ?)", [k, new Uint8Array(8000)]));
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(20 * 8192);
    const looked = checkpointWal(path, "look");
    expect(looked).toMatchObject({ busy: false, movedFrames: 0, waitingBytes: looked.walFrames * (24 + 8192) });
    const moved = checkpointWal(path, "passive");
    expect(moved).toMatchObject({ busy: false, movedFrames: looked.walFrames, waitingBytes: 0 });
    checkpointWal(path, "truncate");
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(await database.read((tx) => tx.get("SELECT count(*) AS n FROM t"))).toEqual({ n: 20 });
    await database.close();
  });

  test("is kept while a reader still looks at the old state", async () => {
    const path = newFile();
    const database = openSqlite({ path });
    await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER PRIMARY KEY) STRICT"));
    const busy = await database.read(async (tx) => {
      await tx.all("SELECT k FROM t");
      await database.write((writer) => writer.run("INSERT INTO t (k) VALUES (1)"));
      return checkpointWal(path, "truncate").busy;
    });
    expect(busy).toBe(true);
    await database.close();
  });
});
