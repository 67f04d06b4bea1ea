import { decide, entityStore, loadPolicySet } from "@writ/policy";
import type { EntityJson, PolicyRequest, PolicySet } from "@writ/policy";
import { expect, test } from "vitest";

import { agent, anna, bert, command, openHouse, shippedSet, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

async function privateText({ ledger }: House, index: number, field: string): Promise<string> {
  const opened = await ledger.openPrivate(index, field);
  return Buffer.from(opened!.content).toString("utf8");
}

test("every decision is made again from the log alone, with the same outcome and the same policies", async () => {
  const house = await openHouse();
  const { engine } = house;
  const acts = [words("Transfer 1 SOL"), words("delete the database"), words("look"), command(["rm", "-rf", "x"])];
  for (const posture of ["SCOUT", "DEFENSE", "OFFENSE"]) {
    for (const mode of ["High Security", "None (Unrestricted)"]) {
      await engine.setGovernance(anna, { posture, mode });
      for (const act of acts) {
        const { id, state } = await engine.propose(agent, act);
        if (state === "held") await engine.approve(bert, id);
        await engine.check(agent, act);
      }
    }
  }
  const locked = { name: "locked.cedar", text: '@id("LOCK")\nforbid (principal, action, resource);\n' };
  await engine.activatePolicies(anna, { ...shippedSet(), files: [...shippedSet().files, locked] });
  await engine.propose(agent, words("look"));

  let set: PolicySet | undefined;
  let made = 0;
  for await (const { index, value } of house.ledger.read(0, (await house.ledger.head()).size)) {
    if (value.kind === "policy.changed") {
      const { schema, files } = JSON.parse(await privateText(house, index, "set")) as ReturnType<typeof shippedSet>;
      set = await loadPolicySet({ policies: files, schema: { name: "writ.cedarschema", text: schema } });
      expect(set.digest).toBe(value.data["policy_digest"]);
    }
    if (value.kind !== "policy.decision") continue;
    const inputs = JSON.parse(await privateText(house, index, "entities")) as {
      readonly entities: readonly EntityJson[];
      readonly request: PolicyRequest;
    };
    const again = decide(set!, inputs.request, entityStore(set, inputs.entities));
    const { data } = value;
    const allowedByApproval = data["released"] === true && again.outcome === "hold";
    expect(data["outcome"]).toBe(allowedByApproval ? "allow" : again.outcome);
    expect(data).toMatchObject({
      determining: again.determining,
      spoke: again.spoke,
      advice: again.advice,
      holds: again.holds,
    });
    made += 1;
  }
  expect(made).toBeGreaterThan(50);
  await house.close();
});
