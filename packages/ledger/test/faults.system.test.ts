import { readdirSync } from "node:fs";
import { join } from "node:path";

import { isWritError } from "@writ/canon";
import { openSqlite, storeError } from "@writ/store";
import type { Database, StoreErrorCode } from "@writ/store";
import { faultyDatabase, faultyStatements } from "@writ/testkit";
import { parsePolicy } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { describe, expect, test } from "vitest";

import { probeDisk } from "../src/disk-probe.ts";
import type { HeadSigner } from "../src/head-signer.ts";
import { ledgerError } from "../src/ledger-error.ts";
import { LEDGER_APPLICATION_ID, openLedgerFile } from "../src/open-ledger-file.ts";
import { openLedger } from "../src/open-ledger.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import type { NewEntry } from "../src/port.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner, policyText } from "./memory-signer.ts";

interface Group {
  readonly entries: readonly NewEntry[];
  readonly once: readonly string[];
}

/** Three rounds of three callers: single entries, groups, private content, guards, an emitter with its counter. */
function callers(): readonly (readonly Group[])[] {
  return [0, 1, 2].map((round) => [
    { entries: [newEntry({ src: { id: "agent", n: round } })], once: [`fact:${round}`] },
    { entries: [newEntry(), newEntry({ private: { text: { content: Buffer.from("x"), type: "a/b" } } })], once: [] },
    { entries: [newEntry({ data: { round } })], once: [`a:${round}`, `b:${round}`] },
  ]);
}

async function open(folder: string, signer: HeadSigner, wrap: (database: Database) => Database = (same) => same) {
  const database = openSqlite({ path: join(folder, "log.db"), applicationId: LEDGER_APPLICATION_ID });
  return openLedger({ database: wrap(database), signer, ...systemPorts(), origin: ORIGIN, every: () => () => {} });
}

/** Index of each acknowledged entry by id. What was refused for the state of the ledger is not in it. */
async function play(
  log: OpenLedger,
  rounds: readonly (readonly Group[])[],
  acknowledged: Map<string, number>,
): Promise<string[]> {
  const codes: string[] = [];
  for (const round of rounds) {
    const settled = await Promise.allSettled(round.map(({ entries, once }) => log.append(entries, { once })));
    for (const one of settled) {
      if (one.status === "rejected") codes.push(isWritError(one.reason) ? one.reason.code : String(one.reason));
      else if (!one.value.ok) codes.push(one.value.code);
      else for (const { id, index } of one.value.entries) note(acknowledged, id, index);
    }
  }
  return codes;
}

/** INVARIANT: an entry that was acknowledged twice was acknowledged at one index. */
function note(acknowledged: Map<string, number>, id: string, index: number): void {
  expect(acknowledged.get(id) ?? index).toBe(index);
  acknowledged.set(id, index);
}

/** Every caller retries after a fresh start; then each entry is there once, where it was acknowledged, and the log verifies. */
async function settle(
  folder: string,
  signer: HeadSigner,
  rounds: readonly (readonly Group[])[],
  acknowledged: Map<string, number>,
): Promise<void> {
  const log = await open(folder, signer);
  expect(await play(log, rounds, acknowledged)).toEqual([]);
  const seen = new Map<string, number>();
  for await (const { value, index } of log.read(1, 1_000)) {
    expect(seen.has(value.id)).toBe(false);
    seen.set(value.id, index);
  }
  expect(seen).toEqual(acknowledged);
  await log.close();
  const result = verifyLogFile(join(folder, "log.db"), { policy: parsePolicy(policyText(ORIGIN)), depth: "full" });
  expect(result.findings).toEqual([]);
}

/** What an opened log does to the database before the first append: origin, `ledger.opened`. */
const OPENING_WRITES = 2;

