import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Caller } from "../src/index.ts";
import { auditLog } from "./support/audit.ts";
import {
  agent,
  anna,
  bert,
  carla,
  NOON,
  openHouse,
  other,
  shippedSet,
  stranger,
  viewer,
  words,
} from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;
const MINUTE = 60_000;
const LARGE = words("Transfer 50 SOL to the marketing wallet.", { amount: "50", position: "100" });
const SMALL = words("Transfer 50 SOL to the marketing wallet.");

beforeEach(async () => {
  house = await openHouse();
  await house.engine.setGovernance(anna, { posture: "DEFENSE" });
});
afterEach(() => house.close());

describe("who may answer a hold", () => {
  test.each([
    ["an agent", agent, "FORBIDDEN"],
    ["a viewer", viewer, "FORBIDDEN"],
    ["an operator of another tenant", stranger, "ACTION_NOT_FOUND"],
  ])("%s may not", async (_who, caller, code) => {
    const { id } = await house.engine.propose(agent, SMALL);
    await expect(house.engine.approve(caller, id)).rejects.toMatchObject({ code });
    await expect(house.engine.reject(caller, id)).rejects.toMatchObject({ code });
    expect(await house.engine.getAction(anna, id)).toMatchObject({ state: "held" });
  });

  test("an operator never answers their own proposal", async () => {
    const { id } = await house.engine.propose(anna, SMALL);
    await expect(house.engine.approve(anna, id)).rejects.toMatchObject({ code: "APPROVER_IS_PROPOSER" });
    expect(await house.engine.approve(bert, id)).toMatchObject({ state: "released" });
  });

  test("nor does anybody with the proposer's token, under whatever name", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    const posing = { ...bert, credential: agent.credential };
    await expect(house.engine.approve(posing, id)).rejects.toMatchObject({ code: "APPROVER_IS_PROPOSER" });
  });

  test("nobody whose token was revoked since it was shown", async () => {
    const { engine } = house;
    const { token, token_id } = await engine.createToken(anna, { role: "operator", principal: "operator:olga" });
    const olga = (await engine.authenticate(token))!;
    const { id } = await engine.propose(agent, SMALL);
    await engine.revokeToken(anna, token_id);
    await expect(engine.approve(olga, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(engine.reject(olga, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await engine.getAction(anna, id)).toMatchObject({ state: "held" });
  });

  test("on the socket the person beside the agent may, though both come through it", async () => {
    const shell = { ...agent, auth: "socket", credential: "socket" } as const;
    const person = { ...anna, auth: "socket", credential: "socket" } as const;
    const { id } = await house.engine.propose(shell, SMALL);
    expect(await house.engine.approve(person, id)).toMatchObject({
      state: "released",
      decision: {
        permitted: true,
        decision: "allow",
        reason: "released by approval under None (Unrestricted) and DEFENSE",
      },
    });
    const { entry } = await house.engine.entry(anna, (await house.ledger.head()).size - 2);
    expect(entry).toMatchObject({
      kind: "approval.given",
      data: { auth: "socket" },
      who: { approver: "operator:anna" },
    });
  });
});

test("an id that two tenants chose is answered, ticketed and completed in each of them", async () => {
  const { engine } = house;
  const there = { agent: { ...agent, tenant: "elsewhere" }, bert: { ...bert, tenant: "elsewhere" } };
  await engine.setGovernance({ ...anna, tenant: "elsewhere" }, { posture: "DEFENSE" });
  const ids = [(await engine.propose(agent, SMALL)).id, (await engine.propose(agent, SMALL)).id] as const;
  for (const id of ids) expect(await engine.approve(bert, id)).toMatchObject({ state: "released" });
  for (const id of ids) expect(await engine.propose(there.agent, { ...SMALL, id })).toMatchObject({ state: "held" });
  const use = async (proposer: Caller): Promise<void> => {
    expect(await engine.complete(proposer, ids[0], { outcome: "done" })).toMatchObject({ state: "executed" });
    expect(await engine.issueTicket(proposer, ids[1], { mode: "dry" })).toMatchObject({ action_id: ids[1] });
  };
  await use(agent);
  for (const id of ids) expect(await engine.approve(there.bert, id)).toMatchObject({ state: "released" });
  await use(there.agent);
  expect(await auditLog(house)).toEqual([]);
});

describe("two approvals", () => {
  test("come from two different operators", async () => {
    const { id } = await house.engine.propose(agent, LARGE);
    const first = await house.engine.approve(anna, id);
    expect(first).toMatchObject({
      state: "held",
      hold: { approvals_required: 2, approvals_given: [{ approver: anna.principal }] },
    });
    await expect(house.engine.approve(anna, id)).rejects.toMatchObject({ code: "APPROVER_REPEATED" });
    const second = await house.engine.approve(bert, id);
    expect(second).toMatchObject({ state: "released" });
    expect(second.hold?.approvals_given).toHaveLength(2);
  });

  test("given at the same moment release the action once", async () => {
    const { id } = await house.engine.propose(agent, LARGE);
    const answers = await Promise.allSettled([anna, bert, carla].map((caller) => house.engine.approve(caller, id)));
    const view = await house.engine.getAction(anna, id);
    expect(view.state).toBe("released");
    expect(view.hold?.approvals_given).toHaveLength(2);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(answers.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "ACTION_ALREADY_ANSWERED" },
    });
  });

  test("an expired first yes does not count, and may be said again", async () => {
    const { id } = await house.engine.propose(agent, LARGE);
    await house.engine.approve(anna, id);
    house.clock.ms += 16 * MINUTE;
    expect(await house.engine.approve(bert, id)).toMatchObject({ state: "held" });
    expect(await house.engine.approve(anna, id)).toMatchObject({ state: "released" });
  });
});

