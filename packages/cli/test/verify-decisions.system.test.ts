import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatUuid, uuidv7 } from "@writ/canon";
import { exportBundle, openFileSigner, openLedgerFile, type NewEntry, type OpenLedger } from "@writ/ledger";
import { createInstallation, stopOwner, type Installation } from "./support/installation.ts";
import { describeWithSandbox } from "./support/sandbox.ts";

let writ: Installation;
let held: string;

beforeAll(async () => {
  writ = createInstallation();
  await writ.run(["posture", "DEFENSE"]);
  const proposed = await writ.run(["run", "--no-wait", "--json", "--", "git", "push"]);
  held = (JSON.parse(proposed.stdout) as { action: { id: string } }).action.id;
  await writ.run(["approve", held, "--yes"]);
  await writ.run(["run", "--action", held, "--", "git", "push"]);
  await writ.run(["run", "--no-wait", "--", "rm", "-rf", "/"]);
  await writ.run(["run", "--", "true"]);
  writeFileSync(join(writ.folder, "keys"), (await writ.run(["log", "key"])).stdout);
});
afterAll(() => writ.dispose());

interface Verdict {
  readonly exitCode: number;
  readonly ok: boolean;
  readonly decisions: {
    readonly redecided: number;
    readonly different: readonly { readonly index: number; readonly what: string }[];
    readonly left: Readonly<Record<string, number>>;
  };
}

interface Checked {
  readonly code: number | null;
  readonly verdict: Verdict;
  readonly text: string;
}

async function verifyExport(...args: readonly string[]): Promise<Checked> {
  return verifyBundle((await writ.run(["log", "export", ...args])).stdout);
}

async function verifyBundle(bundle: string): Promise<Checked> {
  const file = join(writ.folder, "bundle.jsonl");
  writeFileSync(file, bundle);
  const check = ["verify", file, "--policy", join(writ.folder, "keys")];
  const { code, stdout } = await writ.run([...check, "--json"]);
  return { code, verdict: JSON.parse(stdout) as Verdict, text: (await writ.run(check)).stdout };
}

/** A bundle of the log with one more entry, put there behind the owner's back with the right key. */
async function forge(change: (log: OpenLedger) => Promise<NewEntry>): Promise<string> {
  await stopOwner(writ.environment);
  const keyHome = join(writ.folder, "config", "keys");
  const opened: { close?: () => Promise<void> } = {};
  const log = await openLedgerFile({
    path: join(writ.folder, "data", "log.db"),
    signer: async (origin) => {
      const signer = await openFileSigner({ keyHome, origin });
      opened.close = () => signer.close();
      return signer;
    },
    clock: Date,
    random: (bytes) => randomBytes(bytes),
  });
  await log.append([await change(log)]);
  let bundle = "";
  for await (const line of exportBundle(log, { tenant: "local" })) bundle += line;
  await log.close();
  await opened.close?.();
  return bundle;
}

/** A copy of a decision that is in the log, with its inputs and with other facts. */
async function decisionLike(log: OpenLedger, purpose: string, facts: NewEntry["data"]): Promise<NewEntry> {
  const { size } = await log.head();
  for await (const { index, value } of log.read(0, size)) {
    if (value.kind !== "policy.decision" || value.data["purpose"] !== purpose) continue;
    const inputs = await log.openPrivate(index, "entities");
    const entities = { content: inputs?.content ?? expect.unreachable(), type: "application/json" };
    const id = formatUuid(uuidv7(Date.now(), randomBytes(10)));
    return { id, kind: value.kind, who: value.who, data: { ...value.data, ...facts }, private: { entities } };
  }
  return expect.unreachable();
}

describeWithSandbox("recorded decisions", () => {
  test("are decided again, and come out as they were", async () => {
    const { code, verdict, text } = await verifyExport();
    expect(verdict.decisions).toMatchObject({ different: [], left: {} });
    expect(verdict.decisions.redecided).toBeGreaterThanOrEqual(4);
    expect(code).toBe(0);
    expect(text).toContain(`decisions: ${String(verdict.decisions.redecided)} re-decided\n`);
  });

  test("of one run are decided again from its own bundle, which brings the policies", async () => {
    const run = await verifyExport("--run", held);
    expect(run.verdict.decisions).toMatchObject({ different: [], left: {} });
    expect(run.verdict.decisions.redecided).toBeGreaterThanOrEqual(1);
    expect(run.code).toBe(0);
  });

  test("of a closed bundle lack their inputs; the verdict says so", async () => {
    const closed = await verifyExport("--closed");
    expect([closed.code, closed.verdict.decisions.redecided]).toEqual([0, 0]);
    expect(Object.keys(closed.verdict.decisions.left)).toEqual(["have inputs that were erased or left closed"]);
  });

  test.each([
    ["its outcome", { outcome: "deny" }, /it says/],
    ["what determined it", { determining: ["another-rule"] }, /determining/],
    ["its governance", { governance: { mode: "x", posture: "y", role: "z", version: 1 } }, /another request/],
  ])("that differ in %s, though signed by the right key, end with 4", async (_, facts, what) => {
    const { code, verdict, text } = await verifyBundle(await forge((log) => decisionLike(log, "propose", facts)));
    expect([code, verdict.exitCode, verdict.ok]).toEqual([4, 4, false]);
    expect(verdict.decisions.different.at(-1)?.what).toMatch(what);
    expect(text).toContain("DECISION_DIFFERENT");
  });
});
