import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { agent, anna, openHouse, stranger, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

const DAY_MS = 86_400_000;
let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const request = { kind: "policy.decision", days: 30 } as const;

describe("what is kept for a time", () => {
  test("goes when its time is over, out of log and views, and what is younger or held stays", async () => {
    const { engine, clock } = house;
    const old = await engine.propose(agent, words("read the diary of Miriam"));
    const held = await engine.propose(agent, { ...words("read the other diary"), run: "case-7" });
    clock.ms += 31 * DAY_MS;
    const young = await engine.propose(agent, words("read the weather"));
    const plan = await engine.planRetention(anna, { ...request, holdRuns: ["case-7"] });
    expect(plan).toMatchObject({ kind: "policy.decision", days: 30, more: false });
    expect(plan.fields.map(({ field }) => field)).toEqual(["contract", "entities"]);
    const done = await engine.retain(anna, { ...request, holdRuns: ["case-7"], ground: "house rule 4" });
    expect(done).toMatchObject({ erased: 2, entries: [expect.any(String) as string] });
    expect(await engine.getAction(agent, old.id)).toMatchObject({ contract: null, summary: "(erased)" });
    for (const { id } of [held, young]) expect(await engine.getAction(agent, id)).not.toMatchObject({ contract: null });
    const { size } = await engine.head(anna);
    expect((await engine.entry(anna, size - 1)).entry).toMatchObject({
      kind: "erasure",
      data: { ground: "house rule 4", erased: [{ fields: ["contract", "entities"] }] },
    });
    expect(await engine.retain(anna, { ...request, holdRuns: ["case-7"], ground: "again" })).toMatchObject({
      erased: 0,
    });
  });

  test("is an operator's to end, in his own tenant", async () => {
    const { engine, clock } = house;
    await engine.propose(agent, words("read the page"));
    clock.ms += 31 * DAY_MS;
    await expect(engine.planRetention(agent, request)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(engine.retain(agent, { ...request, ground: "x" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await engine.planRetention(stranger, request)).fields).toEqual([]);
  });

  test.each([
    { kind: "policy.changed", days: 30 },
    { kind: "no.such.kind", days: 30 },
    { kind: "policy.decision", days: 6 },
    { kind: "policy.decision", days: 7.5 },
    { kind: "policy.decision", days: 30, holdRuns: [""] },
  ])("is not ended by %o", async (wrong) => {
    await expect(house.engine.planRetention(anna, wrong)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });
});
