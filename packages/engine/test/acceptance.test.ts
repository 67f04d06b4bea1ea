import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { EngineEvent, GovernancePatch } from "../src/index.ts";
import { agent, anna, bert, openHouse, other, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const TRANSFER = words("Transfer 50 SOL to marketing wallet.");

describe("the acceptance cases of governed actions", () => {
  test("A-01: a transfer under High Security and DEFENSE is held, by rules of mode and posture, and nothing runs", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { mode: "High Security", posture: "DEFENSE" });
    const events: EngineEvent[] = [];
    engine.subscribe((event) => events.push(event));
    const action = await engine.propose(agent, TRANSFER);
    expect(action).toMatchObject({ state: "held", decision: { permitted: false, decision: "hold" } });
    const against = action.decision.rules.filter(({ vote }) => vote === "hold").map(({ id }) => id);
    expect(against).toEqual(expect.arrayContaining(["DE-2", "HS-P2"]));
    expect(action.decision.triggered_rules).toHaveLength(against.length);
    expect(action.decision.conditions).toHaveLength(against.length);
    expect(action.entries.map(({ kind }) => kind)).toEqual(["policy.decision", "approval.requested"]);
    expect(events.map(({ type }) => type)).toContain("action_held");
    await expect(engine.complete(agent, action.id, { outcome: "done" })).rejects.toMatchObject({
      code: "ACTION_NOT_RELEASED",
    });
  });

  test("A-02: confirmed, then completed, then a second confirmation is refused; the entries share one digest", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { mode: "High Security", posture: "DEFENSE" });
    const { id, digest } = await engine.propose(agent, TRANSFER);
    expect(await engine.approve(bert, id, { digest })).toMatchObject({ state: "released" });
    const done = await engine.complete(agent, id, { outcome: "done", detail: "sent" });
    expect(done.state).toBe("executed");
    await expect(engine.approve(anna, id)).rejects.toMatchObject({ code: "ACTION_ALREADY_ANSWERED" });
    const kinds = done.entries.map(({ kind }) => kind);
    expect(kinds).toEqual([
      "policy.decision",
      "approval.requested",
      "approval.given",
      "policy.decision",
      "x.action.completed",
    ]);
    for (const { index } of done.entries) {
      const { entry } = await engine.entry(anna, index);
      expect(entry.data["action_digest"]).toBe(digest);
    }
  });

  test("A-03: 51 SOL are not covered by the yes to 50", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { mode: "High Security", posture: "DEFENSE" });
    const held = await engine.propose(agent, TRANSFER);
    const more = words("Transfer 51 SOL to marketing wallet.");
    await expect(engine.propose(agent, { ...more, id: held.id })).rejects.toMatchObject({
      code: "ACTION_DIGEST_MISMATCH",
    });
    const another = await engine.propose(agent, more);
    await expect(engine.approve(bert, another.id, { digest: held.digest })).rejects.toMatchObject({
      code: "ACTION_DIGEST_MISMATCH",
    });
    expect(await engine.getAction(anna, another.id)).toMatchObject({ state: "held" });
  });

  test.each([
    ["A-04", "None (Unrestricted)", "SCOUT", "transfer 1 SOL", "deny"],
    ["A-05", "None (Unrestricted)", "OFFENSE", "delete the database", "allow"],
    ["A-06", "None (Unrestricted)", "SCOUT", "Read the quarterly summary", "allow"],
    ["A-07", "High Security", "OFFENSE", "delete the database", "hold"],
    ["A-08", "None (Unrestricted)", "SCOUT", "rm -rf /", "deny"],
    ["A-08", "None (Unrestricted)", "SCOUT", "withdraw 10 ETH", "deny"],
    ["A-09", "None (Unrestricted)", "SCOUT", "display payload in the runtime posture panel", "allow"],
  ])("%s: under %s and %s, `%s` is: %s", async (_case, mode, posture, text, decision) => {
    const { engine } = house;
    await engine.setGovernance(anna, { mode, posture });
    const action = await engine.propose(agent, words(text));
    expect(action.decision.decision).toBe(decision);
    expect(action.decision.permitted).toBe(decision === "allow");
    const { entry } = await engine.entry(anna, action.decision.index);
    expect(entry).toMatchObject({ kind: "policy.decision", data: { action_id: action.id, outcome: decision } });
  });

  test("A-11: RESEARCH and SCOUT are stored canonical and the typed mode is kept", async () => {
    const view = await house.engine.setGovernance(anna, { mode: "RESEARCH", posture: "SCOUT" });
    expect(view).toMatchObject({ mode: "Research", mode_input: "RESEARCH", posture: "SCOUT", version: 1 });
  });

  test("A-12: `high security` is stored as High Security and enforced", async () => {
    const view = await house.engine.setGovernance(anna, { mode: "high security", posture: "OFFENSE" });
    expect(view.mode).toBe("High Security");
    const action = await house.engine.propose(agent, words("delete the database"));
    expect(action.decision.decision).toBe("hold");
  });

  const refused: readonly object[] = [
    { mode: "High Securty" },
    { posture: "YOLO" },
    { role: "boss" },
    { colour: "red" },
    {},
  ];

  test.each(refused)("A-13: %j is refused and the state is untouched", async (patch) => {
    const before = await house.engine.governance(anna);
    await expect(house.engine.setGovernance(anna, patch as GovernancePatch)).rejects.toMatchObject({
      code: "GOVERNANCE_INVALID",
    });
    expect(await house.engine.governance(anna)).toEqual(before);
  });

  test("A-14: posture typed as `scout` is SCOUT, and deletes are denied under it", async () => {
    expect(await house.engine.setGovernance(anna, { posture: "scout" })).toMatchObject({ posture: "SCOUT" });
    expect(await house.engine.propose(agent, words("delete the file"))).toMatchObject({ state: "denied" });
  });

  test("A-52: an Observer's state change is denied", async () => {
    await house.engine.setGovernance(anna, { posture: "OFFENSE" });
    await house.engine.setSystem(anna, { system_id: "gpt", active: true, role: "observer" });
    expect(await house.engine.propose(other, words("write the config"))).toMatchObject({ state: "denied" });
    expect(await house.engine.propose(other, words("read the documentation"))).toMatchObject({ state: "open" });
  });

  test("a child agent has no more than its parents: their role, their muting", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    const child = {
      ...agent,
      principal: { type: "agent", id: "child" },
      onBehalfOf: [other.principal, anna.principal],
    } as const;
    expect(await engine.propose(child, words("write the config"))).toMatchObject({ state: "open" });
    await engine.setSystem(anna, { system_id: "gpt", active: true, role: "secondary" });
    expect(await engine.propose(child, words("write the config"))).toMatchObject({ state: "held" });
    await engine.setSystem(anna, { system_id: "gpt", muted: true });
    expect(await engine.propose(child, words("read the page"))).toMatchObject({ state: "denied" });
  });

  test("D-2: inactive and muted agents are denied, the operator in person is not", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    await engine.setSystem(anna, { system_id: "gpt", active: true, role: "primary", muted: true });
    expect(await engine.propose(other, words("read the page"))).toMatchObject({ state: "denied" });
    await engine.setSystem(anna, { system_id: "gpt", active: false, muted: false });
    expect(await engine.propose(other, words("read the page"))).toMatchObject({ state: "denied" });
    expect(await engine.propose(anna, words("read the page"))).toMatchObject({ state: "open" });
  });
});
