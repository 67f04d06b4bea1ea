import { setTimeout as pause } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { describeWithPostgres, startPostgres, startPostgresProxy } from "@writ/testkit";
import type { Cut } from "@writ/testkit";

import { openPostgres } from "@writ/store";
import type { Database, PostgresOptions } from "@writ/store";

import { storeSuite } from "./suite.ts";

/** Far beyond what a busy machine needs: a wait that ends here has found something stuck. */
const PATIENCE = { timeout: 60_000, interval: 20 };
const TABLE = "CREATE TABLE IF NOT EXISTS t (k bigint PRIMARY KEY)";
const ADD = "INSERT INTO t (k) VALUES (?)";
const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : error);

describeWithPostgres("postgres", (server) => {
  let schemas = 0;
  const newSchema = () => `s${process.pid}_${(schemas += 1)}`;
  const url = () => server().connectionString;
  const open = (options: PostgresOptions = {}) =>
    openPostgres({ connectionString: url(), schema: newSchema(), ...options });

  storeSuite("the store suite", async () => {
    const schema = newSchema();
    return { open: () => open({ schema }), openAgain: () => open({ schema }) };
  });

  describe("settings", () => {
    test("are read back from the server", async () => {
      const database = await open();
      expect(await database.settings()).toMatchObject({
        fsync: "on",
        full_page_writes: "on",
        synchronous_commit: "on",
        replica: "off",
        server_encoding: "UTF8",
      });
      await database.close();
    });

    test("that lose commits are refused, also when the connection string asks for them", async () => {
      const lossy = `${url()}?options=-c%20synchronous_commit%3Doff`;
      await expect(open({ connectionString: lossy })).rejects.toMatchObject({ code: "STORE_SETTINGS" });
    });

    test.each(["fsync", "full_page_writes"])("a server with %s off is refused", async (name) => {
      const careless = await startPostgres({ settings: { [name]: "off" } });
      try {
        const opened = open({ connectionString: careless.connectionString });
        await expect(opened).rejects.toMatchObject({ code: "STORE_SETTINGS", details: { name, found: "off" } });
      } finally {
        await careless.stop();
      }
    });

    test("a wrong password or database is said as such", async () => {
      const wrongPassword = url().replace(/:[0-9a-f]+@/, ":wrong@");
      await expect(open({ connectionString: wrongPassword })).rejects.toMatchObject({
        code: "STORE_SETTINGS",
        reason: "the server refuses this user or password",
      });
      const wrongName = url().replace(/postgres$/, "nowhere");
      await expect(open({ connectionString: wrongName })).rejects.toMatchObject({
        code: "STORE_SETTINGS",
        reason: "the server has no database of this name",
      });
      const noPassword = url().replace(/:[0-9a-f]+@/, "@");
      await expect(open({ connectionString: noPassword })).rejects.toMatchObject({
        reason: "the server refuses this user or password",
      });
    });

    test.each(["Upper", "a b", "a;drop", "", "é"])("`%s` is not taken for a schema", async (schema) => {
      await expect(open({ schema })).rejects.toMatchObject({ code: "STORE_VALUE" });
    });

    test("many that make one schema at once all succeed", async () => {
      const schema = newSchema();
      const all = await Promise.all(Array.from({ length: 8 }, () => open({ schema })));
      await Promise.all(all.map((database) => database.close()));
    });
  });

  describe("the connection", () => {
    test("refused at first is STORE_LOST, and says where, not with which password", async () => {
      const refused = await open({ connectionString: "postgres://x:hunter2@127.0.0.1:1/x" }).catch((error) => error);
      expect(refused).toMatchObject({
        code: "STORE_LOST",
        reason: "no server answers at `127.0.0.1 port 1`: ECONNREFUSED",
      });
      expect(JSON.stringify(Object.values(refused as object))).not.toContain("hunter2");
    });

    test("that comes back serves again after the server was killed", async () => {
      const database = await open();
      await database.write((tx) => tx.script(TABLE));
      await server().kill();
      const refused = await database.write((tx) => tx.run(ADD, [1])).catch(codeOf);
      expect(refused).toBe("STORE_LOST");
      await server().restart();
      await expect.poll(() => database.write((tx) => tx.run(ADD, [2])).catch(codeOf), PATIENCE).toBe(1);
      expect(await database.read((tx) => tx.all("SELECT k FROM t"))).toEqual([{ k: 2 }]);
      await database.close();
    });

    const kinds = (["request", "reply"] as const).flatMap((direction) =>
      [false, true].map((delivered) => ({ direction, delivered })),
    );
    test.each(kinds)("cut at each message ($direction, delivered: $delivered) tells what is known", async (kind) => {
      const proxy = await startPostgresProxy(server().port);
      const database = await open({ connectionString: proxy.through(url()), poolSize: 1 });
      await database.write((tx) => tx.script(TABLE));
      const codes = new Set<unknown>();
      for (let message = 1; ; message++) {
        const cut: Cut = { ...kind, message };
        await database.write((tx) => tx.run("DELETE FROM t WHERE k = 0"));
        proxy.arm(cut);
        const outcome = await database.write((tx) => tx.run(ADD, [message])).catch(codeOf);
        if (!proxy.cut) break;
        codes.add(outcome);
        // A server that lost its client rolls back a moment later.
        await pause(20);
        const there = (await database.read((tx) => tx.get("SELECT k FROM t WHERE k = ?", [message]))) !== undefined;
        if (outcome === 1) expect(there).toBe(true);
        else if (outcome === "STORE_LOST") expect(there).toBe(false);
        else expect(outcome).toBe("STORE_OUTCOME_UNKNOWN");
      }
      expect(codes).toContain("STORE_LOST");
      expect(codes).toContain("STORE_OUTCOME_UNKNOWN");
      await database.close();
      await proxy.stop();
    });

    test("cut in the middle of a long read ends it with STORE_LOST", async () => {
      const proxy = await startPostgresProxy(server().port);
      const database = await open({ connectionString: proxy.through(url()) });
      const read = (async () => {
        let seen = 0;
        for await (const row of database.iterate("SELECT n FROM generate_series(1, 100000) AS n ORDER BY n"))
          if ((seen += Number(row["n"] !== null)) === 2000) proxy.cutAll();
        return seen;
      })();
      await expect(read).rejects.toMatchObject({ code: "STORE_LOST" });
      await database.close();
      await proxy.stop();
    });

    test("of a writer that pauses inside its transaction is ended, so that others get the row", async () => {
      const schema = newSchema();
      const [sleeper, other] = [await open({ schema }), await open({ schema })];
      await sleeper.write((tx) => tx.script(`${TABLE}; INSERT INTO t VALUES (1)`));
      const lock = "SELECT k FROM t WHERE k = 1 FOR UPDATE";
      const asleep = sleeper.write(async (tx) => {
        await tx.get(lock);
        await pause(4500);
        return tx.run(ADD, [2]);
      });
      await pause(100);
      // On a busy server the end of the sleeper may take longer than the other waits at a time.
      await expect.poll(() => other.write((tx) => tx.get(lock)).catch(codeOf), PATIENCE).toEqual({ k: 1 });
      await expect(asleep).rejects.toMatchObject({ code: "STORE_LOST" });
      await Promise.all([sleeper.close(), other.close()]);
    });
  });

  describe("transactions in each other's way", () => {
    test("a deadlock is STORE_BUSY for one of the two", async () => {
      const database = await open();
      await database.write((tx) => tx.script(`${TABLE}; INSERT INTO t VALUES (1), (2)`));
      const both = Promise.withResolvers<void>();
      let locked = 0;
      const lockBoth = (first: number, second: number) =>
        database.write(async (tx) => {
          await tx.get("SELECT k FROM t WHERE k = ? FOR UPDATE", [first]);
          if (++locked === 2) both.resolve();
          await both.promise;
          await tx.get("SELECT k FROM t WHERE k = ? FOR UPDATE", [second]);
          return "done";
        });
      const outcomes = await Promise.all([lockBoth(1, 2).catch(codeOf), lockBoth(2, 1).catch(codeOf)]);
      expect(outcomes.toSorted()).toEqual(["STORE_BUSY", "done"]);
      await database.close();
    });

    test("a row that stays locked is STORE_BUSY in four seconds", async () => {
      const database = await open();
      await database.write((tx) => tx.script(`${TABLE}; INSERT INTO t VALUES (1)`));
      const lock = "SELECT k FROM t WHERE k = 1 FOR UPDATE";
      const holding = Promise.withResolvers<void>();
      const answered = new AbortController();
      const holder = database.write(async (tx) => {
        while (!answered.signal.aborted) {
          await tx.get(lock);
          holding.resolve();
          await pause(200);
        }
      });
      await holding.promise;
      await expect(database.write((tx) => tx.get(lock))).rejects.toMatchObject({ code: "STORE_BUSY" });
      answered.abort();
      await holder;
      await database.close();
    });

    test("more at once than the pool has connections wait for their turn", async () => {
      const database = await open({ poolSize: 2 });
      await database.write((tx) => tx.script(TABLE));
      const write = (k: number) => database.write((tx) => tx.run(ADD, [k]));
      await Promise.all(Array.from({ length: 200 }, (_, k) => write(k)));
      expect(await database.read((tx) => tx.get("SELECT count(*) AS n FROM t"))).toEqual({ n: 200 });
      await database.close();
    });
  });

  describe("nodes", () => {
    test("hear what was committed, and nothing else", async () => {
      const schema = newSchema();
      const [speaker, listener] = [await open({ schema }), await open({ schema })];
      const heard: (string | undefined)[] = [];
      const stop = await listener.nodes.listen("Some Channel", (payload) => heard.push(payload));
      const say = (payload: string, then: () => void) =>
        speaker.write(async (tx) => {
          await speaker.nodes.notify(tx, "Some Channel", payload);
          then();
        });
      await say("one", () => {});
      await say("never", () => {
        throw new Error("rolled back");
      }).catch(() => {});
      await say("two", () => {});
      await expect.poll(() => heard, PATIENCE).toEqual(["one", "two"]);
      await stop();
      await say("late", () => {});
      await pause(100);
      expect(heard).toEqual(["one", "two"]);
      const tooLong = say("x".repeat(8000), () => {});
      await expect(tooLong).rejects.toMatchObject({ code: "STORE_VALUE" });
      await Promise.all([speaker.close(), listener.close()]);
    });

    test("hear that something may have been missed after their connection was lost", async () => {
      const proxy = await startPostgresProxy(server().port);
      const database = await open({ connectionString: proxy.through(url()) });
      const heard: (string | undefined)[] = [];
      await database.nodes.listen("c", (payload) => heard.push(payload));
      proxy.cutAll();
      await expect.poll(() => heard, PATIENCE).toEqual([undefined]);
      await expect
        .poll(() => database.write((tx) => database.nodes.notify(tx, "c", "again")).catch(codeOf), PATIENCE)
        .toBe(undefined);
      await expect.poll(() => heard, PATIENCE).toEqual([undefined, "again"]);
      await database.close();
      await proxy.stop();
    });

    test("take an advisory lock one at a time", async () => {
      const [a, b]: (Database & Awaited<ReturnType<typeof open>>)[] = [await open(), await open()];
      if (a === undefined || b === undefined) throw new Error("two");
      const key = 2 ** 47 + process.pid;
      const lock = await a.nodes.tryAdvisoryLock(key);
      expect(lock?.held).toBe(true);
      expect(await b.nodes.tryAdvisoryLock(key)).toBe(undefined);
      expect(await b.nodes.tryAdvisoryLock(key)).toBe(undefined);
      await lock?.release();
      expect((await b.nodes.tryAdvisoryLock(key))?.held).toBe(true);
      await Promise.all([a.close(), b.close()]);
      const again = await open();
      await expect.poll(async () => (await again.nodes.tryAdvisoryLock(key))?.held, PATIENCE).toBe(true);
      await again.close();
    });

    test("know that a lock is gone with its connection", async () => {
      const proxy = await startPostgresProxy(server().port);
      const database = await open({ connectionString: proxy.through(url()) });
      const lock = await database.nodes.tryAdvisoryLock(2 ** 46 + process.pid);
      expect(lock?.held).toBe(true);
      proxy.cutAll();
      await expect.poll(() => lock?.held, PATIENCE).toBe(false);
      await database.close();
      await proxy.stop();
    });
  });
});