describe("a write that fails", () => {
  const codes: readonly StoreErrorCode[] = [
    "STORE_BUSY",
    "STORE_LOST",
    "STORE_FULL",
    "STORE_IO",
    "STORE_OUTCOME_UNKNOWN",
  ];
  const table = codes.flatMap((code) =>
    [false, true]
      // A store that says "nothing happened" is believed: done-and-denied is for the failures that leave it open.
      .filter((apply) => !apply || code === "STORE_IO" || code === "STORE_OUTCOME_UNKNOWN")
      .flatMap((apply) => [2, 3, 4].map((write) => ({ code, apply, write }))),
  );
  test.each(table)(
    "with $code, done: $apply, at write $write: nothing lost, nothing doubled",
    async ({ code, apply, write }) => {
      using folder = freshFolder();
      const signer = memorySigner(ORIGIN);
      const rounds = callers();
      const acknowledged = new Map<string, number>();
      const error = storeError({ code, message: "made to fail" });
      const log = await open(folder.path, signer, (inner) =>
        faultyDatabase(inner, (n) => (n === write ? { apply, error } : undefined)),
      );
      const refused = await play(log, rounds, acknowledged);
      const again = code === "STORE_BUSY" || code === "STORE_LOST" || code === "STORE_OUTCOME_UNKNOWN";
      if (again) expect(refused).toEqual([]);
      else expect(new Set(refused)).toEqual(new Set([code === "STORE_FULL" ? "LEDGER_FULL" : "LEDGER_FAILED"]));
      if (code === "STORE_IO") await expect(log.append([newEntry()])).rejects.toMatchObject({ code: "LEDGER_FAILED" });
      await log.close();
      await settle(folder.path, signer, rounds, acknowledged);
    },
  );

  test("at the very first writes leaves a log that opens", async () => {
    for (let write = 0; write <= OPENING_WRITES; write++) {
      for (const apply of [false, true]) {
        using folder = freshFolder();
        const signer = memorySigner(ORIGIN);
        const error = storeError({ code: "STORE_IO", message: "made to fail" });
        const decide = (n: number) => (n === write ? { apply, error } : undefined);
        await open(folder.path, signer, (inner) => faultyDatabase(inner, decide)).then(
          (log) => log.close(),
          () => undefined,
        );
        await settle(folder.path, signer, callers(), new Map());
      }
    }
  });

  test("inside its transaction, at each statement: nothing lost, nothing doubled", async () => {
    for (let statement = 6; statement < 60; statement++) {
      using folder = freshFolder();
      const signer = memorySigner(ORIGIN);
      const rounds = callers();
      const acknowledged = new Map<string, number>();
      const code = statement % 2 === 0 ? "STORE_BUSY" : "STORE_IO";
      const fail = (n: number) => (n === statement ? storeError({ code, message: "made to fail" }) : undefined);
      const log = await open(folder.path, signer, (inner) => faultyStatements(inner, fail)).catch(() => undefined);
      if (log !== undefined) await play(log, rounds, acknowledged);
      await log?.close().catch(() => undefined);
      await settle(folder.path, signer, rounds, acknowledged);
    }
  });
});

describe("a full disk", () => {
  test("refuses new work, serves reads, and goes on when a probe succeeds", async () => {
    using folder = freshFolder();
    const signer = memorySigner(ORIGIN);
    let full = false;
    let now = Date.now();
    const error = storeError({ code: "STORE_FULL", message: "made to fail" });
    const database = openSqlite({ path: join(folder.path, "log.db") });
    const log = await openLedger({
      database: faultyDatabase(database, () => (full ? { apply: false, error } : undefined)),
      signer,
      ...systemPorts(),
      clock: { now: () => now },
      origin: ORIGIN,
    });
    full = true;
    for (const pause of [0, 10, 2_000]) {
      now += pause;
      await expect(log.append([newEntry()])).rejects.toMatchObject({ code: "LEDGER_FULL" });
    }
    expect((await log.get(0))?.value.kind).toBe("ledger.opened");
    full = false;
    await expect(log.append([newEntry()])).rejects.toMatchObject({ code: "LEDGER_FULL" });
    now += 1_001;
    expect(await log.append([newEntry()])).toMatchObject({ ok: true, size: 2 });
    await log.close();
  });
});

