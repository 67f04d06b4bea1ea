import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { PolicySetSource } from "../src/index.ts";
import { auditLog, redecideAll } from "./support/audit.ts";
import { agent, anna, bert, command, openHouse, shippedSet, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;
const TRANSFER = words("Transfer 50 SOL to the marketing wallet.");
const LARGE = words("Transfer 50 SOL to the marketing wallet.", { amount: "50", position: "100" });

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

describe("when governance changes before an action happened", () => {
  test("a deny revokes what was held, released and open", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const held = await engine.propose(agent, TRANSFER);
    const released = await engine.propose(agent, TRANSFER);
    await engine.approve(bert, released.id);
    const open = await engine.propose(agent, words("write the config"));
    const harmless = await engine.propose(agent, words("read the documentation"));
    expect(open.state).toBe("open");
    await engine.setGovernance(anna, { posture: "SCOUT" });
    for (const { id } of [held, released, open]) {
      expect(await engine.getAction(anna, id)).toMatchObject({ state: "revoked", end_reason: "governance" });
      await expect(engine.complete(agent, id, { outcome: "done" })).rejects.toMatchObject({ code: "ACTION_SETTLED" });
    }
    expect(await engine.getAction(anna, harmless.id)).toMatchObject({ state: "open" });
  });

  test("an allowed action is held where the new governance holds it", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    const { id } = await engine.propose(agent, TRANSFER);
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    expect(await engine.getAction(anna, id)).toMatchObject({ state: "held", hold: { generation: 1 } });
    expect(await engine.approve(bert, id)).toMatchObject({ state: "released" });
  });

  test("a stricter hold opens anew and keeps the approvals that were given", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE", mode: "High Security" });
    const { id, hold } = await engine.propose(agent, LARGE);
    expect(hold).toMatchObject({ generation: 1, approvals_required: 1 });
    await engine.approve(bert, id);
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const again = await engine.getAction(anna, id);
    expect(again).toMatchObject({ state: "held", hold: { generation: 2, approvals_required: 2 } });
    expect(again.hold?.approvals_given).toHaveLength(1);
    expect(await engine.approve(anna, id)).toMatchObject({ state: "released" });
  });

  test("what was relaxed before or after its yes decides again as it is recorded", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const [before, after] = [await engine.propose(agent, TRANSFER), await engine.propose(agent, TRANSFER)];
    await engine.approve(bert, after.id);
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    await engine.approve(bert, before.id);
    for (const { id } of [before, after]) {
      expect(await engine.complete(agent, id, { outcome: "done" })).toMatchObject({ state: "executed" });
    }
    expect(await redecideAll(house)).toEqual([]);
  });

  test("what needs fewer approvals by now is audited by what it needs", async () => {
    const { engine } = house;
    await engine.activatePolicies(anna, askingSet("2"));
    const { id } = await engine.propose(agent, command(["rm", "a"]));
    await engine.activatePolicies(anna, askingSet("1"));
    expect(await engine.approve(bert, id)).toMatchObject({ state: "released" });
    await engine.issueTicket(agent, id, { mode: "dry" });
    expect(await auditLog(house)).toEqual([]);
  });

  test("a relaxed hold still waits for a yes, and one is enough", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const { id } = await engine.propose(agent, LARGE);
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    expect(await engine.getAction(anna, id)).toMatchObject({ state: "held" });
    expect(await engine.approve(bert, id)).toMatchObject({ state: "released", decision: { decision: "allow" } });
  });

  test("an action about to run is decided as of now, and that is on record", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    const { id, decision } = await engine.propose(agent, words("look at the dashboard"));
    await engine.setGovernance(anna, { mode: "Research" });
    expect((await engine.getAction(anna, id)).decision.governance).toEqual(decision.governance);
    const done = await engine.complete(agent, id, { outcome: "done" });
    expect(done.decision.governance).toMatchObject({ mode: "Research", version: 2 });
  });

  test("a ticket does not survive a new hold", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    const { id, digest } = await engine.propose(agent, command(["git", "push"], { effects: ["outbound"] }));
    const ticket = await engine.issueTicket(agent, id, { mode: "dry" });
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    expect(await engine.getAction(anna, id)).toMatchObject({ state: "revoked" });
    await expect(engine.redeem(anna, { ticketId: ticket.id, actionDigest: digest })).rejects.toMatchObject({
      code: "ACTION_SETTLED",
    });
  });

  test("muting an agent revokes what it proposed", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const held = await engine.propose(agent, TRANSFER);
    const open = await engine.propose(agent, words("read the page"));
    await engine.setSystem(anna, { system_id: "claude", active: true, role: "primary", muted: true });
    expect(await engine.getAction(anna, held.id)).toMatchObject({ state: "revoked" });
    expect(await engine.getAction(anna, open.id)).toMatchObject({ state: "revoked" });
  });

  test("what is proposed while it changes is judged by the new governance or before the change", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    const proposals = Array.from({ length: 40 }, () => engine.propose(agent, words("delete the database")));
    await engine.setGovernance(anna, { posture: "SCOUT" });
    for (const { id } of await Promise.all(proposals)) {
      expect((await engine.getAction(anna, id)).state).toMatch(/^(?:denied|revoked)$/u);
    }
  });

  test("twenty changes at once all count", async () => {
    const goals = Array.from({ length: 20 }, (_, n) => `goal ${n}`);
    const settled = await Promise.allSettled(goals.map((goal) => house.engine.setGovernance(anna, { goal })));
    const done = settled.filter(({ status }) => status === "fulfilled").length;
    expect((await house.engine.governance(anna)).version).toBe(done);
    for (const one of settled)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "CONCURRENT_CHANGE" });
  });
});

/** A set that allows everything once so many operators have said yes. */
function askingSet(approvals: string): PolicySetSource {
  const text = `@id("all") permit (principal, action, resource);
    @id("ask") @hold("operator") @approvals("${approvals}") forbid (principal, action, resource);`;
  return { ...shippedSet(), files: [{ name: "own.cedar", text }] };
}
