import { randomBytes } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { formatUuid, uuidv7 } from "@writ/canon";
import { formatVkey, openFileSigner, openLedgerFile } from "@writ/ledger";
import type { NewEntry, OpenLedger } from "@writ/ledger";
import { checkpointWal } from "@writ/store";

import type { LogFixture } from "./report.ts";

const ORIGIN = "bench.example/log";
/** Entries a group while a log is made. */
const GROUP = 256;

/** The clock and the random bytes of the machine. */
export const systemPorts = {
  clock: { now: () => Date.now() },
  random: (bytes: number) => randomBytes(bytes),
};

/** Ids without a system call each: making them is not what is measured. */
export function newId(): string {
  if (used + 10 > pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  used += 10;
  return formatUuid(uuidv7(Date.now(), pool.subarray(used - 10, used)));
}

let pool = new Uint8Array(0);
let used = 0;

/** An entry whose canonical form has about 300 bytes, as a decision's has. */
export function entryOf300(): NewEntry {
  return {
    id: newId(),
    kind: "x.bench",
    who: { tenant: "local" },
    data: { action_digest: "0".repeat(64), outcome: "allow", step: 17 },
  };
}

/** A log in a fresh folder, as the product opens one. */
export async function openFresh(folder: string, signEachCommit: boolean): Promise<OpenLedger> {
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  return openLedgerFile({
    path: join(data, "log.db"),
    signer: (origin) => openFileSigner({ keyHome: join(folder, "keys"), origin, create: true }),
    ...systemPorts,
    origin: ORIGIN,
    signEachCommit,
  });
}

/** Makes a log of `entries` entries and closes it properly. */
export async function makeLog(folder: string, entries: number): Promise<LogFixture> {
  const started = performance.now();
  const ledger = await openFresh(folder, false);
  for (let size = 1; size < entries; size += GROUP) {
    const result = await ledger.append(Array.from({ length: Math.min(GROUP, entries - size) }, entryOf300));
    if (!result.ok) throw new Error(result.code);
  }
  await ledger.checkpoint();
  const appendSeconds = (performance.now() - started) / 1000;
  let entryBytes = 0;
  for await (const { bytes } of ledger.read(0, Math.min(entries, 1000))) entryBytes += bytes.length;
  await ledger.close();
  const path = join(folder, "data", "log.db");
  checkpointWal(path, "truncate");
  const signer = await openFileSigner({ keyHome: join(folder, "keys"), origin: ORIGIN });
  const policyFile = join(folder, "policy");
  writeFileSync(policyFile, `log ${formatVkey(signer.verifiers[0]!)}\nquorum none\n`);
  return {
    path,
    keyHome: join(folder, "keys"),
    policyFile,
    origin: ORIGIN,
    entries,
    entryBytes: (entryBytes / Math.min(entries, 1000)) * entries,
    fileBytes: statSync(path).size,
    appendSeconds,
  };
}