describe("the trial of a log", () => {
  test.each([
    ["a full disk", "STORE_FULL", "LEDGER_FULL"],
    ["a broken disk", "STORE_IO", "LEDGER_FAILED"],
    ["a busy database", "STORE_BUSY", "LEDGER_BUSY"],
  ] as const)("tells %s without an append, and what it finds afterwards", async (_, code, expected) => {
    using folder = freshFolder();
    let broken = false;
    const error = storeError({ code, message: "made to fail" });
    const database = openSqlite({ path: join(folder.path, "log.db") });
    const log = await openLedger({
      database: faultyDatabase(database, () => (broken ? { apply: false, error } : undefined)),
      signer: memorySigner(ORIGIN),
      ...systemPorts(),
      origin: ORIGIN,
    });
    broken = true;
    expect(await log.trial()).toMatchObject({ code: expected });
    broken = false;
    await expect.poll(() => log.trial(), { timeout: 20_000 }).toBeUndefined();
    expect((await log.head()).size).toBe(1);
    await log.close();
  });

  test("writes a file of its own, and leaves none", async () => {
    using folder = freshFolder();
    const path = join(folder.path, "log.db");
    const log = await openLedgerFile({ path, signer: memorySigner(ORIGIN), ...systemPorts(), origin: ORIGIN });
    expect(await log.trial()).toBeUndefined();
    expect(readdirSync(folder.path).filter((name) => name.includes("probe"))).toEqual([]);
    await log.close();
    expect(() => probeDisk("/proc/log.db")).toThrow(expect.objectContaining({ code: "LEDGER_FULL" }));
    expect(() => probeDisk("/dev/full/log.db")).toThrow(expect.objectContaining({ code: "LEDGER_FULL" }));
  });
});

describe("a database that stays busy", () => {
  test("is given up after five seconds with LEDGER_BUSY", async () => {
    using folder = freshFolder();
    let now = Date.now();
    let busy = false;
    const error = storeError({ code: "STORE_BUSY", message: "made to fail" });
    const database = openSqlite({ path: join(folder.path, "log.db") });
    const decide = () => {
      now += 500;
      return busy ? { apply: false, error } : undefined;
    };
    const log = await openLedger({
      database: faultyDatabase(database, decide),
      signer: memorySigner(ORIGIN),
      ...systemPorts(),
      clock: { now: () => now },
      origin: ORIGIN,
    });
    busy = true;
    await expect(log.append([newEntry()])).rejects.toMatchObject({ code: "LEDGER_BUSY" });
    busy = false;
    expect(await log.append([newEntry()])).toMatchObject({ ok: true });
    await log.close();
  });
});

describe("a log that somebody else wrote to", () => {
  test("is LEDGER_FORKED, and takes nothing more", async () => {
    using folder = freshFolder();
    const one = await open(folder.path, memorySigner(ORIGIN));
    const other = await open(folder.path, memorySigner(ORIGIN));
    await other.append([newEntry()]);
    await expect(one.append([newEntry()])).rejects.toMatchObject({ code: "LEDGER_FORKED" });
    await expect(one.append([newEntry()])).rejects.toMatchObject({ code: "LEDGER_FORKED" });
    await one.close();
    expect((await other.head()).size).toBe(2);
    await other.close();
  });
});

describe("a signer that fails", () => {
  const table = ["SIGNER_REFUSED", "SIGNER_UNREACHABLE"].flatMap((code) =>
    [false, true].flatMap((done) => [1, 2, 3].map((at) => ({ code, done, at }))),
  );
  test.each(table)(
    "with $code, done: $done, at signature $at: nothing lost, nothing doubled",
    async ({ code, done, at }) => {
      using folder = freshFolder();
      const signer = memorySigner(ORIGIN);
      let count = 0;
      const faulty: HeadSigner = {
        ...signer,
        sign(head) {
          if (count++ !== at) return signer.sign(head);
          if (done) signer.sign(head);
          throw ledgerError({
            code: code === "SIGNER_REFUSED" ? code : "SIGNER_UNREACHABLE",
            message: "made to fail",
            reason: "",
            next: "",
          });
        },
      };
      const rounds = callers();
      const acknowledged = new Map<string, number>();
      const log = await open(folder.path, faulty);
      const refused = await play(log, rounds, acknowledged);
      // An unreachable signer delays checkpoints; one that refuses means that this history is not the one it knows.
      expect(new Set(refused)).toEqual(new Set(code === "SIGNER_REFUSED" ? [code] : []));
      await log.close();
      await settle(folder.path, signer, rounds, acknowledged);
    },
  );
});
