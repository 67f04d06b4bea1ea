import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { agent, anna, bert, openHouse, shippedSet, stranger, viewer, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

describe("a token", () => {
  test.each(["operator", "agent", "viewer"] as const)(
    "of an %s is shown once and stands for its principal",
    async (role) => {
      const created = await house.engine.createToken(anna, { role, principal: "dora", label: "laptop" });
      expect(created.token).toMatch(new RegExp(`^writ_${role}_[A-Za-z0-9_-]{43}$`, "u"));
      const type = role === "agent" ? "agent" : "operator";
      expect(await house.engine.authenticate(created.token)).toEqual({
        tenant: "local",
        principal: { type, id: "dora" },
        onBehalfOf: [],
        rights: role,
        auth: "token",
        credential: created.token_id,
      });
      const { token: _token, ...view } = created;
      expect(await house.engine.listTokens(anna)).toEqual([view]);
      expect(view).toMatchObject({ label: "laptop", revoked_at: null });
    },
  );

  test("is not made in trial mode, which it would outlive", async () => {
    const trial = { ...anna, auth: "trial", credential: "trial" } as const;
    for (const role of ["operator", "agent", "viewer"] as const)
      await expect(house.engine.createToken(trial, { role })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("is nowhere in the log, nor is its label outside the private part", async () => {
    const { token } = await house.engine.createToken(anna, { role: "agent", label: "of the blue laptop" });
    for await (const { bytes } of house.ledger.read(0, (await house.ledger.head()).size)) {
      const text = Buffer.from(bytes).toString("utf8");
      expect(text).not.toContain(token.slice(-43));
      expect(text).not.toContain("blue laptop");
    }
  });

  test("is refused from the moment it is revoked, also for what it proposed", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "OFFENSE" });
    const { token, token_id } = await engine.createToken(anna, { role: "agent" });
    const caller = (await engine.authenticate(token))!;
    const { id } = await engine.propose(caller, words("delete the database"));
    expect((await engine.revokeToken(anna, token_id)).revoked_at).not.toBeNull();
    expect(await engine.authenticate(token)).toBeUndefined();
    expect(await engine.revokeToken(bert, token_id)).toMatchObject({ token_id });
    expect(await engine.getAction(anna, id)).toMatchObject({ state: "revoked" });
  });

  test.each(["agent", "operator"] as const)(
    "of an %s leaves nothing that it proposed, also where no policy asks about callers",
    async (role) => {
      await house.close();
      const text = '@id("all") permit (principal, action, resource);';
      house = await openHouse({ policySet: { ...shippedSet(), files: [{ name: "own.cedar", text }] } });
      const { engine } = house;
      const { token, token_id } = await engine.createToken(anna, { role });
      const caller = (await engine.authenticate(token))!;
      const { id } = await engine.propose(caller, words("write the config"));
      await engine.revokeToken(anna, token_id);
      expect(await engine.getAction(anna, id)).toMatchObject({ state: "revoked" });
      expect(await engine.propose(caller, words("write the config"))).toMatchObject({ state: "revoked" });
    },
  );

  test("survives a restart", async () => {
    const { token } = await house.engine.createToken(anna, { role: "agent", principal: "agent:dora" });
    house = await house.crash();
    expect(await house.engine.authenticate(token)).toMatchObject({ principal: { type: "agent", id: "dora" } });
  });

  test.each([
    "",
    "writ_agent_",
    `writ_owner_${"a".repeat(43)}`,
    `writ_agent_${"a".repeat(42)}`,
    `writ_agent_${"a".repeat(43)} `,
    `writ_agent_${"a".repeat(43)}`,
    "x".repeat(100_000),
  ])("of another form or unknown stands for nobody", async (text) => {
    expect(await house.engine.authenticate(text)).toBeUndefined();
  });

  test("with one character changed stands for nobody", async () => {
    const { token } = await house.engine.createToken(anna, { role: "agent" });
    const last = token.endsWith("A") ? "E" : "A";
    expect(await house.engine.authenticate(token.slice(0, -1) + last)).toBeUndefined();
  });

  test("is created, listed and revoked by operators alone, each in their tenant", async () => {
    const { engine } = house;
    const { token_id } = await engine.createToken(anna, { role: "agent" });
    for (const caller of [agent, viewer]) {
      await expect(engine.createToken(caller, { role: "agent" })).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(engine.listTokens(caller)).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(engine.revokeToken(caller, token_id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    expect(await engine.listTokens(stranger)).toEqual([]);
    await expect(engine.revokeToken(stranger, token_id)).rejects.toMatchObject({ code: "TOKEN_NOT_FOUND" });
  });

  test.each([
    [{ role: "owner" }],
    [{ role: "agent", principal: "a b" }],
    [{ role: "agent", principal: "x".repeat(65) }],
    [{ role: "agent", label: "x".repeat(257) }],
  ])("%j is out of bounds", async (options) => {
    await expect(house.engine.createToken(anna, options as { role: "agent" })).rejects.toMatchObject({
      code: "REQUEST_INVALID",
    });
  });
});
