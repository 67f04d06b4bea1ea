import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { parsePolicy, verifyBundle } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { describe, expect, test } from "vitest";

import { adoptLog } from "../src/adopt.ts";
import type { AdoptOptions, Adoption } from "../src/adopt.ts";
import { exportBundle } from "../src/export-bundle.ts";
import { exportProof } from "../src/export-proof.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import { openFileSigner } from "../src/signer-file.ts";
import type { LocalSigner } from "../src/signer.ts";
import { formatVkey } from "../src/vkey.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";

/** A log of ten entries whose older copy, of six, lies in its place. */
async function rolledBackSite(root: string): Promise<{ path: string; keys: string }> {
  const [data, keys] = [join(root, "data"), join(root, "keys")];
  mkdirSync(data);
  const path = join(data, "log.db");
  const site = { path, keys };
  await withLog(site, ORIGIN, (log) => appendSome(log, 5));
  cpSync(path, join(root, "old.db"));
  await withLog(site, ORIGIN, (log) => appendSome(log, 4));
  cpSync(join(root, "old.db"), path);
  return site;
}

async function appendSome(log: OpenLedger, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await log.append([newEntry()]);
}

async function withLog<T>(
  { path, keys }: { path: string; keys: string },
  origin: string | undefined,
  work: (log: OpenLedger, signer: LocalSigner) => Promise<T>,
): Promise<T> {
  const opened: { signer?: LocalSigner } = {};
  const signer = async (name: string) =>
    (opened.signer = await openFileSigner({ keyHome: keys, origin: name, create: true }));
  const log = await openLedgerFile({ path, signer, ...systemPorts(), ...(origin === undefined ? {} : { origin }) });
  try {
    return await work(log, opened.signer ?? expect.unreachable());
  } finally {
    await log.close();
    await opened.signer?.close();
  }
}

async function adopt(
  { path, keys }: { path: string; keys: string },
  options: Partial<AdoptOptions> = {},
): Promise<Adoption | undefined> {
  const signers: LocalSigner[] = [];
  try {
    return await adoptLog({
      path,
      signer: async (origin) => {
        const signer = await openFileSigner({ keyHome: keys, origin, create: true });
        signers.push(signer);
        return signer;
      },
      reason: "the newer copy burned",
      approver: "operator:local",
      confirm: () => true,
      ...systemPorts(),
      ...options,
    });
  } finally {
    for (const signer of signers) await signer.close();
  }
}

function policyOf(signer: LocalSigner) {
  return parsePolicy(`log ${formatVkey(signer.verifiers[0] ?? expect.unreachable())}\nquorum none\n`);
}

