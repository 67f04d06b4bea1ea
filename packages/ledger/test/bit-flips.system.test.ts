import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { sha256Hex } from "@writ/canon";
import { parsePolicy, verifyBundle } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { expect, test } from "vitest";

import { exportBundle } from "../src/export-bundle.ts";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import { seeded } from "./disk-states.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner, policyText } from "./memory-signer.ts";

const FLIPS = effort(500, 100_000);
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 1_000_000);
const policy = parsePolicy(policyText(ORIGIN));

/** Writes a log of 700 entries, some with private content, and gives a bundle of all of it. */
async function makeLog(path: string): Promise<string> {
  const log = await openLedgerFile({ path, signer: memorySigner(ORIGIN), ...systemPorts(), origin: ORIGIN });
  for (let group = 0; group < 70; group++) {
    const entries = Array.from({ length: 10 }, (_, i) => {
      const note = { content: Buffer.from(`private words ${group} ${i}`), type: "text/plain" };
      return newEntry({
        data: { group, i },
        src: { id: "agent", n: group * 10 + i },
        ...(i === 3 ? { private: { note } } : {}),
      });
    });
    await log.append(entries);
    if (group % 20 === 0) await log.checkpoint();
  }
  let bundle = "";
  for await (const line of exportBundle(log, { range: [0, 701] })) bundle += line;
  await log.close();
  return bundle;
}

const CONTENT = [
  "SELECT size, root, frontier FROM head",
  "SELECT idx, id, body FROM entry ORDER BY idx",
  "SELECT pos, hashes FROM tile ORDER BY pos",
  "SELECT size, root, note FROM checkpoint ORDER BY size",
  "SELECT idx, field, salt, body FROM private ORDER BY idx, field",
  "SELECT id, next FROM source ORDER BY id",
];

/** A digest of everything the log says; what cannot be read is a change as well. */
function contentOf(path: string): string {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = CONTENT.map((sql) => database.prepare(sql).all());
      return sha256Hex(
        JSON.stringify(rows, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value)),
      );
    } finally {
      database.close();
    }
  } catch {
    return "unreadable";
  }
}

test(
  `${FLIPS} flipped bits of a database: every change of content is found and located (seed ${SEED})`,
  { timeout: EFFORT_TIMEOUT_MS },
  async () => {
    using folder = freshFolder();
    const path = join(folder.path, "log.db");
    await makeLog(path);
    expect(isFound(path)).toBe(false);
    const good = readFileSync(path);
    const content = contentOf(path);
    const random = seeded(SEED);
    const missed: string[] = [];
    let changed = 0;
    for (let flip = 0; flip < FLIPS; flip++) {
      const at = Math.floor(random() * good.length);
      const bit = Math.floor(random() * 8);
      const bad = Buffer.from(good);
      bad[at] = (good[at] ?? 0) ^ (1 << bit);
      writeFileSync(path, bad);
      if (contentOf(path) === content) continue;
      changed++;
      if (!isFound(path)) missed.push(`bit ${bit} of byte ${at} (page ${Math.floor(at / 8192) + 1})`);
    }
    expect(changed).toBeGreaterThan(FLIPS / 10);
    expect(missed).toEqual([]);
  },
);

/** Whether the verifier refuses the file, and says where or why. */
function isFound(path: string): boolean {
  try {
    const { ok, findings } = verifyLogFile(path, { policy, depth: "full" });
    return !ok && findings.length > 0;
  } catch (error) {
    // Not a log's file any more: its header is gone.
    return (
      error instanceof Error && "code" in error && (error.code === "FILE_UNKNOWN" || error.code === "FILE_UNREADABLE")
    );
  }
}

test(`${FLIPS} flipped bits of a bundle: each is found`, { timeout: EFFORT_TIMEOUT_MS }, async () => {
  using folder = freshFolder();
  const bundle = Buffer.from(await makeLog(join(folder.path, "log.db")));
  expect(await verifyBundle([bundle], { policy })).toMatchObject({ ok: true });
  const random = seeded(SEED + 1);
  const missed: number[] = [];
  for (let flip = 0; flip < FLIPS; flip++) {
    const at = Math.floor(random() * bundle.length);
    const bad = Buffer.from(bundle);
    bad[at] = (bundle[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    const { ok, findings } = await verifyBundle([bad], { policy });
    if (ok || findings.length === 0) missed.push(at);
  }
  expect(missed).toEqual([]);
});
