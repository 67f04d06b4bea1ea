import { assert, asyncProperty, array, constantFrom, integer, record } from "fast-check";
import { openSqlite } from "@writ/store";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { Ticket } from "@writ/kernel";
import { describe, expect, test } from "vitest";

import { openEngine } from "../src/index.ts";
import type { ActionState, Engine, PolicySetSource } from "../src/index.ts";
import { dumpTables } from "../src/views/view-tables.ts";
import { auditLog, redecideAll } from "./support/audit.ts";
import { agent, anna, bert, command, openHouse, shippedSet, words } from "./support/house.ts";
import type { House } from "./support/house.ts";
import { dryReceipt } from "./support/receipt.ts";

const ACTS = [
  "propose",
  "command",
  "approve",
  "reject",
  "complete",
  "ticket",
  "redeem",
  "run",
  "recover",
  "defense",
  "scout",
  "offense",
  "later",
  "much later",
  "token",
  "revoke token",
  "roster",
  "policies",
  "erase",
  "retain",
  "check",
] as const;

/** What may follow what; the slow, obvious second telling of an action's life. */
const FOLLOWS: { readonly [state in ActionState]: readonly ActionState[] } = {
  open: ["held", "running", "executed", "failed", "expired", "revoked"],
  held: ["released", "rejected", "expired", "revoked"],
  released: ["held", "running", "executed", "failed", "expired", "revoked"],
  running: ["executed", "failed"],
  executed: [],
  failed: [],
  rejected: [],
  expired: [],
  revoked: [],
  denied: [],
  not_evaluated: [],
};

const history = array(record({ act: constantFrom(...ACTS), on: integer({ min: 0, max: 5 }) }), {
  minLength: 10,
  maxLength: 40,
});

/** Plays one act; refusals are part of the game. */
async function play(
  house: House,
  engine: Engine,
  ids: string[],
  act: (typeof ACTS)[number],
  on: number,
): Promise<void> {
  const id = ids[on % Math.max(1, ids.length)] ?? "019a9d2a-0000-7000-8000-000000000001";
  const view = await engine.getAction(anna, id).catch(() => undefined);
  switch (act) {
    case "propose":
      ids.push((await engine.propose(agent, words(on % 2 === 0 ? "Transfer 5 SOL" : "delete the file"))).id);
      return;
    case "command":
      ids.push((await engine.propose(agent, { ...command(["touch", `f${on}`]), run: `run-${on}` })).id);
      return;
    case "approve":
      await engine.approve(on % 2 === 0 ? anna : bert, id);
      return;
    case "reject":
      await engine.reject(bert, id, { note: "no" });
      return;
    case "complete":
      await engine.complete(agent, id, { outcome: on % 2 === 0 ? "done" : "failed" });
      return;
    case "ticket":
      await engine.issueTicket(agent, id, { mode: "dry" });
      return;
    case "redeem":
      if (view?.ticket) await engine.redeem(anna, { ticketId: view.ticket.id, actionDigest: view.digest });
      return;
    case "run":
      if (view?.ticket) await dryRun(engine, view.ticket);
      return;
    case "recover":
      if (view?.ticket) await engine.recover(anna, { ticketId: view.ticket.id });
      return;
    case "defense":
    case "scout":
    case "offense":
      await engine.setGovernance(anna, { posture: act });
      return;
    case "later":
      house.clock.ms += 61_000;
      return;
    case "much later":
      house.clock.ms += 16 * 60_000;
      return;
    case "token":
      await engine.createToken(anna, { role: "agent", label: "label" });
      return;
    case "revoke token":
      for (const { token_id } of await engine.listTokens(anna)) await engine.revokeToken(anna, token_id);
      return;
    case "roster":
      await engine.setSystem(anna, {
        system_id: ["claude", "gpt"][on % 2]!,
        active: on > 2,
        role: "primary",
        muted: on === 5,
      });
      return;
    case "policies":
      await engine.activatePolicies(anna, ownSet(on));
      return;
    case "erase":
      if (on === 0) await engine.erase(anna, { subject: "operator:anna", ground: "test" });
      return;
    case "retain":
      if (on === 0) house.clock.ms += 8 * 24 * 60 * 60_000;
      await engine.retain(anna, { kind: "policy.decision", days: 7, ground: "test" });
      return;
    case "check":
      await engine.check(agent, words("look"));
  }
}

async function dryRun(engine: Engine, { id: ticketId, action_digest: actionDigest }: Ticket): Promise<void> {
  const { ticket, intent, lease } = await engine.redeem(anna, { ticketId, actionDigest });
  await engine.seal(anna, { ticketId, fence: lease.fence, receipt: dryReceipt(ticket, intent, ticketId) });
}

/** Small sets, which allow everything but what changes something: that is denied, or waits for one, for two, for others. */
function ownSet(which: number): PolicySetSource {
  const asks = ["", '@hold("operator")', '@hold("operator") @approvals("2")', '@hold("second_operator")'];
  const text = `@id("all") permit (principal, action, resource);
    @id("some") ${asks[which % asks.length]} forbid (principal, action, resource) when { context.state_changing };`;
  return { ...shippedSet(), files: [{ name: "own.cedar", text }] };
}

