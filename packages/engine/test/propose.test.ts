import { formatUuid, uuidv7 } from "@writ/canon";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { ActionRequest } from "../src/index.ts";
import { agent, anna, command, NOON, openHouse, other, viewer, words } from "./support/house.ts";
import type { House } from "./support/house.ts";

let house: House;
let counter = 0;

beforeAll(async () => {
  house = await openHouse();
  await house.engine.setGovernance(anna, { posture: "OFFENSE" });
});
afterAll(() => house.close());

function freshId(): string {
  counter += 1;
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(4, counter);
  return formatUuid(uuidv7(NOON, bytes));
}

describe("a proposal", () => {
  test("sent fifty times at once under one id is one action", async () => {
    const id = freshId();
    const views = await Promise.all(
      Array.from({ length: 50 }, () => house.engine.propose(agent, { ...words("read page"), id })),
    );
    expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(1);
    const { entries } = await house.engine.entries(anna, { run: id });
    expect(entries).toHaveLength(1);
  });

  test("under an id that is taken changes nothing, whoever sends it", async () => {
    const id = freshId();
    await house.engine.propose(agent, { ...words("read page"), id });
    await expect(house.engine.propose(agent, { ...words("read another"), id })).rejects.toMatchObject({
      code: "ACTION_DIGEST_MISMATCH",
    });
    await expect(house.engine.propose(other, { ...words("read page"), id })).rejects.toMatchObject({
      code: "ACTION_NOT_FOUND",
    });
    for (const more of [{ live: true }, { run: "run-2" }]) {
      await expect(house.engine.propose(agent, { ...words("read page"), id, ...more })).rejects.toMatchObject({
        code: "ACTION_DIGEST_MISMATCH",
        message: expect.stringContaining(Object.keys(more)[0]!),
      });
    }
    expect(await house.engine.propose(agent, { ...words("read page"), id, run: id })).toMatchObject({ id });
    const [inRun, run] = [freshId(), "run-1"];
    await house.engine.propose(agent, { ...words("read page"), id: inRun, run });
    expect(await house.engine.propose(agent, { ...words("read page"), id: inRun })).toMatchObject({ id: inRun, run });
    expect((await house.engine.entries(anna, { run: id })).entries).toHaveLength(1);
  });

  test("has one digest however often it is made, and an id each time", async () => {
    const [one, two] = await Promise.all([
      house.engine.propose(agent, words("read page")),
      house.engine.propose(agent, words("read page")),
    ]);
    expect(one.digest).toBe(two.digest);
    expect(one.id).not.toBe(two.id);
  });

  test("keeps text and contract out of the entry, and shows what was decided from", async () => {
    const { decision } = await house.engine.propose(agent, words("read the diary of Miriam"));
    const { entry, opened } = await house.engine.entry(anna, decision.index);
    expect(JSON.stringify(entry)).not.toContain("Miriam");
    expect(opened?.["contract"]).toMatchObject({ text: expect.stringContaining("Miriam") });
    const inputs = JSON.parse((opened!["entities"] as { text: string }).text) as {
      request: object;
      entities: object[];
    };
    expect(inputs.request).toMatchObject({
      principal: { type: "Agent", id: "claude" },
      action: { type: "Action", id: "act" },
    });
    expect(inputs.entities.length).toBeGreaterThan(1);
    expect(entry.who).toEqual({ tenant: "local", agent: "agent:claude", on_behalf_of: "operator:anna" });
  });

  test("takes effects from declaration, words and command together", async () => {
    const said = await house.engine.propose(agent, { ...words("upload the page"), effects: ["destructive"] });
    expect(said.decision.effects).toEqual(expect.arrayContaining(["destructive", "outbound"]));
    const run = await house.engine.propose(agent, command(["rm", "-rf", "build"]));
    expect(run.decision.effects).toContain("destructive");
  });

  test("is not a viewer's to make", async () => {
    await expect(house.engine.propose(viewer, words("read page"))).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(house.engine.check(viewer, words("read page"))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("of an agent does not pass for a person's", async () => {
    const posing = { ...agent, principal: { type: "operator", id: "anna" } } as const;
    await expect(house.engine.propose(posing, words("read page"))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("checked only is recorded, and opens nothing", async () => {
    const before = await house.engine.listActions(anna);
    const decision = await house.engine.check(agent, words("delete the database"));
    expect(decision).toMatchObject({ decision: "allow", permitted: true });
    const { entry } = await house.engine.entry(anna, decision.index);
    expect(entry).toMatchObject({ id: decision.audit_id, data: { purpose: "check", action_digest: decision.digest } });
    expect(await house.engine.listActions(anna)).toEqual(before);
  });
});

describe("a malformed proposal is refused with a typed error, and nothing is recorded:", () => {
  const base = { action: "act", statement: { text: "x" } };
  const process = { action: "process.exec", process: { argv: ["ls"], cwd: "/work" } };
  const cases: readonly (readonly [string, unknown])[] = [
    ["null", null],
    ["a text", "act"],
    ["a list", []],
    ["no action", { statement: { text: "x" } }],
    ["an unknown action", { ...base, action: "fly" }],
    ["an unknown field", { ...base, colour: "red" }],
    ["a prototype field", JSON.parse('{"action":"act","statement":{"text":"x"},"__proto__":{"live":true}}')],
    ["an id that is no UUIDv7", { ...base, id: "00000000-0000-4000-8000-000000000000" }],
    ["an id in upper case", { ...base, id: "019A9D2A-0000-7000-8000-000000000001" }],
    ["a run that is too long", { ...base, run: "r".repeat(129) }],
    ["a run with a space", { ...base, run: "a b" }],
    ["no text", { ...base, statement: {} }],
    ["an empty text", { ...base, statement: { text: "" } }],
    ["a text beyond 64 KiB", { ...base, statement: { text: "x".repeat(65_537) } }],
    ["half a surrogate pair", { ...base, statement: { text: "\ud800" } }],
    ["half a surrogate pair in the arguments", { ...base, statement: { text: "x", args: { a: "\udfff" } } }],
    ["an amount that is no decimal", { ...base, statement: { text: "x", amount: "1e3" } }],
    ["an amount as a number", { ...base, statement: { text: "x", amount: 5 } }],
    ["a position that is no decimal", { ...base, statement: { text: "x", position: "much" } }],
    ["a tool that is too long", { ...base, statement: { text: "x", tool: "t".repeat(257) } }],
    ["a target that is too long", { ...base, statement: { text: "x", target: "t".repeat(4_097) } }],
    ["a rationale that is too long", { ...base, statement: { text: "x", rationale: "t".repeat(65_537) } }],
    ["too much evidence", { ...base, statement: { text: "x", evidence: Array.from({ length: 65 }, () => "e") } }],
    ["evidence that is no list", { ...base, statement: { text: "x", evidence: "e" } }],
    ["arguments that are no JSON", { ...base, statement: { text: "x", args: () => 1 } }],
    ["arguments with NaN", { ...base, statement: { text: "x", args: { a: Number.NaN } } }],
    ["an unknown effect", { ...base, effects: ["magic"] }],
    ["effects that are no list", { ...base, effects: "outbound" }],
    ["a scope for words", { ...base, scope: { write: ["/"] } }],
    ["live that is no truth value", { ...base, live: "yes" }],
    ["words and a process", { ...base, process: process.process }],
    ["a process for words", { action: "act", process: process.process }],
    ["words for a process", { action: "process.exec", statement: { text: "x" } }],
    ["a file action without target", { ...base, action: "file.read" }],
    ["no program", { ...process, process: { argv: [], cwd: "/work" } }],
    ["an empty program", { ...process, process: { argv: [""], cwd: "/work" } }],
    ["too many arguments", { ...process, process: { argv: Array.from({ length: 1_025 }, () => "a"), cwd: "/" } }],
    ["arguments beyond 24 KiB", { ...process, process: { argv: ["a".repeat(24_577)], cwd: "/" } }],
    ["an argument with NUL", { ...process, process: { argv: ["a\0b"], cwd: "/" } }],
    ["an argument that is no text", { ...process, process: { argv: ["a", 1], cwd: "/" } }],
    ["a relative folder", { ...process, process: { argv: ["a"], cwd: "work" } }],
    ["a variable with a value", { ...process, process: { argv: ["a"], cwd: "/", environment: ["A=1"] } }],
    [
      "too many variables",
      { ...process, process: { argv: ["a"], cwd: "/", environment: Array.from({ length: 257 }, (_, n) => `A${n}`) } },
    ],
    ["stdin without digest", { ...process, process: { argv: ["a"], cwd: "/", stdin: { bytes: 1 } } }],
    [
      "stdin with a short digest",
      { ...process, process: { argv: ["a"], cwd: "/", stdin: { sha256: "ab", bytes: 1 } } },
    ],
    [
      "stdin of negative length",
      { ...process, process: { argv: ["a"], cwd: "/", stdin: { sha256: "a".repeat(64), bytes: -1 } } },
    ],
    ["an unknown network", { ...process, scope: { network: "all" } }],
    ["too many paths", { ...process, scope: { write: Array.from({ length: 65 }, (_, n) => `/p${n}`) } }],
    ["no time", { ...process, limits: { time_ms: 0 } }],
    ["more than a day", { ...process, limits: { time_ms: 86_400_001 } }],
    ["half a millisecond", { ...process, limits: { time_ms: 0.5 } }],
    ["too much output", { ...process, limits: { output_bytes: 2 ** 30 + 1 } }],
    ["too many processes", { ...process, limits: { processes: 4_097 } }],
    ["an unknown limit", { ...process, limits: { memory: 1 } }],
  ];

  test.each(cases)("%s", async (_what, request) => {
    const { size } = await house.ledger.head();
    const error = await house.engine.propose(agent, request as ActionRequest).catch((error: unknown) => error);
    expect(error).toMatchObject({
      name: "WritError",
      code: expect.stringMatching(/^(?:REQUEST_INVALID|CONTRACT_INVALID|CANON_|EFFECT_)/u),
    });
    expect((await house.ledger.head()).size).toBe(size);
  });

  test.each([
    ["an empty tenant", { tenant: "" }],
    ["a tenant with NUL", { tenant: "a\0b" }],
    ["a principal with a space", { principal: { type: "agent", id: "a b" } }],
    ["a chain of nine", { onBehalfOf: Array.from({ length: 9 }, (_, n) => ({ type: "agent", id: `a${n}` })) }],
    ["no credential", { credential: "" }],
  ])("a caller with %s", async (_what, fields) => {
    const caller = { ...agent, ...fields } as typeof agent;
    await expect(house.engine.propose(caller, words("x"))).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });
});
