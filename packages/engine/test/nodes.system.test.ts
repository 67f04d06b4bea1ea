import { randomBytes } from "node:crypto";

import { createSigner, noteSigningKey, openLedger, volatileMemory } from "@writ/ledger";
import { openPostgres } from "@writ/store";
import type { Database } from "@writ/store";
import { describeWithPostgres } from "@writ/testkit";
import { expect, test } from "vitest";

import { openEngine } from "../src/index.ts";
import type { Engine } from "../src/index.ts";
import { dumpTables } from "../src/views/view-tables.ts";
import { agent, anna, bert, carla, command, shippedSet, words } from "./support/house.ts";

const ORIGIN = "test.example/nodes";

interface Node {
  readonly engine: Engine;
  readonly views: Database;
  close(): Promise<void>;
}

describeWithPostgres("engines on several nodes over one log on PostgreSQL", (server) => {
  let schemas = 0;

  /** Nodes with connections and views of their own; the log and its signer they share. */
  async function openNodes(count: number): Promise<readonly Node[]> {
    const { connectionString } = server();
    const run = (schemas += 1);
    const keys = [noteSigningKey(ORIGIN, new Uint8Array(32).fill(42))];
    const signer = createSigner({ origin: ORIGIN, keys, memory: volatileMemory() });
    const random = (bytes: number): Uint8Array => randomBytes(bytes);
    const openNode = async (n: number): Promise<Node> => {
      const database = await openPostgres({ connectionString, schema: `log_${run}` });
      const ledger = await openLedger({ database, signer, clock: { now: () => Date.now() }, random, origin: ORIGIN });
      const views = await openPostgres({ connectionString, schema: `views_${run}_${n}` });
      const parts = { ledger, views, policySet: shippedSet(), clock: () => Date.now(), random, sweepMs: 0 };
      const engine = await openEngine(parts);
      return {
        engine,
        views,
        close: async () => {
          await engine.close();
          await ledger.close();
        },
      };
    };
    // The first makes the log; the others meet it before any policies are pinned.
    const makers = await openPostgres({ connectionString, schema: `log_${run}` });
    await (
      await openLedger({ database: makers, signer, clock: { now: () => Date.now() }, random, origin: ORIGIN })
    ).close();
    return Promise.all(Array.from({ length: count }, (_, n) => openNode(n)));
  }

  test("once is once, whoever asks where", async () => {
    const nodes = await openNodes(3);
    const [one, two, three] = nodes.map(({ engine }) => engine) as [Engine, Engine, Engine];
    await one.setGovernance(anna, { posture: "DEFENSE" });
    const id = "019a9d2a-0000-7000-8000-000000000001";
    const proposals = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        [one, two, three][n % 3]!.propose(agent, { ...words("Transfer 1 SOL"), id }),
      ),
    );
    expect(new Set(proposals.map(({ decision }) => decision.audit_id)).size).toBe(1);
    const answers = await Promise.allSettled([one.approve(anna, id), two.approve(bert, id), three.reject(carla, id)]);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);

    await one.setGovernance(anna, { posture: "OFFENSE" });
    const run = await two.propose(agent, command());
    const tickets = await Promise.allSettled(
      [one, two, three].map((node) => node.issueTicket(agent, run.id, { mode: "dry" })),
    );
    expect(tickets.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { ticket } = await three.getAction(anna, run.id);
    const spent = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        [one, two, three][n % 3]!.redeem(anna, { ticketId: ticket!.id, actionDigest: run.digest }),
      ),
    );
    expect(spent.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await Promise.all(nodes.map((node) => node.close()));
  });

  test("tokens, governance and events of one are the others' at once", async () => {
    const nodes = await openNodes(2);
    const [one, two] = nodes.map(({ engine }) => engine) as [Engine, Engine];
    const { token, token_id } = await one.createToken(anna, { role: "agent" });
    expect(await two.authenticate(token)).toBeDefined();
    await two.revokeToken(anna, token_id);
    expect(await one.authenticate(token)).toBeUndefined();
    const { promise, resolve } = Promise.withResolvers<void>();
    two.subscribe(({ type }) => type === "action_held" && resolve());
    await one.setGovernance(anna, { posture: "DEFENSE" });
    const { id } = await one.propose(agent, words("Transfer 1 SOL"));
    await promise;
    const waiting = two.waitForAction(agent, id, { until: "answered", timeoutMs: 30_000 });
    await one.approve(bert, id);
    expect(await waiting).toMatchObject({ state: "released" });
    await Promise.all(nodes.map((node) => node.close()));
  });

  test("views of all nodes come to be the same, and the same as rebuilt ones", async () => {
    const nodes = await openNodes(2);
    const [one, two] = nodes.map(({ engine }) => engine) as [Engine, Engine];
    await one.setGovernance(anna, { posture: "OFFENSE" });
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => [one, two][n % 2]!.propose(agent, words(`write page ${n}`))),
    );
    await two.setGovernance(anna, { posture: "SCOUT" });
    await Promise.all([one.status(anna), two.status(anna)]);
    const [first, second] = await Promise.all(nodes.map(({ views }) => dumpTables(views)));
    expect(first!.length).toBeGreaterThan(400);
    expect(first).toEqual(second);
    await one.rebuildViews(anna);
    expect(await dumpTables(nodes[0]!.views)).toEqual(second);
    const { actions } = await one.listActions(anna, { state: "open" });
    expect(actions).toEqual([]);
    await Promise.all(nodes.map((node) => node.close()));
  });
});