async function statesOf(engine: Engine): Promise<Map<string, ActionState>> {
  const { actions } = await engine.listActions(anna, { limit: 500 });
  return new Map(actions.map(({ id, state }) => [id, state]));
}

describe("views", () => {
  test("rebuilt from the log are those that were kept, and states only follow each other as told", async () => {
    await assert(
      asyncProperty(history, async (steps) => {
        const house = await openHouse();
        try {
          const { engine } = house;
          await engine.setGovernance(anna, { posture: "DEFENSE" });
          const ids: string[] = [];
          let before = await statesOf(engine);
          for (const { act, on } of steps) {
            await play(house, engine, ids, act, on).catch((error: unknown) => expect(error).toHaveProperty("reason"));
            const after = await statesOf(engine);
            for (const [id, state] of after) {
              const was = before.get(id);
              if (was !== undefined && was !== state) expect(FOLLOWS[was], `${was} to ${state}`).toContain(state);
            }
            before = after;
          }
          expect(await auditLog(house)).toEqual([]);
          expect(await redecideAll(house)).toEqual([]);
          const kept = await dumpTables(house.views);
          const governance = await engine.governance(anna);
          const rebuilt = await engine.rebuildViews(anna);
          expect(rebuilt).toEqual({ position: (await house.ledger.head()).size, actions: ids.length });
          expect(await dumpTables(house.views)).toEqual(kept);
          expect(await engine.governance(anna)).toEqual(governance);
          expect(await statesOf(engine)).toEqual(before);
        } finally {
          await house.close();
        }
      }),
      { numRuns: 18 },
    );
  });

  test("being rebuilt leave governance and tokens in force", async () => {
    const house = await openHouse();
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE", mode: "High Security" });
    const { token } = await engine.createToken(anna, { role: "agent" });
    for (let n = 0; n < 30; n++) await engine.propose(agent, words(`look ${n}`));
    const rebuilding = engine.rebuildViews(anna);
    const asked = await Promise.all([
      ...Array.from({ length: 20 }, () => engine.authenticate(token)),
      ...Array.from({ length: 20 }, () =>
        engine.propose(agent, words("delete the database")).then(({ state }) => state),
      ),
    ]);
    await rebuilding;
    expect(asked.slice(0, 20).every((caller) => caller !== undefined)).toBe(true);
    expect(new Set(asked.slice(20))).toEqual(new Set(["held"]));
    await house.close();
  });

  test("tell old events to nobody while they are rebuilt", async () => {
    const house = await openHouse();
    await house.engine.propose(agent, words("look"));
    let told = 0;
    house.engine.subscribe(() => (told += 1));
    const seen: number[] = [];
    await house.engine.rebuildViews(anna, (done) => seen.push(done));
    expect(told).toBe(0);
    expect(seen.at(-1)).toBe((await house.ledger.head()).size);
    await house.close();
  });
});

describe("two engines over one log", () => {
  async function twoEngines() {
    const house = await openHouse();
    const views = openSqlite({ path: join(house.folder, "views-2.db"), durable: "rebuildable" });
    const second = await openEngine({
      ledger: house.ledger,
      views,
      policySet: shippedSet(),
      clock: () => house.clock.ms,
      random: (bytes) => randomBytes(bytes),
      sweepMs: 0,
    });
    return { house, first: house.engine, second };
  }

  test("agree on everything: what one did, the other sees, and once is once", async () => {
    const { house, first, second } = await twoEngines();
    await first.setGovernance(anna, { posture: "DEFENSE" });
    const { id, digest } = await second.propose(agent, words("Transfer 1 SOL"));
    expect(await second.getAction(anna, id)).toEqual(await first.getAction(anna, id));
    const answers = await Promise.allSettled([first.approve(anna, id), second.approve(bert, id)]);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const ticket = await first.issueTicket(agent, id, { mode: "dry" });
    const spent = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? first : second).redeem(anna, { ticketId: ticket.id, actionDigest: digest }),
      ),
    );
    expect(spent.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { token, token_id } = await first.createToken(anna, { role: "agent" });
    expect(await second.authenticate(token)).toBeDefined();
    await second.revokeToken(anna, token_id);
    expect(await first.authenticate(token)).toBeUndefined();
    expect(await second.getAction(anna, id)).toEqual(await first.getAction(anna, id));
    await second.close();
    await house.close();
  });

  test("tell events of both, and decide by governance and policies that either changed", async () => {
    const { house, first, second } = await twoEngines();
    const told: string[] = [];
    second.subscribe(({ type }) => told.push(type));
    await first.setGovernance(anna, { posture: "OFFENSE" });
    expect(await second.propose(agent, words("delete the file"))).toMatchObject({ state: "open" });
    expect(told).toContain("governance_updated");
    const locked = { name: "locked.cedar", text: '@id("LOCK")\nforbid (principal, action, resource);\n' };
    await first.activatePolicies(anna, { ...shippedSet(), files: [...shippedSet().files, locked] });
    expect(await second.propose(agent, words("look"))).toMatchObject({
      state: "denied",
      decision: { determining: ["LOCK"] },
    });
    await second.close();
    await house.close();
  });
});
