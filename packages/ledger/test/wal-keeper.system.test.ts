import { statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openLedgerFile } from "../src/open-ledger-file.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { freshFolder, MEMORY_FOLDER, newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner } from "./memory-signer.ts";

const MIB = 1024 * 1024;

test("the WAL of a busy log is begun anew in a file that keeps its length", async () => {
  using folder = freshFolder(MEMORY_FOLDER);
  const site = await opened(folder.path);
  await fill(site.ledger, 34);
  site.look();
  const length = site.walBytes();
  expect(length).toBeGreaterThan(34 * MIB);
  for (let round = 0; round < 2; round++) {
    await fill(site.ledger, 20);
    site.look();
    expect(site.walBytes()).toBe(length);
  }
  await site.ledger.close();
});

test("a long WAL is cut when the log rests", async () => {
  using folder = freshFolder(MEMORY_FOLDER);
  const site = await opened(folder.path);
  await fill(site.ledger, 34);
  for (let looks = 0; looks < 5; looks++) site.look();
  expect(site.walBytes()).toBe(0);
  await site.ledger.close();
});

async function opened(folder: string) {
  const path = join(folder, "log.db");
  const works: (() => void)[] = [];
  const every = (ms: number, work: () => void) => {
    if (ms < 1000) works.push(work);
    return () => {};
  };
  const ledger = await openLedgerFile({ path, signer: memorySigner(ORIGIN), ...systemPorts(), origin: ORIGIN, every });
  return {
    ledger,
    look: () => works.forEach((work) => work()),
    walBytes: () => statSync(`${path}-wal`).size,
  };
}

/** Appends entries of about so many MiB together. */
async function fill(ledger: OpenLedger, mib: number): Promise<void> {
  const text = "f".repeat(32_000);
  for (let group = 0; group < mib; group++) {
    const result = await ledger.append(Array.from({ length: 33 }, () => newEntry({ data: { text } })));
    expect(result.ok).toBe(true);
  }
}
