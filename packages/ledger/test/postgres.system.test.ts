import { setTimeout as pause } from "node:timers/promises";

import { describe, expect, test, vi } from "vitest";

import { isWritError, sha256 } from "@writ/canon";
import { describeWithPostgres, startPostgresProxy } from "@writ/testkit";
import type { Cut, PostgresServer } from "@writ/testkit";

import type { HeadSigner } from "../src/head-signer.ts";
import { postgresGrants } from "../src/postgres-grants.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { newEntry, newId } from "./ledger.ts";
import { startCluster } from "./postgres-cluster.ts";
import type { Cluster, NodeProcess } from "./postgres-cluster.ts";
import { checkHistory } from "./postgres-history.ts";
import type { Acknowledged } from "./postgres-history.ts";

/** Reads the whole log through a node that took no part, and checks it against what the others were told. */
async function check(cluster: Cluster, server: PostgresServer, acknowledged: readonly Acknowledged[]): Promise<number> {
  const { connectionString } = server;
  const reader = await cluster.open(connectionString);
  const database = await cluster.database(connectionString);
  const notes = await checkHistory(reader, database, cluster.signer, acknowledged);
  await reader.close();
  await database.close();
  return notes;
}

/** How long nodes append to one history, three minutes for the three in each run; and how often their server is killed. */
const APPENDING_MS = effort(60_000, 1_200_000);
const KILLS = effort(5, 200);

/** Far beyond what a busy machine needs: a wait that ends here has found something stuck. */
const PATIENCE = { timeout: 120_000, interval: 50 };

/** Resolves when each node has been told of another entry from now on. */
async function progress(nodes: readonly NodeProcess[]): Promise<void> {
  const before = nodes.map((node) => node.acknowledged.length);
  const fewest = () => Math.min(...nodes.map((node, at) => node.acknowledged.length - (before[at] ?? 0)));
  await vi.waitUntil(() => fewest() > 0, PATIENCE);
}

async function stopAll(nodes: readonly NodeProcess[]): Promise<readonly Acknowledged[]> {
  for (const node of nodes) node.tell("stop");
  await Promise.all(nodes.map((node) => node.ended));
  for (const node of nodes) expect(node.said).toEqual(["open", "closed"]);
  return nodes.flatMap((node) => node.acknowledged);
}

