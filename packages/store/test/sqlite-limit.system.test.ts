import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openSqlite } from "@writ/store";

const blocks = 512;

test.skipIf(process.platform === "win32")("after a write that the system refused the handle is over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "writ-store-"));
  try {
    const path = join(folder, "a.db");
    const child = join(import.meta.dirname, "sqlite-limit-child.ts");
    // A limit on the size of files makes write(2) fail with EFBIG, which SQLite reports as an I/O error.
    const command = `ulimit -f ${blocks}; exec "$0" --conditions=writ-source "$1" "$2"`;
    const run = spawnSync("sh", ["-c", command, process.execPath, child, path], { encoding: "utf8", timeout: 60_000 });
    const lines = run.stdout.trim().split("\n");
    const acknowledged = lines.filter((line) => line.startsWith("ack ")).map((line) => Number(line.slice(4)));
    expect(lines.slice(acknowledged.length)).toEqual(["first STORE_IO", "write STORE_IO", "read STORE_IO", "closed"]);
    expect(acknowledged.length).toBeGreaterThan(10);
    const again = openSqlite({ path });
    const rows = await again.read((tx) => tx.all("SELECT k FROM t ORDER BY k"));
    expect(rows.map((row) => row["k"]).slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(rows.length - acknowledged.length).toBeLessThanOrEqual(1);
    await again.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
