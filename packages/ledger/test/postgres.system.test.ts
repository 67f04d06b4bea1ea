import { setTimeout as pause } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { isWritError, sha256 } from "@writ/canon";
import { describeWithPostgres, startPostgresProxy } from "@writ/testkit";
import type { Cut, PostgresServer } from "@writ/testkit";

import type { HeadSigner } from "../src/head-signer.ts";
import { postgresGrants } from "../src/postgres-grants.ts";
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

async function stopAll(nodes: readonly NodeProcess[]): Promise<readonly Acknowledged[]> {
  for (const node of nodes) node.tell("stop");
  await Promise.all(nodes.map((node) => node.ended));
  for (const node of nodes) expect(node.said).toEqual(["open", "closed"]);
  return nodes.flatMap((node) => node.acknowledged);
}

describeWithPostgres("a log on PostgreSQL", (server) => {
  const url = () => server().connectionString;

  describe("nodes in processes of their own", () => {
    test.each([1, 4, 8])("%d append to one history", async (count) => {
      const cluster = await startCluster();
      const nodes = await Promise.all(Array.from({ length: count }, () => cluster.spawn(url())));
      await pause(2500);
      const acknowledged = await stopAll(nodes);
      const counts = nodes.map((node) => node.acknowledged.length);
      console.info(`${count} nodes: ${acknowledged.length} entries in 2.5 s, by node ${counts.join(", ")}`);
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(await check(cluster, server(), acknowledged)).toBeGreaterThan(0);
      await cluster.end();
    });

    test("one stops for ten seconds and another's clock goes back an hour: the others go on", async () => {
      const cluster = await startCluster();
      const nodes = await Promise.all(Array.from({ length: 3 }, () => cluster.spawn(url())));
      const [paused, late] = nodes;
      if (paused === undefined || late === undefined) throw new Error("three nodes");
      await pause(500);
      paused.signal("SIGSTOP");
      late.tell("clock -3600000");
      await pause(5000);
      const before = late.acknowledged.length;
      await pause(5000);
      expect(late.acknowledged.length).toBeGreaterThan(before);
      const slept = paused.acknowledged.length;
      paused.signal("SIGCONT");
      await pause(1500);
      expect(paused.acknowledged.length).toBeGreaterThan(slept);
      await check(cluster, server(), await stopAll(nodes));
      await cluster.end();
    });

    test("the server is killed twice under load: what was acknowledged is there", async () => {
      const cluster = await startCluster();
      const nodes = await Promise.all(Array.from({ length: 4 }, () => cluster.spawn(url())));
      for (let round = 0; round < 2; round++) {
        await pause(1000);
        await server().kill();
        await server().restart();
      }
      await pause(1500);
      await check(cluster, server(), await stopAll(nodes));
      await cluster.end();
    });

    test("a node is killed under load: what it was told is there, and the others go on", async () => {
      const cluster = await startCluster();
      const nodes = await Promise.all(Array.from({ length: 3 }, () => cluster.spawn(url())));
      await pause(700);
      const [victim, ...others] = nodes;
      victim?.signal("SIGKILL");
      await victim?.ended;
      const before = others.map((node) => node.acknowledged.length);
      await pause(1000);
      others.forEach((node, position) => expect(node.acknowledged.length).toBeGreaterThan(before[position] ?? 0));
      const acknowledged = [...(await stopAll(others)), ...(victim?.acknowledged ?? [])];
      await check(cluster, server(), acknowledged);
      await cluster.end();
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
      await cluster.end();
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
      await Promise.all([first.end(), second.end()]);
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
      await cluster.end();
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
      await cluster.end();
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
      await cluster.end();
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
      await cluster.end();
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
      await cluster.end();
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
      await expect.poll(() => heard, { timeout: 2000 }).toEqual([result.ok ? result.size : 0]);
      await Promise.all([writer.close(), listener.close()]);
      await cluster.end();
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
      for (const look of looks) look();
      await expect.poll(() => heard, { timeout: 3000 }).toEqual([result.ok ? result.size : 0]);
      await Promise.all([writer.close(), listener.close()]);
      await proxy.stop();
      await cluster.end();
    });

    test("append while a signer thinks", async () => {
      const cluster = await startCluster();
      const { signer } = cluster;
      const slow: HeadSigner = {
        ...signer,
        sign: async (head) => {
          await pause(1500);
          return signer.sign(head);
        },
      };
      const [thinking, quick] = await Promise.all([cluster.open(url(), { signer: slow }), cluster.open(url())]);
      const note = thinking.checkpoint();
      let longest = 0;
      for (const until = performance.now() + 1200; performance.now() < until;) {
        const started = performance.now();
        await quick.append([newEntry()]);
        longest = Math.max(longest, performance.now() - started);
      }
      expect(longest).toBeLessThan(1000);
      expect(signer.read(await note)?.size).toBeGreaterThan(0);
      const both = await Promise.all([thinking, quick].map((log) => log.append([newEntry()], { wait: "checkpoint" })));
      for (const result of both) expect(result.ok && signer.read(result.checkpoint ?? "") !== undefined).toBe(true);
      await Promise.all([thinking.close(), quick.close()]);
      await check(cluster, server(), []);
      await cluster.end();
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
      await expect.poll(() => signed).toBe(1);
      await expect.poll(async () => (await lookFor(100), signed), { timeout: 30_000, interval: 1 }).toBe(2);
      await log.close();
      await cluster.end();
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
      await expect.poll(code, { timeout: 5000, interval: 100 }).toBe("SIGNER_REFUSED");
      expect(await log.status()).toMatchObject({ readOnly: { code: "SIGNER_REFUSED" } });
      await log.close();
      const restored = await cluster.open(url());
      expect(await restored.status()).toMatchObject({ readOnly: { code: "ROLLBACK_DETECTED" } });
      await restored.close();
      await cluster.end();
    });

    test("publish checkpoints, one at a time and about once a second", async () => {
      const cluster = await startCluster();
      const logs = await Promise.all([cluster.open(url()), cluster.open(url())]);
      const until = Date.now() + 3500;
      const acknowledged: Acknowledged[] = [];
      for (let n = 0; Date.now() < until; n++) {
        const result = await (logs[n % 2] ?? expect.fail("a log")).append([newEntry()]);
        if (result.ok) acknowledged.push(...result.entries);
      }
      const notes = await check(cluster, server(), acknowledged);
      expect(notes).toBeGreaterThanOrEqual(2);
      expect(notes).toBeLessThanOrEqual(6);
      await Promise.all(logs.map((log) => log.close()));
      await cluster.end();
    });

    test("publish in the place of one that holds the lock and does nothing", async () => {
      const cluster = await startCluster();
      const idler = await cluster.database(url());
      const key = Buffer.from(sha256(cluster.signer.name)).readUIntBE(0, 6);
      expect((await idler.nodes.tryAdvisoryLock(key))?.held).toBe(true);
      const log = await cluster.open(url());
      await log.append([newEntry()]);
      const newest = () => idler.read((tx) => tx.get("SELECT max(size) AS size FROM checkpoint"));
      await expect.poll(newest, { timeout: 10_000, interval: 200 }).toEqual({ size: 2 });
      await Promise.all([log.close(), idler.close()]);
      await cluster.end();
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
      await cluster.end();
    });
  });
});
