import { expect, test } from "vitest";

import { agent, anna, openHouse, words } from "./support/house.ts";

test("closing waits for what is under way, wakes who waits, and refuses what comes", async () => {
  const house = await openHouse();
  await house.engine.setGovernance(anna, { posture: "DEFENSE" });
  const { id } = await house.engine.propose(agent, words("Transfer 1 SOL"));
  const waiting = house.engine.waitForAction(agent, id, { until: "settled", timeoutMs: 600_000 });
  const proposals = Array.from({ length: 20 }, () => house.engine.propose(agent, words("look")));
  const closing = house.engine.close();
  await expect(house.engine.propose(agent, words("late"))).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  expect((await Promise.all(proposals)).every(({ state }) => state === "open")).toBe(true);
  expect(await waiting).toMatchObject({ state: "held" });
  await closing;
  await house.close();
});
