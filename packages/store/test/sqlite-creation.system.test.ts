import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { openSqlite } from "@writ/store";

const folder = mkdtempSync(join(tmpdir(), "writ-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${(files += 1)}.db`);

const namesBeside = (path: string) =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(path)}.`))
    .toSorted();

/** A process that opens the file and adds a row; its exit code. */
function inProcess(path: string): Promise<number | null> {
  const script = `
    const { openSqlite } = await import("@writ/store");
    const database = openSqlite({ path: process.argv[1], busyTimeoutMs: 60000 });
    await database.write(async (tx) => {
      await tx.run("CREATE TABLE IF NOT EXISTS t (k INTEGER)");
      await tx.run("INSERT INTO t (k) VALUES (1)");
    });
    await database.close();`;
  const options = ["--conditions=writ-source", "--input-type=module", "-e", script, path];
  const child = spawn(process.execPath, options, { cwd: import.meta.dirname, stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve) => child.once("exit", resolve));
}

describe("new files", () => {
  test("are whole from the moment they have their name, before anything is written", async () => {
    const path = newFile();
    const database = openSqlite({ path, applicationId: 7 });
    const bytes = readFileSync(path);
    expect(bytes.length % 8192).toBe(0);
    expect([bytes.toString("latin1", 0, 15), bytes.readUInt32BE(68), bytes[18]]).toEqual(["SQLite format 3", 7, 2]);
    expect(namesBeside(path)).toEqual([]);
    await database.close();
  });

  test("take away what a crash left of their making, and nothing of a maker that lives", async () => {
    const path = newFile();
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = [`${gone}-0123456789abcdef`, `${gone}-0123456789abcdef-journal`, `${process.pid}-0123456789abcdef`];
    const kept = [`${process.ppid}-0123456789abcdef`, "notes"];
    for (const name of [...left, ...kept]) writeFileSync(`${path}.new-${name}`, "half a page");
    await openSqlite({ path }).close();
    expect(namesBeside(path)).toEqual(kept.map((name) => `${basename(path)}.new-${name}`).toSorted());
  });

  test("made by two at once are one file", async () => {
    const path = newFile();
    const makers = await Promise.all(Array.from({ length: 6 }, () => inProcess(path)));
    expect(makers).toEqual(makers.map(() => 0));
    const database = openSqlite({ path });
    expect(await database.read((tx) => tx.all("SELECT count(*) AS n FROM t"))).toEqual([{ n: 6 }]);
    await database.close();
    expect(namesBeside(path)).toEqual([]);
  });
});
