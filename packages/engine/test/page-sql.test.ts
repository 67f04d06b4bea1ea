import { expect, test } from "vitest";

import { actionPage, entryPage } from "../src/page-sql.ts";
import { SQL } from "../src/views/schema.ts";
import { openHouse } from "./support/house.ts";

test("every page and every sweep is found through an index, whatever it is filtered by", async () => {
  const house = await openHouse();
  const all = { tenant: "local", state: undefined, run: undefined, principal: undefined, before: 9, limit: 5 } as const;
  const any = { tenant: "local", run: undefined, kind: undefined, after: 0, limit: 5 } as const;
  const queries = [
    actionPage(all),
    actionPage({ ...all, state: "held" }),
    actionPage({ ...all, run: "run-1" }),
    actionPage({ ...all, principal: "agent:claude" }),
    entryPage(any),
    entryPage({ ...any, run: "run-1" }),
    entryPage({ ...any, kind: "policy.decision" }),
    { sql: SQL.expired, params: [1, 2] },
    { sql: SQL.counts, params: ["local"] },
    { sql: SQL.contractDrop, params: ["local", 1] },
    { sql: SQL.ticketGet, params: ["local", "id"] },
  ];
  const used: string[] = [];
  for (const { sql, params } of queries) {
    const plan = await house.views.read((tx) => tx.all(`EXPLAIN QUERY PLAN ${sql}`, params));
    const text = plan.map((row) => String(row["detail"])).join("; ");
    expect(text, sql).not.toMatch(/\bSCAN\b|TEMP B-TREE/u);
    used.push(/INDEX (?:sqlite_autoindex_)?(view_\w+) \(/u.exec(text)?.[1] ?? "primary key");
  }
  expect(used).toEqual([
    "view_action_idx",
    "view_action_state",
    "view_action_run",
    "view_action_principal",
    "primary key",
    "view_entry_run",
    "view_entry_kind",
    "view_action_expiry",
    "view_action_state",
    "view_action_idx",
    "view_ticket_1",
  ]);
  await house.close();
});