describe("a hold", () => {
  test("is rejected for good, with a note that is not in the entry itself", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    const view = await house.engine.reject(bert, id, { note: "not today" });
    expect(view).toMatchObject({ state: "rejected", end_reason: "rejected" });
    const { entry, opened } = await house.engine.entry(anna, view.entries.at(-1)!.index);
    expect(JSON.stringify(entry)).not.toContain("not today");
    expect(opened).toEqual({ note: { text: "not today" } });
    await expect(house.engine.approve(anna, id)).rejects.toMatchObject({
      code: "ACTION_ALREADY_ANSWERED",
      details: { by: "operator:bert", state: "rejected", entry: view.entries.at(-1)!.id },
    });
  });

  test("answered by ten people at once is answered once", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0 ? house.engine.approve(bert, id) : house.engine.reject(carla, id),
      ),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("expires after 24 hours, at the first look that comes too late", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    house.clock.ms += 24 * 60 * MINUTE;
    await expect(house.engine.approve(bert, id)).rejects.toMatchObject({ code: "HOLD_EXPIRED" });
    expect(await house.engine.getAction(anna, id)).toMatchObject({ state: "expired", end_reason: "hold" });
    await expect(house.engine.approve(bert, id)).rejects.toMatchObject({ code: "HOLD_EXPIRED" });
  });

  test("lives to its last millisecond", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    house.clock.ms += 24 * 60 * MINUTE - 1;
    expect(await house.engine.approve(bert, id)).toMatchObject({ state: "released" });
  });

  test("is not lengthened by a clock that goes back", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    house.clock.ms += 24 * 60 * MINUTE;
    await house.engine.check(agent, words("look"));
    house.clock.ms = NOON;
    await expect(house.engine.approve(bert, id)).rejects.toMatchObject({ code: "HOLD_EXPIRED" });
  });

  test("is not lengthened by a clock that goes back across a restart", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    house.clock.ms += 24 * 60 * MINUTE;
    await house.engine.check(agent, words("look"));
    house.clock.ms = NOON;
    house = await house.crash();
    await expect(house.engine.approve(bert, id)).rejects.toMatchObject({ code: "HOLD_EXPIRED" });
  });
});

describe("a release", () => {
  test("is over when its approval is", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    await house.engine.approve(bert, id);
    house.clock.ms += 15 * MINUTE;
    await expect(house.engine.complete(agent, id, { outcome: "done" })).rejects.toMatchObject({
      code: "APPROVAL_EXPIRED",
    });
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "expired", end_reason: "approval" });
  });

  test("is over when the first approval it cannot do without is", async () => {
    await house.close();
    const holds = ["owner", "second_operator"].map(
      (who) => `@id("${who}") @hold("${who}") forbid (principal, action, resource);`,
    );
    const text = `@id("all") permit (principal, action, resource);${holds.join("")}`;
    house = await openHouse({ policySet: { ...shippedSet(), files: [{ name: "own.cedar", text }] } });
    const { id } = await house.engine.propose(agent, SMALL);
    const owner = { ...anna, auth: "socket", credential: "socket" } as const;
    expect(await house.engine.approve(owner, id)).toMatchObject({ state: "held" });
    house.clock.ms += 14 * MINUTE;
    expect(await house.engine.approve(bert, id)).toMatchObject({ state: "released" });
    house.clock.ms += MINUTE;
    await expect(house.engine.issueTicket(agent, id, { mode: "dry" })).rejects.toMatchObject({
      code: "APPROVAL_EXPIRED",
    });
    expect(await house.engine.getAction(agent, id)).toMatchObject({ state: "expired", end_reason: "approval" });
  });

  test("is completed by its proposer alone", async () => {
    const { id } = await house.engine.propose(agent, SMALL);
    await house.engine.approve(bert, id);
    await expect(house.engine.complete(other, id, { outcome: "done" })).rejects.toMatchObject({
      code: "ACTION_NOT_FOUND",
    });
    await expect(house.engine.complete(bert, id, { outcome: "done" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await house.engine.complete(agent, id, { outcome: "failed" })).toMatchObject({ state: "failed" });
    await expect(house.engine.complete(agent, id, { outcome: "done" })).rejects.toMatchObject({
      code: "ACTION_SETTLED",
    });
  });
});