describeWithPostgres("a log on PostgreSQL", (server) => {
  const url = () => server().connectionString;

  // They mostly wait, and have logs of their own.
  describe.concurrent("nodes in processes of their own", { timeout: EFFORT_TIMEOUT_MS }, () => {
    test.for([1, 4, 8])("%d append to one history", async (count, { onTestFinished }) => {
      const cluster = await startCluster(onTestFinished);
      const nodes = await Promise.all(Array.from({ length: count }, () => cluster.spawn(url())));
      await Promise.all([pause(APPENDING_MS), progress(nodes)]);
      const acknowledged = await stopAll(nodes);
      const counts = nodes.map((node) => node.acknowledged.length);
      console.info(`${count} nodes: ${acknowledged.length} entries, by node ${counts.join(", ")}`);
      expect(await check(cluster, server(), acknowledged)).toBeGreaterThan(0);
    });

    test("one stops for ten seconds and another's clock goes back an hour: the others go on", async ({
      onTestFinished,
    }) => {
      const cluster = await startCluster(onTestFinished);
      const nodes = await Promise.all(Array.from({ length: 3 }, () => cluster.spawn(url())));
      const [paused, late] = nodes;
      if (paused === undefined || late === undefined) throw new Error("three nodes");
      await progress(nodes);
      paused.signal("SIGSTOP");
      late.tell("clock -3600000");
      const others = nodes.slice(1);
      await Promise.all([pause(10_000), progress(others).then(() => progress(others))]);
      paused.signal("SIGCONT");
      await progress(nodes);
      await check(cluster, server(), await stopAll(nodes));
    });
  });

  describe("under load", { timeout: EFFORT_TIMEOUT_MS }, () => {
    test("the server is killed again and again: what was acknowledged is there", async () => {
      const cluster = await startCluster();
      const nodes = await Promise.all(Array.from({ length: 4 }, () => cluster.spawn(url())));
      for (let round = 0; round < KILLS; round++) {
        await Promise.all([pause(1000), progress(nodes)]);
        await server().kill();
        await server().restart();
      }
      await progress(nodes);
      await check(cluster, server(), await stopAll(nodes));
    });

    test("a node is killed: what it was told is there, and the others go on", async () => {
      const cluster = await startCluster();
      const nodes = await Promise.all(Array.from({ length: 3 }, () => cluster.spawn(url())));
      await progress(nodes);
      const [victim, ...others] = nodes;
      victim?.signal("SIGKILL");
      await victim?.ended;
      await progress(others);
      const acknowledged = [...(await stopAll(others)), ...(victim?.acknowledged ?? [])];
      await check(cluster, server(), acknowledged);
    });
  });

  describe("a connection that is cut", () => {
    const cuts = (["request", "reply"] as const).flatMap((direction) =>
      [false, true].map((delivered) => ({ direction, delivered })),
    );
    test.each(cuts)("at each message ($direction, delivered: $delivered) loses and doubles nothing", async (kind) => {
      const cluster = await startCluster();
      const proxy = await startPostgresProxy(server().port);
      const node = await cluster.open(proxy.through(url()), { every: () => () => {} });
      const acknowledged: Acknowledged[] = [];
      let message = 0;
      for (let reached = true; reached;) {
        const cut: Cut = { ...kind, message: (message += 1) };
        proxy.arm(cut);
        const group = [newEntry(), newEntry()];
        const result = await node.append(group, { once: [`step:${message}`] });
        reached = proxy.cut;
        expect(result.ok).toBe(true);
        if (result.ok) acknowledged.push(...result.entries);
      }
      // Fewer would mean that the cut missed the statements it is about.
      expect(message).toBeGreaterThan(12);
      await node.close();
      await proxy.stop();
      await check(cluster, server(), acknowledged);
    });
  });

  describe("a database", () => {
    test("holds several logs that know nothing of each other", async () => {
      const [first, second] = [await startCluster(), await startCluster()];
      const one = await first.open(url());
      const database = await first.database(url());
      const two = await second.open(url(), { database, log: 2 });
      await Promise.all([one.append([newEntry()]), two.append([newEntry(), newEntry()])]);
      expect([(await one.head()).size, (await two.head()).size]).toEqual([2, 3]);
      expect(await two.find((await one.get(1))?.value.id ?? "")).toBe(undefined);
      await Promise.all([one.close(), two.close()]);
    });

    test("serves a role that can add entries and change none", async () => {
      const cluster = await startCluster();
      await (await cluster.open(url())).close();
      const owner = await cluster.database(url());
      const role = `node_${process.pid}`;
      await owner.write(async (tx) => {
        await tx.script(`CREATE ROLE ${role} LOGIN PASSWORD 'node'`);
        await tx.script(postgresGrants({ role, schema: cluster.schema }));
      });
      const asNode = url().replace(/\/\/[^@]+@/, `//${role}:node@`);
      const node = await cluster.open(asNode);
      const note = { content: Buffer.from("hello"), type: "text/plain", subject: "s1" };
      const entry = newEntry({ private: { note }, src: { id: "e", n: 0 } });
      expect(await node.append([entry], { once: ["g"], wait: "checkpoint" })).toMatchObject({ ok: true });
      const over = { rules: new Map([["x.test", 0]] as const), nowMs: Date.now() + 1_000 };
      expect(await node.planRetention(over)).toEqual([{ index: 1, field: "note" }]);
      const plan = await node.planErasure("s1");
      const order = { id: newId(), who: { tenant: "local" }, ground: "asked", approver: "a1" };
      expect(await node.erase(plan, order)).toMatchObject({ ok: true });
      const tables = await cluster.database(asNode);
      for (const sql of [
        "UPDATE entry SET body = body",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE tile SET hashes = hashes",
        "DELETE FROM head",
        "DELETE FROM guard",
        "UPDATE guard SET idx = 0",
        "DROP TRIGGER entry_stays ON entry",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "CREATE TABLE other (k bigint)",
      ])
        await expect(
          tables.write((tx) => tx.run(sql)),
          sql,
        ).rejects.toMatchObject({ code: "STORE_STATEMENT" });
      await Promise.all([node.close(), tables.close(), owner.close()]);
    });

    test.each(["Role", "a b", "x;y", ""])("grants are not written for the name `%s`", (role) => {
      const refused = expect.objectContaining({ code: "LEDGER_SETTINGS" });
      expect(() => postgresGrants({ role, schema: "s" })).toThrow(refused);
      expect(() => postgresGrants({ role: "r", schema: role })).toThrow(refused);
    });
  });

  describe("nodes of one log", () => {
    test("that make it at the same time make one log", async () => {
      const cluster = await startCluster();
      const logs = await Promise.all(Array.from({ length: 4 }, () => cluster.open(url())));
      const kinds: string[] = [];
      for await (const { value } of (logs[0] ?? expect.fail("a log")).read(0, 10)) kinds.push(value.kind);
      expect(kinds).toEqual(["ledger.opened"]);
      await Promise.all(logs.map((log) => log.close()));
    });

    test("claim a once-only fact exactly once", async () => {
      const cluster = await startCluster();
      const logs = await Promise.all(Array.from({ length: 4 }, () => cluster.open(url())));
      for (let round = 0; round < 10; round++) {
        const once = [`ticket:${round}:spent`];
        const results = await Promise.all(logs.map((log) => log.append([newEntry()], { once })));
        const winners = results.filter((result) => result.ok);
        expect(winners).toHaveLength(1);
        const holder = winners[0]?.ok === true ? winners[0].entries[0]?.index : undefined;
        for (const result of results)
          if (!result.ok) expect(result).toMatchObject({ code: "ALREADY_DONE", index: holder });
      }
      await Promise.all(logs.map((log) => log.close()));
    });

    test("that get the same entry write it once and answer alike", async () => {
      const cluster = await startCluster();
      const logs = await Promise.all(Array.from({ length: 3 }, () => cluster.open(url())));
      const entry = newEntry();
      const results = await Promise.all(logs.map((log) => log.append([entry])));
      const indexes = results.map((result) => (result.ok ? result.entries[0]?.index : result.code));
      expect(new Set(indexes).size).toBe(1);
      expect(results.filter((result) => result.ok && !result.duplicate)).toHaveLength(1);
      const changed = logs[0]?.append([{ ...entry, data: { step: 2 } }]);
      await expect(changed).rejects.toMatchObject({ code: "ID_REUSED" });
      await Promise.all(logs.map((log) => log.close()));
    });

    test("keep an emitter's entries in order, whichever node takes them", async () => {
      const cluster = await startCluster();
      const logs = await Promise.all([cluster.open(url()), cluster.open(url())]);
      for (let n = 0; n < 6; n++) {
        const log = logs[n % 2] ?? expect.fail("a log");
        expect(await log.append([newEntry({ src: { id: "emitter-1", n } })])).toMatchObject({ ok: true });
      }
      const early = logs[0]?.append([newEntry({ src: { id: "emitter-1", n: 7 } })]);
      await expect(early).rejects.toMatchObject({ code: "SEQUENCE_GAP", details: { expected: 6, actual: 7 } });
      await Promise.all(logs.map((log) => log.close()));
    });

    test("hear of each other's commits without asking", async () => {
      const cluster = await startCluster();
      const [writer, listener] = await Promise.all([
        cluster.open(url()),
        cluster.open(url(), { every: () => () => {} }),
      ]);
      const heard: number[] = [];
      listener.onCommit((size) => heard.push(size));
      const result = await writer.append([newEntry()]);
      await expect.poll(() => heard, PATIENCE).toEqual([result.ok ? result.size : 0]);
      await Promise.all([writer.close(), listener.close()]);
    });

    test("find each other's commits by looking when a notification was lost", async () => {
      const cluster = await startCluster();
      const proxy = await startPostgresProxy(server().port);
      const looks: (() => void)[] = [];
      const every = (_: number, work: () => void) => {
        looks.push(work);
        return () => {};
      };
      const listener = await cluster.open(proxy.through(url()), { every });
      const heard: number[] = [];
      listener.onCommit((size) => heard.push(size));
      const writer = await cluster.open(url(), { every: () => () => {} });
      proxy.cutAll();
      const result = await writer.append([newEntry()]);
      const lookAndTell = () => {
        for (const look of looks) look();
        return heard;
      };
      await expect.poll(lookAndTell, PATIENCE).toEqual([result.ok ? result.size : 0]);
      await Promise.all([writer.close(), listener.close()]);
      await proxy.stop();
    });

    test("append while a signer thinks", async () => {
      const cluster = await startCluster();
      const { signer } = cluster;
      const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const slow: HeadSigner = {
        ...signer,
        sign: async (head) => {
          asked.resolve();
          await answer.promise;
          return signer.sign(head);
        },
      };
      const every = () => () => {};
      const [thinking, quick] = await Promise.all([
        cluster.open(url(), { signer: slow, every }),
        cluster.open(url(), { every }),
      ]);
      const note = thinking.checkpoint();
      await asked.promise;
      for (let n = 0; n < 5; n++) expect(await quick.append([newEntry()])).toMatchObject({ ok: true });
      answer.resolve();
      // The server gives up a signature that takes seconds, as it may here on a busy machine; then it is asked for again.
      const size = async (text: Promise<string>) => signer.read(await text.catch(() => ""))?.size ?? 0;
      const first = await size(note);
      await expect.poll(async () => first || size(thinking.checkpoint()), PATIENCE).toBeGreaterThan(0);
      const both = await Promise.all([thinking, quick].map((log) => log.append([newEntry()], { wait: "checkpoint" })));
      for (const result of both) expect(result.ok && signer.read(result.checkpoint ?? "") !== undefined).toBe(true);
      await Promise.all([thinking.close(), quick.close()]);
      await check(cluster, server(), []);
    });

    test("that rest sign their head again every ten minutes", async () => {
      const cluster = await startCluster();
      const looks: (() => void)[] = [];
      const every = (ms: number, work: () => void) => {
        if (ms === 1000) looks.push(work);
        return () => {};
      };
      let signed = 0;
      const counting: HeadSigner = {
        ...cluster.signer,
        sign: (head) => {
          signed += 1;
          return cluster.signer.sign(head);
        },
      };
      const log = await cluster.open(url(), { every, signer: counting });
      const [look] = looks;
      const lookFor = async (turns: number) => {
        for (let turn = 0; turn < turns; turn++) {
          look?.();
          await pause(2);
        }
      };
      await lookFor(300);
      await expect.poll(() => signed, PATIENCE).toBe(1);
      await expect.poll(async () => (await lookFor(100), signed), { ...PATIENCE, interval: 1 }).toBe(2);
      await log.close();
    });

    test("stop when the signer knows another history", async () => {
      const cluster = await startCluster();
      const log = await cluster.open(url());
      await log.append([newEntry()]);
      cluster.signer.sign({ size: 1000, root: new Uint8Array(32).fill(7) });
      const code = () =>
        log.append([newEntry()]).then(
          () => "taken",
          (error: unknown) => (isWritError(error) ? error.code : "untyped"),
        );
      await expect.poll(code, PATIENCE).toBe("SIGNER_REFUSED");
      expect(await log.status()).toMatchObject({ readOnly: { code: "SIGNER_REFUSED" } });
      await log.close();
      const restored = await cluster.open(url());
      expect(await restored.status()).toMatchObject({ readOnly: { code: "ROLLBACK_DETECTED" } });
      await restored.close();
    });

    test("publish checkpoints once a second, one of them for all", async () => {
      const cluster = await startCluster();
      const looks: (() => void)[] = [];
      const every = (ms: number, work: () => void) => {
        if (ms === 1000) looks.push(work);
        return () => {};
      };
      const logs = await Promise.all([cluster.open(url(), { every }), cluster.open(url(), { every })]);
      expect(looks).toHaveLength(2);
      const database = await cluster.database(url());
      const sizes = async () => {
        for (const look of looks) look();
        return (await database.read((tx) => tx.all("SELECT size FROM checkpoint ORDER BY size"))).map(
          ({ size }) => size,
        );
      };
      const acknowledged: Acknowledged[] = [];
      const expected = [1];
      await expect.poll(sizes, PATIENCE).toEqual(expected);
      for (let second = 0; second < 4; second++) {
        for (let n = 0; n < 6; n++) {
          const result = await (logs[n % 2] ?? expect.fail("a log")).append([newEntry()]);
          if (result.ok) acknowledged.push(...result.entries);
        }
        expected.push(1 + acknowledged.length);
        await expect.poll(sizes, PATIENCE).toEqual(expected);
      }
      expect(await check(cluster, server(), acknowledged)).toBe(expected.length);
      await Promise.all(logs.map((log) => log.close()));
    });

    test("give up the lock of the log when they close, before `close` resolves", async () => {
      const cluster = await startCluster();
      const other = await cluster.database(url());
      const key = Buffer.from(sha256(cluster.signer.name)).readUIntBE(0, 6);
      for (let round = 0; round < 5; round++) {
        const looks: (() => void)[] = [];
        const log = await cluster.open(url(), { every: (_, work) => (looks.push(work), () => {}) });
        if (round > 0) {
          const isTaken = async () => {
            for (const look of looks) look();
            const lock = await other.nodes.tryAdvisoryLock(key);
            await lock?.release();
            return lock === undefined;
          };
          await expect.poll(isTaken, PATIENCE).toBe(true);
        }
        // Without a wait, a look is under way that is about to take it.
        for (const look of looks) look();
        await log.close();
        const lock = await other.nodes.tryAdvisoryLock(key);
        expect(lock?.held).toBe(true);
        await lock?.release();
      }
      await other.close();
    });

    test("publish in the place of one that holds the lock and does nothing", async () => {
      const cluster = await startCluster();
      const idler = await cluster.database(url());
      const key = Buffer.from(sha256(cluster.signer.name)).readUIntBE(0, 6);
      expect((await idler.nodes.tryAdvisoryLock(key))?.held).toBe(true);
      const log = await cluster.open(url());
      await log.append([newEntry()]);
      const newest = () => idler.read((tx) => tx.get("SELECT max(size) AS size FROM checkpoint"));
      await expect.poll(newest, PATIENCE).toEqual({ size: 2 });
      await Promise.all([log.close(), idler.close()]);
    });

    test("sign for whoever waits for a checkpoint, on any node", async () => {
      const cluster = await startCluster();
      const logs = await Promise.all([cluster.open(url()), cluster.open(url())]);
      const appends = Array.from({ length: 20 }, (_, n) =>
        (logs[n % 2] ?? expect.fail("a log")).append([newEntry()], { wait: "checkpoint" }),
      );
      for (const result of await Promise.all(appends)) {
        const note = result.ok ? result.checkpoint : undefined;
        const index = result.ok ? (result.entries[0]?.index ?? 0) : 0;
        expect(cluster.signer.read(note ?? "")?.size).toBeGreaterThan(index);
      }
      await check(cluster, server(), []);
      await Promise.all(logs.map((log) => log.close()));
    });
  });
});