describe("a log that was found rolled back", () => {
  test("is exported and proved under the last checkpoint that was signed", async () => {
    using folder = freshFolder();
    await withLog(await rolledBackSite(folder.path), ORIGIN, async (log, signer) => {
      let bundle = "";
      for await (const line of exportBundle(log, { range: [0, 6] })) bundle += line;
      const { findings } = await verifyBundle([Buffer.from(bundle)], { policy: policyOf(signer) });
      expect(findings).toEqual([]);
      expect(await exportProof(log, 5)).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
      await expect(log.checkpoint()).rejects.toMatchObject({ code: "ROLLBACK_DETECTED" });
    });
  });

  test("is followed by a new log whose first entry records what was found", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    const adoption = (await adopt(site)) ?? expect.unreachable();
    expect(adoption.found).toMatchObject({ origin: ORIGIN, size: 6, signed: { size: 10 } });
    expect(adoption.origin).toMatch(/^writ\.local\/[0-9a-f]{16}$/);
    await withLog(site, undefined, async (log, signer) => {
      expect([log.origin, (await log.head()).size]).toEqual([adoption.origin, 1]);
      const first = (await log.get(0))?.value ?? expect.unreachable();
      expect(first.kind).toBe("ledger.opened");
      expect(first.who.approver).toBe("operator:local");
      expect(first.data).toMatchObject({
        origin: adoption.origin,
        adopted: {
          origin: ORIGIN,
          why: "the signer signed 10 entries, the log has 6",
          size: 6,
          root: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          checkpoint: expect.stringContaining(`${ORIGIN}\n6\n`) as string,
          signed: { size: 10 },
        },
      });
      const reason = (await log.openPrivate(0, "reason"))?.content;
      expect(Buffer.from(reason ?? []).toString()).toBe("the newer copy burned");
      expect(await log.append([newEntry()])).toMatchObject({ ok: true, size: 2 });
      await log.checkpoint();
      expect(verifyLogFile(site.path, { policy: policyOf(signer), depth: "full" }).findings).toEqual([]);
    });
  });

  test("is kept beside the new one, and stays found", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    const { kept = "" } = (await adopt(site)) ?? expect.unreachable();
    expect(readdirSync(join(folder.path, "data")).filter((name) => !name.includes("owner"))).toEqual([
      "log.db",
      kept.slice(kept.lastIndexOf("/") + 1),
    ]);
    const status = await withLog({ ...site, path: kept }, ORIGIN, (log) => log.status());
    expect(status).toMatchObject({ size: 6, readOnly: { code: "ROLLBACK_DETECTED" } });
  });

  test("stays as it is where the answer is no", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    expect(await adopt(site, { confirm: () => false })).toBeUndefined();
    const status = await withLog(site, ORIGIN, (log) => log.status());
    expect(status).toMatchObject({ origin: ORIGIN, size: 6 });
  });

  test("is adopted again where the first attempt broke off just before the exchange", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    const cut = new Error("cut");
    const announce = () => {
      throw cut;
    };
    await expect(adopt(site, { announce })).rejects.toBe(cut);
    expect(existsSync(`${site.path}.adopting`)).toBe(true);
    const adoption = (await adopt(site)) ?? expect.unreachable();
    expect(existsSync(`${site.path}.adopting`)).toBe(false);
    expect(await withLog(site, undefined, async (log) => log.origin)).toBe(adoption.origin);
  });

  test("that was removed, or exchanged for another, is followed by a new log too", async () => {
    for (const other of [false, true]) {
      using folder = freshFolder();
      const site = await rolledBackSite(folder.path);
      rmSync(site.path);
      if (other) await withLog(site, "other.example/log", (log) => appendSome(log, 2));
      const adoption = (await adopt(site, { known: [ORIGIN] })) ?? expect.unreachable();
      expect(adoption.found).toMatchObject({ origin: ORIGIN, signed: { size: 10 } });
      expect(adoption.found.size).toBe(other ? 3 : undefined);
      expect(adoption.kept === undefined).toBe(!other);
      const first = await withLog(site, undefined, async (log) => (await log.get(0))?.value.data["adopted"]);
      expect(first).toMatchObject({ why: other ? expect.stringContaining("other.example/log") : /not there/ });
    }
  });
});

describe("nothing is adopted", () => {
  const refused = { code: "ADOPT_REFUSED" };

  test("where the log is sound", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    await adopt(site);
    await expect(adopt(site)).rejects.toMatchObject(refused);
  });

  test("where there is no log and none is known", async () => {
    using folder = freshFolder();
    const site = { path: join(folder.path, "log.db"), keys: join(folder.path, "keys") };
    await expect(adopt(site)).rejects.toMatchObject(refused);
    expect(existsSync(site.path)).toBe(false);
  });

  test("into a name that has a history: the old one, or one that was signed before", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    await expect(adopt(site, { origin: ORIGIN })).rejects.toMatchObject(refused);
    const signer = await openFileSigner({ keyHome: site.keys, origin: "used.example/log", create: true });
    signer.sign({ size: 1, root: new Uint8Array(32) });
    await signer.close();
    await expect(adopt(site, { origin: "used.example/log" })).rejects.toMatchObject(refused);
  });

  test("while somebody has the log open", async () => {
    using folder = freshFolder();
    const site = await rolledBackSite(folder.path);
    await withLog(site, ORIGIN, async () => {
      await expect(adopt(site)).rejects.toMatchObject({ code: "LEDGER_OWNED" });
    });
  });
});
