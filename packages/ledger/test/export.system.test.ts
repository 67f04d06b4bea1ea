import { join } from "node:path";

import { describeWithSecondVerifier, startSecondVerifier } from "@writ/testkit";
import { parsePolicy, verifyBundle, verifyTlogProof } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { describe, expect, test } from "vitest";

import { exportBundle } from "../src/export-bundle.ts";
import type { BundleOptions, BundleSelection } from "../src/export-bundle.ts";
import { exportProof } from "../src/export-proof.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import { freshFolder, newEntry, newId, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner, policyText } from "./memory-signer.ts";

const policy = parsePolicy(policyText(ORIGIN));

async function openWith(path: string): Promise<OpenLedger> {
  return openLedgerFile({ path: join(path, "log.db"), signer: memorySigner(ORIGIN), ...systemPorts(), origin: ORIGIN });
}

async function bundle(log: OpenLedger, selection: BundleSelection, options: BundleOptions = {}): Promise<string> {
  let text = "";
  for await (const line of exportBundle(log, selection, options)) text += line;
  return text;
}

const secret = (text: string) => ({ text: { content: Buffer.from(text), type: "text/plain" } });

describe("what is exported is what a stranger verifies", () => {
  test("a run, a tenant, a range, an action, a list, and a stand-alone proof", async () => {
    using folder = freshFolder();
    const log = await openWith(folder.path);
    const of = (run: string, fields = {}) => newEntry({ run, ...fields });
    for (let round = 0; round < 500; round++) {
      const fields = round % 50 === 0 ? { private: secret(`note ${round}`) } : {};
      await log.append([
        of(`run-${round % 3}`, fields),
        of(`run-${round % 2}`, { data: { action_id: `a-${round % 7}` } }),
      ]);
    }
    await log.append([newEntry({ who: { tenant: "other" }, private: secret("x") })]);
    const size = (await log.head()).size;
    const selections: readonly [BundleSelection, BundleOptions?][] = [
      [{ run: "run-1" }],
      [{ tenant: "local" }, { since: [1, 300, size] }],
      [{ tenant: "other" }, { open: false }],
      [{ range: [0, size] }],
      [{ range: [255, 257] }],
      [{ action: "a-3" }],
      [{ entries: [700, 3, 3, 4] }],
      [{ run: "run-2" }, { indexes: [5, 6, 7, 11, 12] }],
    ];
    for (const [selection, options] of selections) {
      const text = await bundle(log, selection, options);
      const result = await verifyBundle([Buffer.from(text)], { policy });
      expect(result.findings.filter(({ aspect }) => aspect !== "meaning")).toEqual([]);
      expect(result).toMatchObject({ ok: true, size, opened: options?.open === false ? 0 : expect.any(Number) });
    }
    const proof = await exportProof(log, 400);
    expect(verifyTlogProof(Buffer.from(proof), { policy })).toMatchObject({ ok: true });
    await log.close();
    const whole = verifyLogFile(join(folder.path, "log.db"), { policy, depth: "full" });
    expect(whole.findings).toEqual([]);
    expect(whole).toMatchObject({ ok: true, size, opened: 11 });
  });

  test("a run with the policies it was decided by, wherever they lie", async () => {
    using folder = freshFolder();
    const log = await openWith(folder.path);
    const pinned = () => newEntry({ kind: "policy.changed", private: secret("permit") });
    await log.append([
      pinned(),
      newEntry({ run: "run-1" }),
      newEntry(),
      pinned(),
      newEntry({ run: "run-1" }),
      pinned(),
    ]);
    for (const policies of [[1], [4], [6], [1, 4, 6], []]) {
      const text = await bundle(log, { run: "run-1", policies });
      const result = await verifyBundle([Buffer.from(text)], { policy });
      expect(result.findings.filter(({ aspect }) => aspect !== "meaning")).toEqual([]);
      expect(result).toMatchObject({ ok: true, entries: 2 + policies.length, opened: policies.length });
    }
    const other = await verifyBundle([Buffer.from(await bundle(log, { run: "run-1", policies: [3] }))], { policy });
    expect(other.findings).toContainEqual(expect.objectContaining({ code: "OUT_OF_SCOPE" }));
    await log.close();
  });

  test("private fields are opened unless they are left closed", async () => {
    using folder = freshFolder();
    const log = await openWith(folder.path);
    await log.append([newEntry({ run: "r", private: secret("told in confidence") })]);
    const opened = await bundle(log, { run: "r" });
    expect(opened).toContain(Buffer.from("told in confidence").toString("base64"));
    expect(await bundle(log, { run: "r" }, { open: false })).not.toContain('"open"');
    await log.close();
  });

  test.each<[string, BundleSelection]>([
    ["an empty range", { range: [1, 1] }],
    ["a range beyond the head", { range: [0, 99] }],
    ["an index beyond the head", { entries: [5, 99] }],
    ["an action nobody took", { action: newId() }],
  ])("refuses %s", async (_what, selection) => {
    using folder = freshFolder();
    const log = await openWith(folder.path);
    await expect(bundle(log, selection)).rejects.toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
    await log.close();
  });
});

describeWithSecondVerifier("the second verifier, too,", () => {
  test("passes every sort of export and the log's own file", async () => {
    using folder = freshFolder();
    const log = await openWith(folder.path);
    for (let round = 0; round < 300; round++) {
      await log.append([
        newEntry({ run: `run-${round % 3}`, ...(round % 40 === 0 && { private: secret(`note ${round}`) }) }),
        newEntry({ data: { action_id: "a-1" } }),
      ]);
    }
    const { size } = await log.head();
    const second = startSecondVerifier();
    const ask = (fields: object) => second.ask({ kind: "bundle", policy: policyText(ORIGIN), ...fields });
    const selections: readonly BundleSelection[] = [
      { run: "run-1" },
      { tenant: "local" },
      { range: [0, size] },
      { range: [255, 257] },
      { action: "a-1" },
    ];
    for (const selection of selections) {
      const input = Buffer.from(await bundle(log, selection, { since: [1, 300] })).toString("base64");
      expect(await ask({ input })).toEqual({ exit_code: 0, findings: [] });
    }
    const proof = Buffer.from(await exportProof(log, 400)).toString("base64");
    expect(await ask({ kind: "proof", input: proof })).toEqual({ exit_code: 0, findings: [] });
    await log.close();
    const path = join(folder.path, "log.db");
    expect(await ask({ kind: "log", path })).toEqual({ exit_code: 0, findings: [] });
    second.close();
  });
});
