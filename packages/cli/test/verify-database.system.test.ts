import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { formatUuid, uuidv7 } from "@writ/canon";
import { formatVkey, openFileSigner, openLedger, openSubjectKeys, sealedVault, type OpenLedger } from "@writ/ledger";
import { openPostgres, type Database } from "@writ/store";
import { describeWithPostgres, freePort } from "@writ/testkit";
import { runVerify } from "@writ/verify/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { copyLog } from "../src/commands/verify-database.ts";
import { createInstallation, type Installation } from "./support/installation.ts";

const ORIGIN = "acme.example/writ/prod";
const SIZE = 600;

describeWithPostgres("`writ verify` of a database address", (server) => {
  let writ: Installation;
  let folder: string;
  let policy: string;
  let outside: Database;

  beforeAll(async () => {
    writ = createInstallation();
    folder = mkdtempSync(join(tmpdir(), "writ-test-"));
    policy = join(folder, "trust.policy");
    const ledger = await makeLog(ORIGIN, 1);
    for (let n = 1; n < SIZE; n += 100) await ledger.append(notes(Math.min(100, SIZE - n)));
    const plan = await ledger.planErasure("person-2");
    await ledger.erase(plan, { id: newId(), who: { tenant: "local" }, ground: "g", approver: "p" });
    await ledger.append(notes(1), { wait: "checkpoint" });
    await ledger.close();
    outside = await openPostgres({ connectionString: server().connectionString });
    await outside.write((tx) =>
      tx.script(
        "CREATE SCHEMA kept; CREATE TABLE kept.entry AS TABLE writ.entry; CREATE TABLE kept.private AS TABLE writ.private_content; CREATE TABLE kept.head AS TABLE writ.head",
      ),
    );
  });
  afterAll(async () => {
    await outside.close();
    rmSync(folder, { recursive: true });
    await writ.dispose();
  });
  afterEach(() =>
    behindItsBack(
      "DELETE FROM writ.entry; INSERT INTO writ.entry SELECT * FROM kept.entry; DELETE FROM writ.private_content; INSERT INTO writ.private_content SELECT * FROM kept.private; DELETE FROM writ.head; INSERT INTO writ.head SELECT * FROM kept.head; DELETE FROM writ.meta WHERE log = 2",
    ),
  );

  async function makeLog(origin: string, log: number): Promise<OpenLedger> {
    const keys = join(folder, `keys-${log}`);
    mkdirSync(keys, { mode: 0o700 });
    const signer = openFileSigner({ keyHome: keys, dataHome: join(folder, "data"), origin, create: true });
    const { verifiers } = await signer;
    if (log === 1) writeFileSync(policy, `log ${verifiers.map(formatVkey).join("")}\nquorum none\n`);
    return openLedger({
      database: await openPostgres({ connectionString: server().connectionString }),
      signer: await signer,
      clock: { now: Date.now },
      random: randomBytes,
      origin,
      log,
      vault: sealedVault(openSubjectKeys(join(keys, "subjects"), randomBytes), randomBytes),
    });
  }

  function newId(): string {
    return formatUuid(uuidv7(Date.now(), randomBytes(10)));
  }

  function notes(count: number) {
    return Array.from({ length: count }, (_, n) => ({
      id: newId(),
      kind: "x.note" as const,
      who: { tenant: "local" },
      data: { n },
      private: { said: { content: Buffer.from(`words ${n}`), type: "text/plain", subject: `person-${n % 3}` } },
    }));
  }

  /** As a superuser can, past the triggers. */
  async function behindItsBack(sql: string): Promise<void> {
    await outside.write((tx) => tx.script(`SET LOCAL session_replication_role = replica; ${sql}`));
  }

  async function verified(...more: readonly string[]) {
    const printed: string[] = [];
    const args = [server().connectionString, "--policy", policy, "--json", ...more];
    const code = await runVerify(args, { out: (text) => printed.push(text), err: () => {}, now: Date.now, copyLog });
    return { code, ...(JSON.parse(printed.join("")) as { findings: object[]; notProven: string[]; size: number }) };
  }

  test("a good log passes, content sealed and erased included, and remembers", async () => {
    const since = join(folder, "since");
    const first = await verified("--since", since);
    expect(first).toMatchObject({ code: 0, findings: [], size: SIZE + 2 });
    expect(first.notProven.filter((what) => what.includes("sealed"))).toHaveLength(1);
    expect(await verified("--since", since, "--quick")).toMatchObject({ code: 0, findings: [] });
  });

  test.each([
    ["a changed body", "UPDATE writ.entry SET body = replace(body, 'x.note', 'x.nota') WHERE idx = 300", 300, 4],
    ["a deleted row", "DELETE FROM writ.entry WHERE idx = 400", 400, 4],
    ["a cut tail", "DELETE FROM writ.entry WHERE idx >= 550", 550, 4],
    ["private content that is gone", "DELETE FROM writ.private_content WHERE idx = 100", 100, 5],
    [
      "private content of another length",
      "UPDATE writ.private_content SET body = body || '\\x00' WHERE idx = 100",
      100,
      4,
    ],
    [
      "content back that an erasure names",
      "INSERT INTO writ.private_content SELECT log, 103, field, salt, body FROM writ.private_content WHERE idx = 102",
      103,
      4,
    ],
  ])("%s is found and placed", async (_, sql, index, code) => {
    await behindItsBack(sql);
    const { code: found, findings } = await verified();
    expect(found).toBe(code);
    expect(findings).toContainEqual(expect.objectContaining({ where: expect.objectContaining({ index }) }));
  });

  test("of several logs the origin chooses, and is asked for", async () => {
    await behindItsBack("INSERT INTO writ.meta VALUES (2, 'origin', 'acme.example/writ/other')");
    await expect(verified()).rejects.toMatchObject({ code: "USAGE", reason: expect.stringContaining(ORIGIN) });
    await expect(verified("--origin", "nobody")).rejects.toMatchObject({ code: "USAGE" });
    expect((await verified("--origin", ORIGIN)).code).toBe(0);
  });

  test("a role that may only read the tables is enough, and the copy is its user's alone", async () => {
    await behindItsBack(`CREATE ROLE reader LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA writ TO reader;
      GRANT SELECT ON ALL TABLES IN SCHEMA writ TO reader`);
    const address = server().connectionString.replace(/\/\/.*@/, "//reader:p@");
    const copy = await copyLog(address, undefined);
    expect(statSync(copy.path).mode & 0o777).toBe(0o600);
    copy.discard();
    expect(existsSync(copy.path)).toBe(false);
  });

  test("a wrong password, a database without a log, and none at all have their codes and show no password", async () => {
    const { connectionString } = server();
    const cases = [
      ["STORE_SETTINGS", connectionString.replace(/:[^:@]*@/, ":secret-word@")],
      ["STORE_STATEMENT", connectionString.replace(/postgres$/, "template1")],
      ["USAGE", connectionString.replace(/:[^:@]*@/, ":secret%ffword@")],
      ["STORE_LOST", `postgres://me:secret-word@127.0.0.1:${await freePort()}/none`],
    ] as const;
    for (const [code, address] of cases) {
      const error: unknown = await copyLog(address, undefined).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code });
      const { message, reason, next } = error as { message: string; reason: string; next: string };
      expect([message, reason, next].join(" ")).not.toContain(new URL(address).password);
    }
  });

  test("a number that no log has is no log", async () => {
    await behindItsBack("UPDATE writ.head SET size = 1::bigint << 60");
    await expect(verified()).rejects.toMatchObject({ code: "LEDGER_CORRUPT" });
  });

  test("two rows with one key are no log", async () => {
    await behindItsBack(`ALTER TABLE writ.entry DROP CONSTRAINT entry_pkey; DROP INDEX writ.entry_id;
      INSERT INTO writ.entry SELECT * FROM writ.entry WHERE idx = 5`);
    await expect(verified()).rejects.toMatchObject({ code: "LEDGER_CORRUPT" });
  });

  test("the command names the address without its password, and leaves no copy after Ctrl-C", async () => {
    const address = server().connectionString;
    const { password } = new URL(address);
    const temporary = join(folder, "temporary");
    mkdirSync(temporary);
    const options = { environment: { TMPDIR: temporary } };
    const good = await writ.run(["verify", address, "--policy", policy], options);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining(`127.0.0.1:${server().port}/postgres`) });
    expect(good.stdout + good.stderr).not.toContain(password);
    expect(readdirSync(temporary)).toEqual([]);
    await outside.write(async (tx) => {
      await tx.script("LOCK TABLE writ.entry IN ACCESS EXCLUSIVE MODE");
      const stopped = writ.start(["verify", address, "--policy", policy], options);
      while (readdirSync(temporary).length === 0) {
        await pause(20);
        await tx.get("SELECT 1 AS one");
      }
      stopped.child.kill("SIGINT");
      expect((await stopped.finished).code).not.toBe(0);
    });
    while (readdirSync(temporary).length > 0) await pause(20);
  });
});
