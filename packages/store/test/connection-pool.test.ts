import { describe, expect, test } from "vitest";

import { ConnectionPool } from "../src/connection-pool.ts";

interface Fake {
  readonly number: number;
  lost: boolean;
  closed: boolean;
}

function fakePool(options: { readonly max?: number; readonly idleMax?: number; readonly waitMsMax?: number } = {}) {
  const made: Fake[] = [];
  const state = { failing: false };
  const pool = new ConnectionPool<Fake>({
    open: async () => {
      if (state.failing) throw new Error("no server");
      const connection = { number: made.length, lost: false, closed: false };
      made.push(connection);
      return connection;
    },
    close: (connection) => (connection.closed = true),
    usable: (connection) => !connection.lost,
    max: 2,
    idleMax: 2,
    waitMsMax: 1000,
    ...options,
  });
  return { pool, made, state };
}

describe("a pool of connections", () => {
  test("opens no more than its bound and hands them on in order of arrival", async () => {
    const { pool, made } = fakePool();
    const [a, b] = [await pool.take(), await pool.take()];
    const order: string[] = [];
    const third = pool.take().then((connection) => (order.push("third"), connection));
    const fourth = pool.take().then((connection) => (order.push("fourth"), connection));
    pool.give(a);
    expect(await third).toBe(a);
    pool.give(b);
    expect(await fourth).toBe(b);
    expect(order).toEqual(["third", "fourth"]);
    expect(made).toHaveLength(2);
  });

  test("keeps some for the next caller and closes the rest", async () => {
    const { pool, made } = fakePool({ idleMax: 1 });
    const [a, b] = [await pool.take(), await pool.take()];
    pool.give(a);
    pool.give(b);
    expect(made.map(({ closed }) => closed)).toEqual([false, true]);
    expect(await pool.take()).toBe(a);
  });

  test("never hands out one that was lost, in use or idle", async () => {
    const { pool } = fakePool({ max: 1 });
    const first = await pool.take();
    const waiting = pool.take();
    first.lost = true;
    pool.give(first);
    const second = await waiting;
    expect([first.closed, second.number]).toEqual([true, 1]);
    pool.give(second);
    second.lost = true;
    expect((await pool.take()).number).toBe(2);
    expect(second.closed).toBe(true);
  });

  test("says STORE_BUSY to who waited too long, and serves the others", async () => {
    const { pool } = fakePool({ max: 1, waitMsMax: 30 });
    const only = await pool.take();
    await expect(pool.take()).rejects.toMatchObject({ code: "STORE_BUSY" });
    const next = pool.take();
    pool.give(only);
    expect(await next).toBe(only);
  });

  test("a failed opening takes no place", async () => {
    const { pool, state } = fakePool({ max: 1 });
    state.failing = true;
    for (let attempt = 0; attempt < 3; attempt++) await expect(pool.take()).rejects.toThrow("no server");
    state.failing = false;
    const only = await pool.take();
    const waiting = pool.take();
    state.failing = true;
    only.lost = true;
    pool.give(only);
    await expect(waiting).rejects.toThrow("no server");
    state.failing = false;
    expect((await pool.take()).number).toBe(1);
  });

  test("a closed one turns the waiting away and closes what comes back", async () => {
    const { pool, made } = fakePool({ max: 1 });
    const only = await pool.take();
    const waiting = pool.take();
    pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "STORE_CLOSED" });
    pool.give(only);
    expect(made.map(({ closed }) => closed)).toEqual([true]);
  });
});
