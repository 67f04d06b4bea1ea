import { array, assert, asyncProperty, boolean, constantFrom } from "fast-check";
import type { Receipt } from "@writ/kernel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { ExecutionPort, RedeemedTicket } from "../src/index.ts";
import { agent, anna, bert, command, NOON, openHouse, other, words } from "./support/house.ts";
import type { House } from "./support/house.ts";
import { dryReceipt } from "./support/receipt.ts";

let house: House;
const MINUTE = 60_000;

beforeEach(async () => {
  house = await openHouse();
  await house.engine.setGovernance(anna, { posture: "OFFENSE" });
});
afterEach(() => house.close());

/** A receipt as a runner would measure it. */
function receiptFor(
  { ticket, intent }: Pick<RedeemedTicket, "ticket" | "intent">,
  more: Partial<Receipt> = {},
): Receipt {
  const dry = dryReceipt(ticket, intent, "019a9d2a-0000-7000-8000-000000000001");
  return ticket.mode === "dry" ? { ...dry, ...more } : { ...dry, outcome: "succeeded", exit_code: 0, ...more };
}

async function ticketed(mode: "dry" | "live" = "dry") {
  const action = await house.engine.propose(agent, command(["ls"], { live: mode === "live" }));
  const ticket = await house.engine.issueTicket(agent, action.id, { mode });
  return { id: action.id, digest: action.digest, ticket };
}

