import { setTimeout as pause } from "node:timers/promises";

import { expect, test } from "vitest";

import { agent, anna, openHouse, words } from "./support/house.ts";

test("holds that nobody looks at any more end by themselves, and everybody is told", async () => {
  const house = await openHouse({ sweepMs: 20 });
  await house.engine.setGovernance(anna, { posture: "DEFENSE" });
  const { id } = await house.engine.propose(agent, words("Transfer 1 SOL"));
  const told: string[] = [];
  house.engine.subscribe(({ type }) => told.push(type));
  await pause(100);
  expect(await house.engine.getAction(anna, id)).toMatchObject({ state: "held" });
  const waiting = house.engine.waitForAction(agent, id, { until: "settled", timeoutMs: 10_000 });
  house.clock.ms += 24 * 3_600_000;
  expect(await waiting).toMatchObject({ state: "expired", end_reason: "hold" });
  expect(told).toContain("action_expired");
  await house.close();
  await expect(house.engine.getAction(anna, id)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
});
