import { afterAll, beforeAll, describe, expect, test } from "vitest";

import * as room from "../src/index.ts";
import { agent, anna, bert, command, openHouse, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;
/** Keys of `data`, and names of private fields, by kind; in the order of the log. */
const found: {
  kind: string;
  data: readonly string[];
  fields: readonly string[];
  who: readonly string[];
  refs: readonly string[];
}[] = [];

const DECISION = [
  "action",
  "action_digest",
  "action_id",
  "advice",
  "auth",
  "credential",
  "determining",
  "effects",
  "erroring",
  "governance",
  "holds",
  "live",
  "outcome",
  "policy_digest",
  "policy_engine",
  "purpose",
  "roster_version",
  "spoke",
  "tool",
];

beforeAll(async () => {
  house = await openHouse();
  const { engine } = house;
  await engine.setGovernance(anna, { posture: "DEFENSE" });
  await engine.setSystem(anna, { system_id: "claude", active: true, role: "primary" });
  const { token_id } = await engine.createToken(anna, { role: "agent", label: "laptop" });
  await engine.revokeToken(anna, token_id);
  const held = await engine.propose(agent, words("Transfer 1 SOL"));
  await engine.approve(bert, held.id, { note: "fine" });
  await engine.complete(agent, held.id, { outcome: "done", detail: "sent" });
  const refused = await engine.propose(agent, words("Transfer 2 SOL"));
  await engine.reject(bert, refused.id, { note: "no" });
  const run = await engine.propose(agent, { ...command(), run: "run-1" });
  const ticket = await engine.issueTicket(agent, run.id, { mode: "dry" });
  await engine.redeem(anna, { ticketId: ticket.id, actionDigest: run.digest });
  await engine.recover(anna, { ticketId: ticket.id });
  const late = await engine.propose(agent, words("Transfer 3 SOL"));
  house.clock.ms += 24 * 3_600_000;
  await engine.approve(bert, late.id).catch(() => {});
  await engine.propose(agent, words("write the config"));
  await engine.setGovernance(anna, { posture: "SCOUT" });
  await engine.erase(anna, { subject: "operator:nobody", ground: "test" });
  for await (const { value } of house.ledger.read(1, (await house.ledger.head()).size)) {
    const { kind, data, who, refs = [], private: fields = {} } = value;
    const names = (object: object): string[] => Object.keys(object).toSorted();
    found.push({ kind, data: names(data), fields: names(fields), who: names(who), refs: refs.map(({ rel }) => rel) });
  }
});
afterAll(() => house.close());

describe("what is written into the log", () => {
  const agentWho = ["agent", "on_behalf_of", "tenant"];
  const operatorWho = ["agent", "tenant"];
  const named = ["action_digest", "action_id"];
  test.each([
    ["policy.changed", ["files", "policies", "policy_digest", "policy_engine"], ["set"], ["tenant"], []],
    ["x.system.changed", ["systems", "version"], [], operatorWho, []],
    ["x.token.created", ["hash", "lookup", "principal", "role", "salt", "token_id"], ["label"], operatorWho, []],
    ["x.token.revoked", ["hash", "principal", "role", "salt", "token_id"], [], operatorWho, []],
    ["policy.decision", DECISION, ["contract", "entities"], agentWho, []],
    [
      "approval.requested",
      [...named, "approvals_required", "expires_at", "generation", "requirements"],
      [],
      agentWho,
      ["decision"],
    ],
    ["approval.given", [...named, "auth", "expires_at"], ["note"], ["approver", "tenant"], ["decision"]],
    ["approval.refused", [...named, "auth"], ["note"], ["approver", "tenant"], ["decision"]],
    ["x.action.completed", [...named, "outcome"], ["detail"], agentWho, ["decision"]],
    ["ticket.issued", ["ticket"], [], agentWho, ["decision"]],
    ["ticket.spent", [...named, "ticket_id"], [], operatorWho, ["decision", "ticket"]],
    ["execution.intent", [...named, "deadline", "fence", "mode", "ticket_id"], [], operatorWho, ["decision", "ticket"]],
    ["execution.receipt", ["fence", "receipt"], [], operatorWho, ["intent"]],
    ["x.action.expired", [...named, "reason"], [], ["tenant"], []],
    ["x.action.revoked", [...named, "reason"], [], ["tenant"], ["decision"]],
  ])("%s holds exactly these facts", (kind, data, fields, who, refs) => {
    expect(found.find((one) => one.kind === kind)).toEqual({ kind, data: data.toSorted(), fields, who, refs });
  });

  test("governance is written with all thirteen fields and its version, the typed mode beside it", () => {
    const { data, fields } = found.find(({ kind }) => kind === "x.governance.changed")!;
    expect(data).toHaveLength(14);
    expect(fields).toEqual(["mode_input"]);
  });

  test("the decision that releases says so, and refers to the one before", () => {
    const decisions = found.filter(({ kind }) => kind === "policy.decision");
    expect(decisions[1]).toMatchObject({ data: [...DECISION, "released"].toSorted(), refs: ["decision"] });
  });
});

test("the room exports these names", () => {
  expect(Object.keys(room).toSorted()).toEqual([
    "ACTION_EVENTS",
    "ACTION_STATES",
    "approvalPorts",
    "loadRecordedSet",
    "openEngine",
    "processEffects",
    "recordSigner",
    "recordVerifier",
    "redecideRecord",
  ]);
});