describe("a ticket", () => {
  test("is issued once, redeemed once, and ends in one receipt", async () => {
    const { engine } = house;
    const { id, digest, ticket } = await ticketed();
    await expect(engine.issueTicket(agent, id, { mode: "dry" })).rejects.toMatchObject({ code: "TICKET_ISSUED" });
    const redeemed = await engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
    expect(redeemed).toMatchObject({ ticket, deadline: new Date(NOON + 900_000 + 30_000).toISOString() });
    expect(await engine.getAction(agent, id)).toMatchObject({ state: "running", agreement: "unfinished" });
    await expect(engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest })).rejects.toMatchObject({
      code: "TICKET_SPENT",
    });
    const receipt = receiptFor(redeemed);
    const sealed = await engine.seal(anna, { ticketId: ticket.id, fence: 1, receipt });
    expect(sealed).toMatchObject({ state: "executed", receipt, agreement: "as_decided" });
    const late = receiptFor(redeemed, { id: "019a9d2a-0000-7000-8000-000000000002" });
    await expect(engine.seal(anna, { ticketId: ticket.id, fence: 1, receipt: late })).rejects.toMatchObject({
      code: "RECEIPT_REFUSED",
    });
    expect(sealed.entries.map(({ kind }) => kind)).toEqual([
      "policy.decision",
      "ticket.issued",
      "ticket.spent",
      "execution.intent",
      "execution.receipt",
    ]);
  });

  test("redeemed by many at once is redeemed by one", async () => {
    const { digest, ticket } = await ticketed();
    const tries = Array.from({ length: 50 }, () =>
      house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest }),
    );
    const settled = await Promise.allSettled(tries);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of settled)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "TICKET_SPENT" });
  });

  test("is issued once however many ask", async () => {
    const { id } = await house.engine.propose(agent, command());
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () => house.engine.issueTicket(agent, id, { mode: "dry" })),
    );
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("expires after its minute, and the action with it", async () => {
    const { id, digest, ticket } = await ticketed();
    house.clock.ms += MINUTE;
    await expect(house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest })).rejects.toMatchObject({
      code: "TICKET_EXPIRED",
    });
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "expired", end_reason: "ticket" });
    await expect(house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest })).rejects.toMatchObject({
      code: "TICKET_EXPIRED",
    });
  });

  test("never outlives the approvals behind it", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const { id } = await engine.propose(agent, command(["git", "push"], { effects: ["outbound"] }));
    await engine.approve(bert, id);
    house.clock.ms += 15 * MINUTE - 10_000;
    const ticket = await engine.issueTicket(agent, id, { mode: "dry" });
    expect(ticket.expires_at).toBe(new Date(NOON + 15 * MINUTE).toISOString());
    expect(ticket.approvals).toHaveLength(1);
  });

  test("is for the one digest", async () => {
    const { ticket } = await ticketed();
    await expect(
      house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: "0".repeat(64) }),
    ).rejects.toMatchObject({ code: "ACTION_DIGEST_MISMATCH" });
  });

  test("is live only where the proposal asked for it", async () => {
    const { id } = await house.engine.propose(agent, command());
    await expect(house.engine.issueTicket(agent, id, { mode: "live" })).rejects.toMatchObject({
      code: "LIVE_NOT_REQUESTED",
    });
  });

  test("is redeemed and receipted for the runner's operator, never on an agent's own word", async () => {
    const { digest, ticket } = await ticketed();
    for (const caller of [agent, other]) {
      const redeemed = house.engine.redeem(caller, { ticketId: ticket.id, actionDigest: digest });
      await expect(redeemed).rejects.toMatchObject({ code: "FORBIDDEN" });
      const sealed = house.engine.seal(caller, { ticketId: ticket.id, fence: 1, receipt: {} });
      await expect(sealed).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  });

  test("of somebody else does not exist for an agent", async () => {
    const { id } = await ticketed();
    await expect(house.engine.issueTicket(other, id, { mode: "dry" })).rejects.toMatchObject({
      code: "ACTION_NOT_FOUND",
    });
  });

  test.each(["held", "denied"] as const)("is not issued for what is %s", async (state) => {
    await house.engine.setGovernance(anna, { posture: state === "held" ? "DEFENSE" : "SCOUT" });
    const { id } = await house.engine.propose(agent, command(["git", "push"], { effects: ["outbound"] }));
    await expect(house.engine.issueTicket(agent, id, { mode: "dry" })).rejects.toMatchObject({
      code: "ACTION_NOT_RELEASED",
    });
  });

  test("excludes a claim", async () => {
    const { id } = await ticketed();
    await expect(house.engine.complete(agent, id, { outcome: "done" })).rejects.toMatchObject({
      code: "TICKET_ISSUED",
    });
  });

  test("a ticket redeems at most once, in whatever order people act", async () => {
    const step = constantFrom("redeem", "complete", "scout", "issue", "offense");
    await assert(
      asyncProperty(array(step, { minLength: 2, maxLength: 8 }), boolean(), async (steps, together) => {
        const { engine } = house;
        await engine.setGovernance(anna, { posture: "OFFENSE" });
        const { id, digest } = await engine.propose(agent, command(["touch", "x"]));
        const ticket = await engine.issueTicket(agent, id, { mode: "dry" });
        const acts: Record<string, () => Promise<unknown>> = {
          redeem: () => engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest }),
          complete: () => engine.complete(agent, id, { outcome: "done" }),
          issue: () => engine.issueTicket(agent, id, { mode: "dry" }),
          scout: () => engine.setGovernance(anna, { posture: "SCOUT" }),
          offense: () => engine.setGovernance(anna, { posture: "OFFENSE" }),
        };
        if (together) await Promise.allSettled(steps.map((name) => acts[name]!()));
        else for (const name of steps) await acts[name]!().catch(() => {});
        const { entries, state } = await engine.getAction(anna, id);
        const count = (kind: string): number => entries.filter((one) => one.kind === kind).length;
        expect(count("ticket.spent")).toBeLessThanOrEqual(1);
        expect(count("ticket.issued")).toBe(1);
        expect(count("ticket.spent") === 1).toBe(state === "running");
        expect(count("x.action.revoked") + count("ticket.spent")).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });
});

