import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { openSqlite } from "@writ/store";
import { parsePolicy, verifyBundle } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { describe, expect, test } from "vitest";

import { exportBundle } from "../src/export-bundle.ts";
import type { ErasureOrder } from "../src/erase.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import type { OpenLedgerFileOptions } from "../src/open-ledger-file.ts";
import { openLedger } from "../src/open-ledger.ts";
import { sealedVault } from "../src/sealed-vault.ts";
import { openSubjectKeys } from "../src/subject-keys.ts";
import { freshFolder, newEntry, newId, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner, policyText } from "./memory-signer.ts";

const policy = parsePolicy(policyText(ORIGIN));
const SMALL = "the patient asked for a second opinion";
/** Long enough for overflow pages of its own. */
const LONG = "a long letter about a private matter. ".repeat(2_000);

function order(): ErasureOrder {
  return { id: newId(), who: { tenant: "local" }, ground: "gdpr-17", approver: "operator-1" };
}

async function open(folder: string, options: Partial<OpenLedgerFileOptions> = {}): Promise<OpenLedger> {
  return openLedgerFile({
    path: join(folder, "log.db"),
    signer: memorySigner(ORIGIN),
    ...systemPorts(),
    origin: ORIGIN,
    ...options,
  });
}

/** Content of two people among that of others, over many pages. */
async function fill(log: OpenLedger): Promise<void> {
  for (let round = 0; round < 30; round++) {
    const text = (content: string, subject: string) => ({
      text: { content: Buffer.from(content), type: "text/plain", subject },
    });
    await log.append([
      newEntry({ run: "r", private: text(`${SMALL} ${round}`, "person-1") }),
      newEntry({ run: "r", private: text(`${LONG} ${round}`, "person-1") }),
      newEntry({ run: "r", private: text(`kept words of somebody else ${round}`, "person-2") }),
    ]);
  }
}

