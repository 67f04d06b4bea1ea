import { expect, test } from "vitest";

import type { Execution } from "../src/index.ts";
import { agent, anna, command, openHouse, words } from "./support/house.ts";
import { dryReceipt } from "./support/receipt.ts";

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

test("closing interrupts what runs, and its receipt is sealed before the end", async () => {
  let begun = (): void => {};
  const running = new Promise<void>((resolve) => (begun = resolve));
  const run = async ({ ticket, intent, receiptId, signal }: Execution) => {
    begun();
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    return dryReceipt(ticket, intent, receiptId);
  };
  const house = await openHouse({ execution: { sandboxed: true, run } });
  const { id } = await house.engine.propose(agent, command(["true"]));
  const ran = house.engine.run(agent, id, { mode: "dry" });
  await running;
  await house.engine.close();
  expect(await ran).toMatchObject({ state: "executed", receipt: { outcome: "dry_run" } });
  await house.close();
});