describe("a receipt", () => {
  test.each([
    ["of another action", { action_id: "019a9d2a-0000-7000-8000-00000000000f" }, "RECEIPT_INVALID"],
    ["of another digest", { action_digest: "0".repeat(64) }, "RECEIPT_INVALID"],
    ["of another intent", { intent: "019a9d2a-0000-7000-8000-00000000000f" }, "RECEIPT_INVALID"],
    ["of a live run", { mode: "live", outcome: "failed", exit_code: 1 }, "RECEIPT_INVALID"],
    ["with a word nobody knows", { outcome: "fine" }, "RECEIPT_INVALID"],
  ] as const)("%s is refused", async (_what, more, code) => {
    const { digest, ticket } = await ticketed();
    const redeemed = await house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
    const receipt = { ...receiptFor(redeemed), ...more };
    await expect(house.engine.seal(anna, { ticketId: ticket.id, fence: 1, receipt })).rejects.toMatchObject({ code });
  });

  test("before the ticket was redeemed is refused", async () => {
    const { ticket } = await ticketed();
    const receipt = receiptFor({ ticket, intent: ticket.id });
    await expect(house.engine.seal(anna, { ticketId: ticket.id, fence: 1, receipt })).rejects.toMatchObject({
      code: "RECEIPT_REFUSED",
    });
  });

  test("handed in twice by the same runner counts once", async () => {
    const { digest, ticket } = await ticketed();
    const redeemed = await house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
    const seal = () => house.engine.seal(anna, { ticketId: ticket.id, fence: 1, receipt: receiptFor(redeemed) });
    const views = await Promise.all([seal(), seal(), seal()]);
    expect(new Set(views.map(({ entries }) => entries.length))).toEqual(new Set([5]));
  });
});

describe("a run", () => {
  async function withPort(run: ExecutionPort["run"], preflight?: ExecutionPort["preflight"]) {
    await house.close();
    const execution: ExecutionPort = { sandboxed: true, run, ...(preflight !== undefined && { preflight }) };
    house = await openHouse({ execution });
    await house.engine.setGovernance(anna, { posture: "OFFENSE" });
    return house.engine;
  }

  test("finds its intent durable before it starts, and seals what it measured", async () => {
    let seen: readonly string[] = [];
    const engine = await withPort(async (execution) => {
      const kinds: string[] = [];
      for await (const { value } of house.ledger.read(0, (await house.ledger.head()).size)) kinds.push(value.kind);
      seen = kinds;
      return receiptFor(execution, { id: execution.receiptId });
    });
    const { id } = await engine.propose(agent, command());
    expect(await engine.run(agent, id, { mode: "dry" })).toMatchObject({
      state: "executed",
      receipt: { outcome: "dry_run" },
    });
    expect(seen.slice(-2)).toEqual(["ticket.spent", "execution.intent"]);
    await expect(engine.run(agent, id, { mode: "dry" })).rejects.toMatchObject({ code: "TICKET_ISSUED" });
  });

  test("that the runner loses is unfinished: how far it came is not known", async () => {
    const engine = await withPort(() => Promise.reject(new Error("lost")));
    const { id } = await engine.propose(agent, command());
    expect(await engine.run(agent, id, { mode: "dry" })).toMatchObject({
      state: "failed",
      agreement: "unfinished",
      receipt: { outcome: "unfinished" },
    });
  });

  test("that could not start here keeps its ticket unspent", async () => {
    const blocked = { ready: false, code: "RUNNER_NO_SANDBOX", reason: "none here", next: "install one" } as const;
    const engine = await withPort(
      () => Promise.reject(new Error("never")),
      () => Promise.resolve(blocked),
    );
    const { id } = await engine.propose(agent, { ...command(), live: true });
    await expect(engine.run(agent, id, { mode: "live" })).rejects.toMatchObject({ code: "RUNNER_NO_SANDBOX" });
    expect(await engine.getAction(agent, id)).toMatchObject({ state: "open", ticket: null });
  });

  test("without a runner is refused before anything is spent", async () => {
    const { id } = await house.engine.propose(agent, command());
    await expect(house.engine.run(agent, id, { mode: "dry" })).rejects.toMatchObject({ code: "EXECUTION_UNAVAILABLE" });
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "open", ticket: null });
  });

  test("is not for words", async () => {
    const engine = await withPort(() => Promise.reject(new Error("never")));
    const { id } = await engine.propose(agent, words("read the page"));
    await expect(engine.run(agent, id, { mode: "dry" })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });
});