/** Names of the files under `folder` in which `text` still lies, free pages and logs included. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
}

describe("erasing a subject", () => {
  test("leaves its content nowhere in database, write-ahead log or free pages, and the log verifies", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    await fill(log);
    expect(filesWith(folder.path, SMALL)).not.toEqual([]);
    expect(filesWith(folder.path, LONG.slice(0, 60))).not.toEqual([]);
    const salt = Buffer.from((await log.openPrivate(1, "text"))?.salt ?? []);
    const plan = await log.planErasure("person-1");
    expect(plan.fields).toHaveLength(60);
    const result = await log.erase(plan, order());
    if (!result.ok) throw new Error(result.code);
    expect(filesWith(folder.path, SMALL)).toEqual([]);
    expect(filesWith(folder.path, LONG.slice(0, 60))).toEqual([]);
    expect(readdirSync(folder.path).some((name) => readFileSync(join(folder.path, name)).includes(salt))).toBe(false);
    expect(filesWith(folder.path, "kept words of somebody else 29")).not.toEqual([]);

    const entry = await log.get(result.entries[0]?.index ?? -1);
    expect(entry?.value).toMatchObject({ kind: "erasure", data: { ground: "gdpr-17", approver: "operator-1" } });
    expect(entry?.value.data["erased"]).toHaveLength(60);
    expect((await log.planErasure("person-1")).fields).toEqual([]);
    expect(await log.openPrivate(1, "text")).toBeUndefined();

    let text = "";
    for await (const line of exportBundle(log, { run: "r" })) text += line;
    expect(await verifyBundle([Buffer.from(text)], { policy })).toMatchObject({ ok: true, opened: 30 });
    await log.close();
    const whole = verifyLogFile(join(folder.path, "log.db"), { policy, depth: "full" });
    expect(whole.findings).toEqual([]);
    expect(whole).toMatchObject({ ok: true, opened: 30 });
    expect(filesWith(folder.path, SMALL)).toEqual([]);
  });

  test("that was interrupted before the write-ahead log was cut is finished at the next start", async () => {
    using folder = freshFolder();
    let cut = false;
    const signer = memorySigner(ORIGIN);
    const log = await open(folder.path, { signer });
    await fill(log);
    await log.close();
    const options = { signer, ...systemPorts(), origin: ORIGIN };
    const first = await openLedger({
      ...options,
      database: openSqlite({ path: join(folder.path, "log.db") }),
      truncateWal: () => Promise.reject(new Error("the power went")),
    });
    await expect(first.erase(await first.planErasure("person-1"), order())).rejects.toThrow("the power went");
    await first.close();
    const second = await openLedger({
      ...options,
      database: openSqlite({ path: join(folder.path, "log.db") }),
      truncateWal: async () => {
        cut = true;
      },
    });
    expect(cut).toBe(true);
    expect((await second.planErasure("person-1")).fields).toEqual([]);
    await second.close();
  });

  test("an empty plan is refused", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    await expect(log.erase(await log.planErasure("nobody"), order())).rejects.toMatchObject({
      code: "INDEX_OUT_OF_RANGE",
    });
    await log.close();
  });
});

describe("sealed content", () => {
  test("is never in the files, opens with its subject's key, and is gone with it from every copy", async () => {
    using folder = freshFolder();
    using keyHome = freshFolder();
    const keys = join(keyHome.path, "subjects");
    const subjectKeys = openSubjectKeys(keys, (bytes) => randomBytes(bytes));
    const signer = memorySigner(ORIGIN);
    const log = await open(folder.path, { vault: sealedVault(subjectKeys, randomBytes), signer });
    await fill(log);
    expect(filesWith(folder.path, SMALL)).toEqual([]);
    expect(Buffer.from((await log.openPrivate(1, "text"))?.content ?? []).toString()).toBe(`${SMALL} 0`);
    const copied = newEntry({ private: { text: { content: Buffer.from("again"), type: "a/b", subject: "person-1" } } });
    await log.append([copied]);
    expect(await log.append([copied])).toMatchObject({ ok: true, duplicate: true });
    await log.erase(await log.planErasure("person-1"), order());
    expect(readdirSync(keys)).toHaveLength(1);
    expect(Buffer.from((await log.openPrivate(3, "text"))?.content ?? []).toString()).toMatch(/^kept words/);
    await log.close();
    const again = await open(folder.path, {
      vault: sealedVault(openSubjectKeys(keys, randomBytes), randomBytes),
      signer,
    });
    expect(await again.openPrivate(1, "text")).toBeUndefined();
    expect(Buffer.from((await again.openPrivate(3, "text"))?.content ?? []).toString()).toMatch(/^kept words/);
    await again.close();
  });
});

describe("what is kept for a time", () => {
  const DAY_MS = 86_400_000;
  const BEGIN = Date.parse("2026-01-01T00:00:00.000Z");
  const at = (day: number) => new Date(BEGIN + day * DAY_MS).toISOString();
  const text = (subject?: string) => ({
    text: { content: Buffer.from(SMALL), type: "text/plain", ...(subject === undefined ? {} : { subject }) },
  });

  /** A message a day, each with content of its own, and every third in a run. */
  async function fillDays(log: OpenLedger, days: number): Promise<void> {
    for (let day = 0; day < days; day++) {
      const run = day % 3 === 0 ? { run: `run-${day}` } : {};
      await log.append([
        newEntry({ kind: "message.sent", at: at(day), private: text(`person-${day % 5}`), ...run }),
        newEntry({ kind: "policy.decision", at: at(day), private: text() }),
      ]);
    }
  }
  const rules = new Map([["message.sent", 30 * DAY_MS]] as const);

  test("is what is over by the rule of its kind, oldest first, and what nobody holds", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    await fillDays(log, 40);
    const nowMs = BEGIN + 40 * DAY_MS;
    const days = (fields: readonly { readonly index: number }[]) => fields.map(({ index }) => (index - 1) / 2);
    expect(days(await log.planRetention({ rules, nowMs }))).toEqual(Array.from({ length: 11 }, (_, day) => day));
    const holds = { subjects: new Set(["person-1"]), runs: new Set(["run-3", "run-0"]) };
    expect(days(await log.planRetention({ rules, nowMs, holds }))).toEqual([2, 4, 5, 7, 8, 9, 10]);
    expect(days(await log.planRetention({ rules, nowMs, limit: 2 }))).toEqual([0, 1]);
    expect(await log.planRetention({ rules: new Map(), nowMs })).toEqual([]);
    await expect(log.planRetention({ rules, nowMs, limit: 0.5 })).rejects.toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
    await log.close();
  });

  test("is erased as a person's content is, in as many turns as it takes, and the log verifies", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    await fillDays(log, 450);
    const nowMs = BEGIN + 480 * DAY_MS;
    const turns: number[] = [];
    for (;;) {
      const fields = await log.planRetention({ rules, nowMs });
      if (fields.length === 0) break;
      turns.push(fields.length);
      expect(await log.erase({ fields }, { ...order(), ground: "retention" })).toMatchObject({ ok: true });
    }
    expect(turns).toEqual([400, 50]);
    expect(await log.openPrivate(1, "text")).toBeUndefined();
    expect(await log.openPrivate(2, "text")).toBeDefined();
    await log.checkpoint();
    await log.close();
    expect(verifyLogFile(join(folder.path, "log.db"), { policy, depth: "full" }).findings).toEqual([]);
  });
});
