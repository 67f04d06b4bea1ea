import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ticket } from "@writ/kernel";

import type { ActionView } from "../src/index.ts";
import { agent, anna, bert, command, openHouse } from "./support/house.ts";
import type { House } from "./support/house.ts";
import { dryReceipt } from "./support/receipt.ts";
import { everySchedule, Stage } from "./support/stage.ts";

/**
 * Two actors on one real log: every order of their writes, with a crash of either before or after any one of them, and
 * each actor trying once more after what it did. So every interleaving of up to four acts and one crash is played.
 */
const stage = new Stage();
let house: House;

beforeAll(async () => {
  house = await openHouse({ wrapLedger: (ledger) => stage.wrap(ledger) });
});
afterAll(() => house.close());

type Act = (action: ActionView, ticket: Ticket) => Promise<unknown>;

const MINUTE = 60_000;

const ACTS = {
  issue: ({ id }) => house.engine.issueTicket(agent, id, { mode: "dry" }),
  redeem: ({ digest }, { id }) => house.engine.redeem(anna, { ticketId: id, actionDigest: digest }),
  revoke: () => house.engine.setGovernance(bert, { posture: "SCOUT" }),
  expire: async ({ digest }, { id }) => {
    await stage.pass();
    house.clock.ms += MINUTE;
    return house.engine.redeem(bert, { ticketId: id, actionDigest: digest });
  },
  run: async ({ digest }, ticket) => {
    const { intent, lease } = await house.engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest });
    const receipt = dryReceipt(ticket, intent, "019a9d2a-0000-7000-8000-000000000001");
    return house.engine.seal(anna, { ticketId: ticket.id, fence: lease.fence, receipt });
  },
  recover: async (_, { id }) => {
    await stage.pass();
    return house.engine.recover(bert, { ticketId: id });
  },
} satisfies Record<string, Act>;

/** An actor that crashed comes back and tries the same again. */
async function twice(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => {});
  await act().catch(() => {});
}

/** What the log says of one action, in order. */
async function told(
  acts: readonly (keyof typeof ACTS)[],
  choose: (ways: number) => number,
): Promise<readonly string[]> {
  const { engine } = house;
  await engine.setGovernance(anna, { posture: "OFFENSE" });
  const action = await engine.propose(agent, command(["touch", "x"]));
  const ticket = acts.includes("issue")
    ? ({ id: "" } as Ticket)
    : await engine.issueTicket(agent, action.id, { mode: "dry" });
  await stage.play(
    acts.map((name) => () => twice(() => ACTS[name](action, ticket))),
    choose,
  );
  const { entries, state, fence } = await engine.getAction(anna, action.id);
  // Nothing is left over for the next schedule.
  if (state === "open") await engine.setGovernance(anna, { posture: "SCOUT" });
  return [...entries.map(({ kind }) => kind), `fence ${String(fence)}`];
}

const SPENT = "ticket.spent execution.intent";

describe("two actors, in every order and with a crash at every write", () => {
  test.each<[one: keyof typeof ACTS, other: keyof typeof ACTS, schedules: number, ends: readonly string[]]>([
    ["issue", "issue", 12, ["fence null"]],
    ["redeem", "redeem", 12, [`${SPENT} fence 1`]],
    ["redeem", "revoke", 40, [`${SPENT} fence 1`, "policy.decision x.action.revoked fence null"]],
    ["redeem", "expire", 24, [`${SPENT} fence 1`, "x.action.expired fence null"]],
    ["run", "run", 30, [`${SPENT} execution.receipt fence 1`, `${SPENT} fence 1`]],
    [
      "run",
      "recover",
      51,
      [`${SPENT} execution.receipt fence 1`, `${SPENT} execution.receipt fence 2`, `${SPENT} fence 1`],
    ],
  ])("%s and %s", async (one, other, schedules, ends) => {
    const seen = new Set<string>();
    const played = await everySchedule(async (choose) => {
      const log = await told([one, other], choose);
      const count = (kind: string): number => log.filter((entry) => entry === kind).length;
      expect(count("ticket.issued"), log.join(" ")).toBe(1);
      expect(count("ticket.spent"), log.join(" ")).toBeLessThanOrEqual(1);
      expect(count("execution.receipt"), log.join(" ")).toBeLessThanOrEqual(count("ticket.spent"));
      // What was revoked or expired is never used, and what was used is neither revoked nor expired.
      const ended = count("x.action.revoked") + count("x.action.expired") + count("ticket.spent");
      expect(ended, log.join(" ")).toBeLessThanOrEqual(1);
      seen.add(log.slice(2).join(" "));
    });
    // Fewer would mean that the actors no longer meet.
    expect(played).toBeGreaterThanOrEqual(schedules);
    expect([...seen].toSorted()).toEqual([...ends].toSorted());
  });
});
