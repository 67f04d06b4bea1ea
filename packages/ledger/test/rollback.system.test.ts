import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { OpenLedger } from "../src/log-ledger.ts";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import { openFileSigner } from "../src/signer-file.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";

/** One log and its keys in folders that can be copied apart. */
class Site {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    mkdirSync(this.data);
  }

  get data(): string {
    return join(this.#root, "data");
  }

  get keys(): string {
    return join(this.#root, "keys");
  }

  /** Runs `work` on the open log, then closes log and signer. */
  async with<T>(work: (log: OpenLedger) => Promise<T>): Promise<T> {
    const signer = await openFileSigner({ keyHome: this.keys, origin: ORIGIN, create: true });
    try {
      const path = join(this.data, "log.db");
      const log = await openLedgerFile({ path, signer, ...systemPorts(), origin: ORIGIN });
      try {
        return await work(log);
      } finally {
        await log.close();
      }
    } finally {
      await signer.close();
    }
  }

  copy(what: "data" | "keys", name: string): void {
    cpSync(this[what], join(this.#root, name), { recursive: true });
  }

  putBack(what: "data" | "keys", name: string): void {
    rmSync(this[what], { recursive: true });
    cpSync(join(this.#root, name), this[what], { recursive: true });
    chmodSync(this[what], 0o700);
  }
}

async function appendSome(log: OpenLedger, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await log.append([newEntry()]);
}

/** Opened for reading, refusing every append and every new checkpoint. */
async function expectRollback(site: Site): Promise<void> {
  await site.with(async (log) => {
    expect((await log.status()).readOnly?.code).toBe("ROLLBACK_DETECTED");
    await expect(log.append([newEntry()])).rejects.toMatchObject({ code: "ROLLBACK_DETECTED" });
    await expect(log.checkpoint()).rejects.toMatchObject({ code: "ROLLBACK_DETECTED" });
    await log.head();
  });
}

describe("an old copy put back is found by the signer's memory", () => {
  test.each([1, 2, 254, 255, 256, 300])("the closed database, %i entries before the end", async (behind) => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with((log) => appendSome(log, 20));
    site.copy("data", "old");
    await site.with((log) => appendSome(log, behind));
    site.putBack("data", "old");
    await expectRollback(site);
    // It stays found: a read-only log does not sign its way out.
    await expectRollback(site);
  });

  test("database and write-ahead log copied from under a running owner", async () => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with(async (log) => {
      await appendSome(log, 40);
      site.copy("data", "hot");
      await appendSome(log, 1);
    });
    site.putBack("data", "hot");
    await expectRollback(site);
  });

  test("the database without its write-ahead log", async () => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with((log) => appendSome(log, 20));
    await site.with(async (log) => {
      await appendSome(log, 20);
      site.copy("data", "hot");
    });
    site.putBack("data", "hot");
    for (const name of readdirSync(site.data)) if (/-(?:wal|shm)$/.test(name)) rmSync(join(site.data, name));
    await expectRollback(site);
  });

  test("a write-ahead log that lost its end", async () => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with((log) => appendSome(log, 20));
    await site.with(async (log) => {
      await appendSome(log, 20);
      site.copy("data", "hot");
    });
    site.putBack("data", "hot");
    const wal = join(site.data, "log.db-wal");
    truncateSync(wal, Math.floor(statSync(wal).size / 2));
    await expectRollback(site);
  });

  test("no database at all", async () => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with((log) => appendSome(log, 2));
    rmSync(site.data, { recursive: true });
    mkdirSync(site.data);
    await expectRollback(site);
  });

  test("a second copy that went its own way, shorter, as long, and longer", async () => {
    for (const more of [5, 10, 300]) {
      using folder = freshFolder();
      const site = new Site(folder.path);
      await site.with((log) => appendSome(log, 20));
      site.copy("data", "fork");
      site.copy("keys", "fork-keys");
      await site.with((log) => appendSome(log, 10));
      site.copy("keys", "true-keys");
      site.putBack("data", "fork");
      site.putBack("keys", "fork-keys");
      await site.with((log) => appendSome(log, more));
      site.putBack("keys", "true-keys");
      await expectRollback(site);
    }
  });
});

describe("what is no rollback", () => {
  test("a memory some signatures behind, as a power cut leaves it", async () => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with((log) => appendSome(log, 20));
    site.copy("keys", "behind");
    await site.with((log) => appendSome(log, 20));
    site.putBack("keys", "behind");
    await site.with(async (log) => {
      await appendSome(log, 1);
      expect((await log.status()).readOnly).toBeUndefined();
    });
  });

  test("the newest copy itself, put back", async () => {
    using folder = freshFolder();
    const site = new Site(folder.path);
    await site.with((log) => appendSome(log, 20));
    site.copy("data", "newest");
    site.putBack("data", "newest");
    await site.with((log) => appendSome(log, 1));
  });
});

describe("one owner", () => {
  test("a second opener of the file hears LEDGER_OWNED with the owner's socket", async () => {
    using folder = freshFolder();
    const path = join(folder.path, "log.db");
    const signer = await openFileSigner({ keyHome: join(folder.path, "keys"), origin: ORIGIN, create: true });
    const options = { path, signer, ...systemPorts(), origin: ORIGIN };
    const log = await openLedgerFile({ ...options, socket: "/run/writ.sock" });
    await expect(openLedgerFile(options)).rejects.toMatchObject({
      code: "LEDGER_OWNED",
      details: { pid: process.pid, socket: "/run/writ.sock" },
    });
    await log.close();
    const again = await openLedgerFile(options);
    await again.close();
    await signer.close();
  });
});
