import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithPostgres, startPostgres, type PostgresServer } from "@writ/testkit";
import { createInstallation, stopOwner, type Installation } from "./support/installation.ts";

describeWithPostgres("one log on PostgreSQL, two nodes of Writ", () => {
  let postgres: PostgresServer;
  let writ: Installation;

  beforeAll(async () => {
    postgres = await startPostgres();
    writ = createInstallation();
  });
  afterAll(async () => {
    await stopOwner({ WRIT_HOME: join(writ.folder, "second") });
    await writ.dispose();
    await postgres.stop();
  });

  test("each sees what the other recorded, and a ticket is spent once for both", async () => {
    const first = { WRIT_DATABASE: postgres.connectionString };
    const second = { ...first, WRIT_HOME: join(writ.folder, "second") };
    const set = await writ.run(["posture", "DEFENSE"], { environment: first });
    expect(set).toMatchObject({ code: 0 });
    expect((await writ.run(["posture"], { environment: second })).stdout).toContain("DEFENSE");
    const held = await writ.run(["run", "--no-wait", "--json", "--dry-run", "--", "git", "push"], {
      environment: first,
    });
    const { action } = JSON.parse(held.stdout) as { action: { id: string } };
    expect((await writ.run(["inbox"], { environment: second })).stdout).toContain(action.id);
    expect((await writ.run(["approve", action.id, "--yes"], { environment: second })).code).toBe(0);
    const args = ["run", "--json", "--dry-run", "--action", action.id, "--", "git", "push"];
    const both = await Promise.all([writ.run(args, { environment: first }), writ.run(args, { environment: second })]);
    expect(both.map(({ code }) => code)).toContain(0);
    const log = await writ.run(["log", "list", "--kind", "ticket.spent", "--json"], { environment: first });
    expect((JSON.parse(log.stdout) as { entries: object[] }).entries).toHaveLength(1);
  }, 120_000);
});
