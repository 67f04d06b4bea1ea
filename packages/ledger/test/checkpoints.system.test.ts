import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { openSqlite } from "@writ/store";
import { describe, expect, test } from "vitest";

import type { OpenLedger } from "../src/log-ledger.ts";
import { openLedger } from "../src/open-ledger.ts";
import type { LocalSigner } from "../src/signer.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner } from "./memory-signer.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A log whose clock and timers are the test's. */
class TimedLog {
  now = Date.UTC(2026, 0, 1);
  readonly signer: LocalSigner = memorySigner(ORIGIN);
  readonly #path: string;
  readonly #works = new Map<number, () => void>();

  constructor(folder: string) {
    this.#path = join(folder, "log.db");
  }

  open(): Promise<OpenLedger> {
    return openLedger({
      database: openSqlite({ path: this.#path }),
      signer: this.signer,
      ...systemPorts(),
      clock: { now: () => this.now },
      origin: ORIGIN,
      every: (ms, work) => {
        this.#works.set(ms, work);
        return () => this.#works.delete(ms);
      },
    });
  }

  /** Lets the timer of this period go off, and waits for what it does. */
  async ring(ms: number): Promise<void> {
    this.#works.get(ms)?.();
    await new Promise((resolve) => setTimeout(resolve, 60));
  }

  stored(): { size: number; at: number; shown: number }[] {
    const database = new DatabaseSync(this.#path, { readOnly: true });
    try {
      const rows = database.prepare("SELECT size, at, shown FROM checkpoint ORDER BY size").all();
      return rows.map(({ size, at, shown }) => ({ size: Number(size), at: Number(at), shown: Number(shown) }));
    } finally {
      database.close();
    }
  }
}

describe("stored checkpoints", () => {
  test("are one a minute while nobody was shown more", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    const log = await timed.open();
    for (let i = 0; i < 20; i++) await log.append([newEntry()]);
    timed.now += MINUTE_MS;
    for (let i = 0; i < 20; i++) await log.append([newEntry()]);
    await log.close();
    const sizes = timed.stored().map(({ size }) => size);
    expect(sizes.at(-1)).toBe(41);
    expect(sizes.length).toBeLessThanOrEqual(3);
  });

  test("that were shown all stay, and showing the same head again gives the same note", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    const log = await timed.open();
    for (let i = 0; i < 5; i++) {
      await log.append([newEntry()]);
      expect(await log.checkpoint()).toBe(await log.checkpoint());
      await log.append([newEntry()]);
    }
    await log.close();
    expect(
      timed
        .stored()
        .filter(({ shown }) => shown === 1)
        .map(({ size }) => size),
    ).toEqual([2, 4, 6, 8, 10]);
  });

  test("are stored within a second without another commit", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    const log = await timed.open();
    await log.append([newEntry()]);
    expect(timed.stored().at(-1)?.size).not.toBe(2);
    await timed.ring(1_000);
    expect(timed.stored().at(-1)?.size).toBe(2);
    await log.close();
  });

  test("are one an hour when they are older than a day, the newest always among them", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    const log = await timed.open();
    for (let step = 0; step < 60; step++) {
      timed.now += 20 * MINUTE_MS;
      await log.append([newEntry()]);
    }
    await timed.ring(1_000);
    const before = timed.stored();
    timed.now += 48 * HOUR_MS;
    await timed.ring(HOUR_MS);
    const after = timed.stored();
    expect(before.length).toBeGreaterThanOrEqual(60);
    expect(after.length).toBeLessThanOrEqual(22);
    expect(new Set(after.map(({ at }) => Math.floor(at / HOUR_MS))).size).toBe(after.length);
    expect(after.at(-1)).toEqual(before.at(-1));
    await log.close();
  });

  test("are thinned by a log too that is never open for an hour", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    for (let step = 0; step < 12; step++) {
      timed.now += 20 * MINUTE_MS;
      const log = await timed.open();
      await log.append([newEntry()]);
      await log.close();
    }
    expect(timed.stored()).toHaveLength(12);
    timed.now += 48 * HOUR_MS;
    await (await timed.open()).close();
    const hours = timed.stored().map(({ at }) => Math.floor(at / HOUR_MS));
    expect(hours).toEqual([...new Set(hours)]);
  });

  test("are signed again every ten minutes, so that silence shows", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    const log = await timed.open();
    await log.append([newEntry()]);
    await timed.ring(1_000);
    timed.now += 10 * MINUTE_MS;
    await timed.ring(10 * MINUTE_MS);
    expect(timed.stored().at(-1)).toMatchObject({ size: 2, at: timed.now });
    await log.close();
  });

  test("cover at a start what a crash left unsigned", async () => {
    using folder = freshFolder();
    const timed = new TimedLog(folder.path);
    const log = await timed.open();
    await log.append([newEntry()]);
    const crashed = new DatabaseSync(join(folder.path, "log.db"));
    crashed.exec("DELETE FROM checkpoint");
    crashed.close();
    await log.close();
    const again = await timed.open();
    expect(timed.stored().at(-1)?.size).toBe(2);
    expect(timed.signer.read(await again.checkpoint())?.size).toBe(2);
    await again.close();
  });
});
