import { WritError } from "@writ/canon";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { EngineEvent, PolicySetSource } from "../src/index.ts";
import { agent, anna, bert, openHouse, other, shippedSet, stranger, viewer, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

describe("lists", () => {
  test.each([
    ["policy.decison", "policy.decision, policy.changed"],
    ["receipt", "execution.receipt"],
    ["x.", "policy.decision, ticket.issued"],
    ["", "policy.decision, ticket.issued"],
  ])("of entries of the kind `%s` are refused, since there is none, with those that are near", async (kind, near) => {
    await expect(house.engine.entries(anna, { kind })).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      details: { field: "kind" },
      reason: expect.stringContaining(`one of: ${near}`) as string,
    });
  });

  test("of actions are paged newest first, and agents see their own", async () => {
    const { engine } = house;
    const ids: string[] = [];
    for (let n = 0; n < 7; n++)
      ids.push((await engine.propose(n % 2 === 0 ? agent : other, words(`read page ${n}`))).id);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await engine.listActions(viewer, { limit: 3, ...(after !== undefined && { after }) });
      seen.push(...page.actions.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(ids.toReversed());
    expect((await engine.listActions(agent)).actions.map(({ id }) => id)).toEqual(
      ids.filter((_, n) => n % 2 === 0).toReversed(),
    );
    expect((await engine.listActions(anna, { state: "held" })).actions).toEqual([]);
    expect((await engine.listActions(stranger)).actions).toEqual([]);
    await expect(engine.getAction(other, ids[0]!)).rejects.toMatchObject({ code: "ACTION_NOT_FOUND" });
    await expect(engine.getAction(stranger, ids[0]!)).rejects.toMatchObject({ code: "ACTION_NOT_FOUND" });
  });

  test("of entries are paged oldest first, by run, kind and action", async () => {
    const { engine } = house;
    const { id } = await engine.propose(agent, { ...words("read page 1"), run: "run-1" });
    await engine.propose(agent, { ...words("read page 2"), run: "run-1" });
    await engine.complete(agent, id, { outcome: "done" });
    const run = await engine.entries(anna, { run: "run-1" });
    expect(run.entries.map(({ entry }) => entry.kind)).toEqual([
      "policy.decision",
      "policy.decision",
      "x.action.completed",
    ]);
    expect((await engine.entries(anna, { kind: "x.action.completed" })).entries).toHaveLength(1);
    expect((await engine.entries(anna, { action: id })).entries).toHaveLength(2);
    const first = await engine.entries(anna, { run: "run-1", limit: 2 });
    expect(first.next).toBe(first.entries[1]!.index);
    const rest = await engine.entries(anna, { run: "run-1", limit: 2, after: first.next! });
    expect(rest).toMatchObject({ next: null, entries: [{ entry: { kind: "x.action.completed" } }] });
    expect((await engine.entries(stranger)).entries).toEqual([]);
    await expect(engine.entry(stranger, first.next!)).rejects.toMatchObject({ code: "ENTRY_NOT_FOUND" });
    await expect(engine.entries(agent)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test.each([
    [{ limit: 0 }],
    [{ limit: 501 }],
    [{ limit: 1.5 }],
    [{ after: "x" }],
    [{ state: "gone" }],
    [{ run: "x".repeat(129) }],
  ])("refuse %j", async (filter) => {
    await expect(house.engine.listActions(anna, filter as object)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });
});

describe("exports", () => {
  test("a run comes as a bundle, an entry with its proof, the head signed", async () => {
    const { engine } = house;
    const { decision } = await engine.propose(agent, { ...words("read page 1"), run: "run-1" });
    const lines: string[] = [];
    for await (const line of engine.exportRun(anna, { run: "run-1", since: 1 })) lines.push(line);
    expect(lines[1]).toMatch(/^\{"consistency":\{"proof":\[.+\],"size":1\}\}\n$/u);
    expect(lines.every((line) => line.endsWith("\n"))).toBe(true);
    expect(lines.join("")).toContain(decision.audit_id);
    expect(await engine.proof(anna, decision.index)).toMatch(/^c2sp\.org\/tlog-proof@v1\n/u);
    await expect(engine.proof(stranger, decision.index)).rejects.toMatchObject({ code: "ENTRY_NOT_FOUND" });
    expect((await engine.checkpoint(viewer)).split("\n")[1]).toBe(String((await engine.head(viewer)).size));
    await expect(engine.exportRun(anna, { since: 0 })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "REQUEST_INVALID",
    });
    await expect(engine.exportRun(agent, {})[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });
});

describe("waiting", () => {
  test("ends with the answer", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const { id } = await engine.propose(agent, words("Transfer 1 SOL"));
    const waiting = engine.waitForAction(agent, id, { until: "answered", timeoutMs: 60_000 });
    await engine.approve(bert, id);
    expect(await waiting).toMatchObject({ state: "released" });
    const settled = engine.waitForAction(agent, id, { until: "settled", timeoutMs: 60_000 });
    await engine.complete(agent, id, { outcome: "done" });
    expect(await settled).toMatchObject({ state: "executed" });
  });

  test("ends with the time, with the caller, and with the engine", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const { id } = await engine.propose(agent, words("Transfer 1 SOL"));
    expect(await engine.waitForAction(agent, id, { until: "answered", timeoutMs: 5 })).toMatchObject({ state: "held" });
    const aborted = AbortSignal.abort();
    expect(
      await engine.waitForAction(agent, id, { until: "answered", timeoutMs: 60_000, signal: aborted }),
    ).toMatchObject({ state: "held" });
    await expect(engine.waitForAction(agent, id, { until: "answered", timeoutMs: 600_001 })).rejects.toMatchObject({
      code: "REQUEST_INVALID",
    });
  });
});

test("a caller's signal that outlives its wait keeps nothing of it", async () => {
  const { engine } = house;
  await engine.setGovernance(anna, { posture: "DEFENSE" });
  const { id } = await engine.propose(agent, words("Transfer 1 SOL"));
  const { signal } = new AbortController();
  await engine.waitForAction(agent, id, { until: "answered", timeoutMs: 1, signal });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

describe("events", () => {
  test("tell each step after its commit, in order, with the entry behind it", async () => {
    const { engine } = house;
    const events: EngineEvent[] = [];
    const stop = engine.subscribe((event) => events.push(event));
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    const { id } = await engine.propose(agent, words("Transfer 1 SOL"));
    await engine.approve(bert, id);
    await engine.complete(agent, id, { outcome: "done" });
    stop();
    await engine.propose(agent, words("read the page"));
    const told = events.filter(({ type }) => type !== "entry");
    expect(told.map(({ type }) => type)).toEqual([
      "governance_updated",
      "action_held",
      "action_released",
      "action_executed",
    ]);
    expect(told.every(({ tenant }) => tenant === "local")).toBe(true);
    const indexes = events.map(({ index }) => index);
    expect(indexes).toEqual(indexes.toSorted((a, b) => a - b));
  });
});

describe("status", () => {
  test("counts what waits and tells the gate's own state", async () => {
    const { engine } = house;
    await engine.setGovernance(anna, { posture: "DEFENSE" });
    await engine.propose(agent, words("Transfer 1 SOL"));
    expect(await engine.status(viewer)).toMatchObject({
      writable: true,
      not_writable: null,
      holds: 1,
      unfinished: 0,
      trial: false,
      execution: false,
      governance: { posture: "DEFENSE", version: 1 },
      policies: { state: "active", pending_digest: null, pending_error: null },
    });
  });

  test("trial mode is flagged in every entry made under it", async () => {
    await house.close();
    house = await openHouse({ trial: true });
    const trial = { ...anna, auth: "trial", credential: "trial" } as const;
    const action = await house.engine.propose(trial, words("read the page"));
    expect(action.trial).toBe(true);
    await house.engine.setGovernance(trial, { posture: "DEFENSE" });
    for await (const { value } of house.ledger.read(1, (await house.ledger.head()).size)) {
      expect(value.data["trial"], value.kind).toBe(true);
    }
  });
});

describe("policies", () => {
  const locked = {
    name: "locked.cedar",
    text: '@id("LOCK")\n@text("Everything is locked.")\nforbid (principal, action, resource);\n',
  };

  test("of another digest wait until an operator activates them, and then decide", async () => {
    const own = { ...shippedSet(), origin: "operator", files: [...shippedSet().files, locked] } as const;
    const { id } = await house.engine.propose(agent, words("read the page"));
    const before = await house.engine.policies(viewer);
    const view = await house.engine.activatePolicies(anna, own);
    expect(view.policy_digest).not.toBe(before.policy_digest);
    expect(await house.engine.getAction(anna, id)).toMatchObject({ state: "revoked" });
    const denied = await house.engine.propose(agent, words("read the page"));
    expect(denied).toMatchObject({
      state: "denied",
      decision: { determining: ["LOCK"], triggered_rules: ["Everything is locked."] },
    });
    house = await house.crash();
    expect(await house.engine.policies(viewer)).toMatchObject({
      state: "pending",
      policy_digest: view.policy_digest,
      pending_digest: before.policy_digest,
    });
    expect(await house.engine.propose(agent, words("read the page"))).toMatchObject({ state: "denied" });
    await expect(house.engine.activatePolicies(agent, own)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("are compared with what the folder holds at the moment of asking, and looked at without loading", async () => {
    await house.close();
    let held: PolicySetSource = shippedSet();
    const unreadable = new WritError({
      code: "POLICY_UNREADABLE",
      message: "gone",
      reason: "ENOENT",
      next: "put it back",
    });
    let looks: () => Promise<PolicySetSource> = () => Promise.resolve(held);
    house = await openHouse({ offeredPolicies: () => looks() });
    const { engine } = house;
    const now = async () => [await engine.policies(viewer), (await engine.status(viewer)).policies];
    for (const view of await now()) expect(view).toMatchObject({ state: "active", pending_digest: null });
    held = { ...held, origin: "operator", files: [...held.files, locked] };
    const { policy_digest: digest } = await engine.planPolicies(anna, held);
    for (const view of await now()) expect(view).toMatchObject({ state: "pending", pending_digest: digest });
    held = { ...held, files: [{ name: "broken.cedar", text: "permit (" }] };
    for (const view of await now()) expect(view).toMatchObject({ state: "pending", pending_error: null });
    looks = () => Promise.reject(unreadable);
    const pending = { state: "pending", pending_digest: null, pending_error: { code: "POLICY_UNREADABLE" } };
    for (const view of await now()) expect(view).toMatchObject(pending);
    expect(await engine.propose(agent, words("read the page"))).toMatchObject({ state: "open" });
  });

  test("show beforehand what would change, and only what was shown is activated", async () => {
    const own = { ...shippedSet(), origin: "operator", files: [...shippedSet().files, locked] } as const;
    const plan = await house.engine.planPolicies(anna, own);
    const { policy_digest: deciding } = await house.engine.policies(viewer);
    expect(plan).toMatchObject({
      replaces: deciding,
      schema_changed: false,
      changes: [{ id: "LOCK", before: null, after: expect.stringContaining("Everything is locked.") }],
    });
    expect(plan.policy_digest).not.toBe(deciding);
    for (const expected of [{ digest: deciding }, { replaces: plan.policy_digest }]) {
      await expect(house.engine.activatePolicies(anna, own, expected)).rejects.toMatchObject({
        code: "CONCURRENT_CHANGE",
      });
    }
    const shown = { digest: plan.policy_digest, replaces: plan.replaces };
    expect(await house.engine.activatePolicies(anna, own, shown)).toMatchObject({
      state: "active",
      pending_digest: null,
      policy_digest: plan.policy_digest,
    });
    await expect(house.engine.planPolicies(agent, own)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("that are faulty are refused as a whole", async () => {
    const bad = { ...shippedSet(), files: [{ name: "bad.cedar", text: "permit (" }] };
    await expect(house.engine.activatePolicies(anna, bad)).rejects.toMatchObject({
      code: expect.stringMatching(/^POLICY_/u),
    });
    expect(await house.engine.propose(agent, words("read the page"))).toMatchObject({ state: "open" });
  });
});

describe("erasure", () => {
  test("takes a person's content out of log and views, and both still hold together", async () => {
    const { engine } = house;
    const { id } = await engine.propose(agent, words("read the diary of Miriam"));
    await engine.createToken(anna, { role: "agent", label: "of Miriam" });
    const plan = await engine.planErasure(anna, { subject: "operator:anna" });
    expect(plan.fields.map(({ field }) => field)).toEqual(expect.arrayContaining(["contract", "entities", "label"]));
    await expect(engine.erase(agent, { subject: "operator:anna", ground: "gdpr-17" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const result = await engine.erase(anna, { subject: "operator:anna", ground: "gdpr-17" });
    expect(result.entry).not.toBeNull();
    expect(await engine.getAction(agent, id)).toMatchObject({ contract: null, summary: "(erased)", state: "open" });
    expect((await engine.listTokens(anna))[0]).toMatchObject({ label: null });
    await engine.setGovernance(anna, { goal: "another" });
    await expect(engine.complete(agent, id, { outcome: "done" })).rejects.toMatchObject({ code: "ACTION_ERASED" });
    expect((await engine.planErasure(stranger, { subject: "operator:anna" })).fields).toEqual([]);
  });
});
