import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkLease, type Receipt } from "@writ/kernel";

import type { Execution, ExecutionPort, RedeemedTicket } from "../src/index.ts";
import { agent, anna, bert, command, NOON, openHouse } from "./support/house.ts";
import type { House } from "./support/house.ts";
import { dryReceipt } from "./support/receipt.ts";
import type { NewEntry, OpenLedger } from "@writ/ledger";

let house: House;

beforeEach(async () => {
  house = await openHouse();
  await house.engine.setGovernance(anna, { posture: "OFFENSE" });
});
afterEach(() => house.close());

function receiptFor({ ticket, intent }: Pick<RedeemedTicket, "ticket" | "intent">, id = 1): Receipt {
  return dryReceipt(ticket, intent, `019a9d2a-0000-7000-8000-00000000000${String(id)}`);
}

async function redeemed(): Promise<RedeemedTicket> {
  const { id, digest } = await house.engine.propose(agent, command());
  const ticket = await house.engine.issueTicket(agent, id, { mode: "dry" });
  return house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
}

const LEASE_STALE = { code: "LEASE_STALE" };

describe("a redeemed ticket", () => {
  test("is a lease for exactly its run, until the deadline, under the first fence", async () => {
    const { ticket, intent, deadline, lease } = await redeemed();
    expect(lease).toEqual({
      schema: "writ.lease.v1",
      id: intent,
      ticket_id: ticket.id,
      action_id: ticket.action_id,
      action_digest: ticket.action_digest,
      holder: anna.principal,
      fence: 1,
      granted_at: new Date(NOON).toISOString(),
      expires_at: deadline,
    });
    const { fence } = await house.engine.getAction(agent, ticket.action_id);
    const use = { intent, ticketId: ticket.id, actionId: ticket.action_id, actionDigest: ticket.action_digest };
    expect(checkLease(lease, { ...use, currentFence: fence, now: NOON })).toEqual({ ok: true });
  });

  test("has no fence before it is redeemed", async () => {
    const { id } = await house.engine.propose(agent, command());
    expect(await house.engine.getAction(agent, id)).toMatchObject({ fence: null });
  });
});

describe("a receipt", () => {
  test.each([0, 2, 1.5, -1, Number.NaN])("is not sealed under fence %d", async (fence) => {
    const run = await redeemed();
    const sealed = house.engine.seal(anna, { ticketId: run.ticket.id, fence, receipt: receiptFor(run) });
    await expect(sealed).rejects.toMatchObject({ code: fence === 2 ? "LEASE_STALE" : "REQUEST_INVALID" });
    expect(await house.engine.getAction(agent, run.ticket.action_id)).toMatchObject({
      state: "running",
      receipt: null,
    });
  });

  test("of a runner that an operator gave up on is refused, however often it comes", async () => {
    const run = await redeemed();
    const [settled] = await house.engine.recover(bert, { ticketId: run.ticket.id });
    expect(settled).toMatchObject({ state: "failed", fence: 2, receipt: { outcome: "unfinished" } });
    for (const fence of [1, 1, 3]) {
      const late = house.engine.seal(anna, { ticketId: run.ticket.id, fence, receipt: receiptFor(run) });
      await expect(late).rejects.toMatchObject({ ...LEASE_STALE, details: { fence: 2 } });
    }
    expect(await house.engine.getAction(agent, run.ticket.action_id)).toEqual(settled);
  });

  test("that comes late, and before anybody took over, is evidence all the same", async () => {
    const run = await redeemed();
    house.clock.ms = Date.parse(run.deadline) + 60_000;
    const sealed = await house.engine.seal(anna, { ticketId: run.ticket.id, fence: 1, receipt: receiptFor(run) });
    expect(sealed).toMatchObject({ state: "executed", fence: 1 });
  });

  test("and a takeover at once: one of them counts, and the other is told", async () => {
    const run = await redeemed();
    const seal = () => house.engine.seal(anna, { ticketId: run.ticket.id, fence: 1, receipt: receiptFor(run) });
    const [sealed] = await Promise.allSettled([seal(), house.engine.recover(bert, { ticketId: run.ticket.id })]);
    const { state, fence, entries } = await house.engine.getAction(anna, run.ticket.action_id);
    expect(entries.filter(({ kind }) => kind === "execution.receipt")).toHaveLength(1);
    expect([state, fence, sealed.status]).toEqual(
      fence === 1 ? ["executed", 1, "fulfilled"] : ["failed", 2, "rejected"],
    );
    if (sealed.status === "rejected") expect(sealed.reason).toMatchObject(LEASE_STALE);
  });

  test("is under the same fence after a crash and a rebuild of the views", async () => {
    const run = await redeemed();
    await house.engine.recover(bert, { ticketId: run.ticket.id });
    house = await house.crash();
    await house.engine.rebuildViews(anna);
    expect(await house.engine.getAction(anna, run.ticket.action_id)).toMatchObject({ fence: 2 });
    const late = house.engine.seal(anna, { ticketId: run.ticket.id, fence: 1, receipt: receiptFor(run) });
    await expect(late).rejects.toMatchObject(LEASE_STALE);
  });
});

describe("a run from before there were leases", () => {
  /** A log that keeps no fence, as an older release wrote it. */
  function withoutFences(ledger: OpenLedger): OpenLedger {
    const stripped = (entry: NewEntry): NewEntry => {
      const { fence: _, ...data } = entry.data;
      return { ...entry, data };
    };
    return new Proxy(ledger, {
      get: (target, name) => {
        if (name === "append")
          return (group: readonly NewEntry[], once: object) => target.append(group.map(stripped), once);
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === "function" ? (found.bind(target) as unknown) : found;
      },
    });
  }

  test("is sealed by nobody, and settled by an operator", async () => {
    await house.close();
    house = await openHouse({ wrapLedger: withoutFences });
    await house.engine.setGovernance(anna, { posture: "OFFENSE" });
    const run = await redeemed();
    house = await house.crash();
    await house.engine.rebuildViews(anna);
    expect(await house.engine.getAction(anna, run.ticket.action_id)).toMatchObject({ state: "running", fence: 0 });
    const sealed = house.engine.seal(anna, { ticketId: run.ticket.id, fence: 1, receipt: receiptFor(run) });
    await expect(sealed).rejects.toMatchObject(LEASE_STALE);
    const [settled] = await house.engine.recover(bert, { ticketId: run.ticket.id });
    expect(settled).toMatchObject({ state: "failed", receipt: { outcome: "unfinished" } });
  });
});

test("the runner is handed its lease, and learns of a takeover while it runs", async () => {
  await house.close();
  const fences: (number | null)[] = [];
  const run = async (execution: Execution): Promise<Receipt> => {
    fences.push(execution.lease.fence, await execution.currentFence());
    await house.engine.recover(bert, { ticketId: execution.ticket.id });
    fences.push(await execution.currentFence());
    return receiptFor(execution);
  };
  const execution: ExecutionPort = { sandboxed: true, run };
  house = await openHouse({ execution });
  await house.engine.setGovernance(anna, { posture: "OFFENSE" });
  const { id } = await house.engine.propose(agent, command());
  await expect(house.engine.run(agent, id, { mode: "dry" })).rejects.toMatchObject(LEASE_STALE);
  expect(fences).toEqual([1, 1, 2]);
});
