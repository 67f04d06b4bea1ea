import { storeError } from "@writ/store";
import { faultyDatabase } from "@writ/testkit";
import { afterEach, describe, expect, test } from "vitest";

import type { Execution } from "../src/index.ts";
import { agent, anna, bert, command, openHouse, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House | undefined;

afterEach(async () => {
  await house?.close().catch(() => {});
  house = undefined;
});

/** A log whose writes fail from the moment the switch is on. */
async function brittle(apply: boolean, run: (execution: Execution) => Promise<never>) {
  const broken = { on: false };
  const error = storeError({ code: "STORE_IO", message: "the disk is gone" });
  house = await openHouse({
    execution: { sandboxed: true, run },
    wrapLog: (database) => faultyDatabase(database, () => (broken.on ? { apply, error } : undefined)),
  });
  return { engine: house.engine, broken };
}

describe.each([
  ["does not persist", false],
  ["persists, and reports a failure", true],
])("while the log %s", (_how, apply) => {
  test.each([
    "propose",
    "check",
    "approve",
    "reject",
    "complete",
    "ticket",
    "redeem",
    "run",
    "governance",
    "token",
  ] as const)("%s is refused, and nothing starts", async (step) => {
    let started = 0;
    const { engine, broken } = await brittle(apply, () => {
      started += 1;
      return Promise.reject(new Error("started"));
    });
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const held = await engine.propose(agent, words("Transfer 1 SOL"));
    const open = await engine.propose(agent, command(["ls"]));
    const other = await engine.propose(agent, command(["ls", "-a"]));
    const ticket = await engine.issueTicket(agent, other.id, { mode: "dry" });
    broken.on = true;
    const steps: Record<typeof step, () => Promise<unknown>> = {
      propose: () => engine.propose(agent, words("read the page")),
      check: () => engine.check(agent, words("read the page")),
      approve: () => engine.approve(bert, held.id),
      reject: () => engine.reject(bert, held.id),
      complete: () => engine.complete(agent, open.id, { outcome: "done" }),
      ticket: () => engine.issueTicket(agent, open.id, { mode: "dry" }),
      redeem: () => engine.redeem(anna, { ticketId: ticket.id, actionDigest: ticket.action_digest }),
      run: () => engine.run(agent, open.id, { mode: "dry" }),
      governance: () => engine.setGovernance(anna, { posture: "OFFENSE" }),
      token: () => engine.createToken(anna, { role: "agent" }),
    };
    await expect(steps[step]()).rejects.toMatchObject({ code: expect.stringMatching(/^(?:LEDGER|STORE)_/u) });
    expect(started).toBe(0);
  });
});

describe("status", () => {
  test("tries the log itself, and says why it takes nothing and what to do", async () => {
    const full = { on: false };
    const error = storeError({ code: "STORE_FULL", message: "made to fail" });
    house = await openHouse({
      wrapLog: (database) => faultyDatabase(database, () => (full.on ? { apply: false, error } : undefined)),
    });
    const { engine } = house;
    full.on = true;
    const told = await engine.status(anna);
    expect(told).toMatchObject({ writable: false, not_writable: { code: "LEDGER_FULL" } });
    expect(told.not_writable?.next).not.toBe("");
    await expect(engine.propose(agent, words("read the page"))).rejects.toMatchObject({ code: "LEDGER_FULL" });
    full.on = false;
    await expect.poll(() => engine.status(anna), { timeout: 20_000 }).toMatchObject({ writable: true });
    await engine.propose(agent, words("read the page"));
  });
});

describe("after a crash", () => {
  test("what was answered is there, and held, released and open actions go on", async () => {
    house = await openHouse();
    await house.engine.setGovernance(anna, { posture: "DEFENSE" });
    const held = await house.engine.propose(agent, words("Transfer 1 SOL"));
    const released = await house.engine.propose(agent, words("Transfer 2 SOL"));
    await house.engine.approve(bert, released.id);
    const before = await Promise.all([held, released].map(({ id }) => house!.engine.getAction(anna, id)));
    house = await house.crash();
    const after = await Promise.all([held, released].map(({ id }) => house!.engine.getAction(anna, id)));
    expect(after).toEqual(before);
    expect(await house.engine.complete(agent, released.id, { outcome: "done" })).toMatchObject({ state: "executed" });
    expect(await house.engine.approve(bert, held.id)).toMatchObject({ state: "released" });
  });

  test("a redeemed ticket is shown as unfinished, cannot be redeemed again, and is settled by the operator", async () => {
    house = await openHouse();
    await house.engine.setGovernance(anna, { posture: "OFFENSE" });
    const { id, digest } = await house.engine.propose(agent, command());
    const ticket = await house.engine.issueTicket(agent, id, { mode: "dry" });
    const { intent } = await house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
    house = await house.crash();
    const { engine } = house;
    expect(await engine.unfinished(anna)).toMatchObject([
      { action_id: id, ticket_id: ticket.id, intent, overdue: false, summary: "ls -l" },
    ]);
    expect(await engine.status(anna)).toMatchObject({ unfinished: 1 });
    await expect(engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest })).rejects.toMatchObject({
      code: "TICKET_SPENT",
    });
    await expect(engine.recover(agent)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await engine.recover(anna)).toEqual([]);
    house.clock.ms += 900_000 + 30_000;
    expect(await engine.unfinished(anna)).toMatchObject([{ overdue: true }]);
    expect(await engine.recover(anna)).toMatchObject([
      { id, state: "failed", receipt: { outcome: "unfinished" }, agreement: "unfinished" },
    ]);
    expect(await engine.unfinished(anna)).toEqual([]);
    await expect(engine.recover(anna, { ticketId: ticket.id })).rejects.toMatchObject({ code: "RECEIPT_REFUSED" });
  });

  test("an operator may settle one run at once, by its ticket", async () => {
    house = await openHouse();
    await house.engine.setGovernance(anna, { posture: "OFFENSE" });
    const { id, digest } = await house.engine.propose(agent, command());
    const ticket = await house.engine.issueTicket(agent, id, { mode: "dry" });
    await house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
    house = await house.crash();
    expect(await house.engine.recover(anna, { ticketId: ticket.id })).toMatchObject([{ id, state: "failed" }]);
  });

  test("views that lag behind the log catch up at the start", async () => {
    house = await openHouse();
    const { id } = await house.engine.propose(agent, words("read the page"));
    await house.views.write(async (tx) => {
      for (const table of ["view_action", "view_entry", "view_fact", "view_ticket"])
        await tx.run(`DELETE FROM ${table}`);
      await tx.run("UPDATE view_position SET position = 0, clock_ms = 0");
    });
    house = await house.crash();
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "open" });
  });

  test("views that are ahead of the log, or of other rules, are made anew", async () => {
    house = await openHouse();
    const { id } = await house.engine.propose(agent, words("read the page"));
    await house.views.write((tx) => tx.run("UPDATE view_position SET position = position + 7"));
    house = await house.crash();
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "open" });
    await house.views.write((tx) => tx.run("UPDATE view_position SET fold = 0"));
    house = await house.crash();
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "open" });
  });
});
