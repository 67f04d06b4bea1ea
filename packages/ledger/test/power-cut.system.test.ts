import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isWritError } from "@writ/canon";
import { parsePolicy } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { describe, expect, test } from "vitest";

import { openLedgerFile } from "../src/open-ledger-file.ts";
import { openFileSigner } from "../src/signer-file.ts";
import { formatVkey } from "../src/vkey.ts";
import { diskAfterCut, seeded } from "./disk-states.ts";
import type { DiskState, Fate } from "./disk-states.ts";
import { hasStrace, recordWriter } from "./disk-trace.ts";
import type { DiskEvent } from "./disk-trace.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { MEMORY_FOLDER, ORIGIN, systemPorts } from "./ledger.ts";

const STATES = effort(1_000, 50_000);
/** Among the thousand, few cuts fall into the first moments. */
const BIRTH_STATES = effort(150, 5_000);
const CONTROL_STATES = 150;
const FATES: readonly Fate[] = ["mixed", "lost", "torn", "kept"];
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 1_000_000);

interface Recording {
  readonly folder: string;
  readonly events: readonly DiskEvent[];
  /** The key home as it was before the writer ran. */
  readonly keys: string;
  readonly memoryBefore: ReadonlyMap<string, Uint8Array>;
  readonly policy: string;
}

async function record(args: readonly string[]): Promise<Recording> {
  const folder = mkdtempSync(join(MEMORY_FOLDER, "writ-cut-"));
  mkdirSync(join(folder, "data"));
  const signer = await openFileSigner({ keyHome: join(folder, "keys"), origin: ORIGIN, create: true });
  const policy = `log ${formatVkey(signer.verifiers[0] ?? expect.unreachable())}\nquorum none\n`;
  await signer.close();
  const keys = join(folder, "keys-before");
  cpSync(join(folder, "keys"), keys, { recursive: true });
  const memories = readdirSync(keys).filter((name) => name.endsWith(".memory"));
  const memoryBefore = new Map(memories.map((name) => [name, readFileSync(join(keys, name))]));
  return { folder, keys, memoryBefore, policy, events: recordWriter(folder, args) };
}

interface Outcome {
  readonly lost: number;
  readonly unsound: string | undefined;
}

/** Opens a state of the disk as a start after the cut does, looks for what was acknowledged, and verifies everything. */
async function reopen(recording: Recording, { files, acknowledged }: DiskState): Promise<Outcome> {
  const site = mkdtempSync(join(recording.folder, "state-"));
  try {
    mkdirSync(join(site, "data"));
    mkdirSync(join(site, "keys"), { mode: 0o700 });
    for (const name of readdirSync(recording.keys)) {
      writeFileSync(join(site, "keys", name), readFileSync(join(recording.keys, name)), { mode: 0o600 });
    }
    for (const [name, bytes] of files) {
      writeFileSync(join(site, name.endsWith(".memory") ? "keys" : "data", name), bytes, { mode: 0o600 });
    }
    return await check(site, recording.policy, acknowledged);
  } catch (error) {
    return { lost: acknowledged.size, unsound: isWritError(error) ? `${error.code}: ${error.message}` : String(error) };
  } finally {
    rmSync(site, { recursive: true });
  }
}

async function check(site: string, policy: string, acknowledged: ReadonlyMap<string, number>): Promise<Outcome> {
  const path = join(site, "data", "log.db");
  const signer = await openFileSigner({ keyHome: join(site, "keys"), origin: ORIGIN });
  try {
    const log = await openLedgerFile({ path, signer, ...systemPorts(), origin: ORIGIN, every: () => () => {} });
    let lost = 0;
    let readOnly: string | undefined;
    try {
      readOnly = (await log.status()).readOnly?.message;
      for (const [id, index] of acknowledged) if ((await log.find(id))?.index !== index) lost++;
    } finally {
      await log.close();
    }
    const result = verifyLogFile(path, { policy: parsePolicy(policy), depth: "full" });
    return { lost, unsound: readOnly ?? result.findings.map(({ what }) => what)[0] };
  } finally {
    await signer.close();
  }
}

/** Reopens `count` states, of cuts anywhere or before event `below`, and sums up what was wrong with them. */
async function play(
  recording: Recording,
  count: number,
  { ignoreSyncs = false, below = recording.events.length + 1 } = {},
): Promise<{ lost: number; unsound: string[] }> {
  const random = seeded(SEED);
  const { events, memoryBefore } = recording;
  let lost = 0;
  const unsound: string[] = [];
  for (let number = 0; number < count; number++) {
    const fate = FATES[number % FATES.length] ?? "mixed";
    const at = Math.floor(random() * below);
    const state = diskAfterCut(events, { at, fate, random, ignoreSyncs, before: memoryBefore });
    const outcome = await reopen(recording, state);
    lost += outcome.lost;
    if (outcome.unsound !== undefined) unsound.push(`cut before event ${at}, ${fate}: ${outcome.unsound}`);
  }
  return { lost, unsound };
}

const SCRIPT = ["--callers=3", "--rounds=12", "--bursts=3"];

describe.skipIf(!hasStrace())(`a power cut (seed ${SEED})`, { timeout: EFFORT_TIMEOUT_MS }, () => {
  test(`at ${STATES} moments, with unsynced writes kept, lost or torn, loses nothing acknowledged`, async () => {
    const recording = await record(SCRIPT);
    try {
      expect(recording.events.filter(({ is }) => is === "ack").length).toBeGreaterThan(200);
      expect(await play(recording, STATES)).toEqual({ lost: 0, unsound: [] });
    } finally {
      rmSync(recording.folder, { recursive: true });
    }
  });

  test(`at ${BIRTH_STATES} moments of its making leaves a log that can be made or opened`, async () => {
    const recording = await record(["--callers=1", "--rounds=1"]);
    try {
      const { events } = recording;
      expect(events.filter(({ is }) => is === "link")).toHaveLength(1);
      const below = events.findIndex(({ is }) => is === "ack") + 1;
      expect(below).toBeGreaterThan(10);
      expect(await play(recording, BIRTH_STATES, { below })).toEqual({ lost: 0, unsound: [] });
    } finally {
      rmSync(recording.folder, { recursive: true });
    }
  });

  test("control: with `synchronous = NORMAL` the same test finds lost entries", async () => {
    const recording = await record([...SCRIPT, "--normal"]);
    try {
      expect((await play(recording, CONTROL_STATES)).lost).toBeGreaterThan(0);
    } finally {
      rmSync(recording.folder, { recursive: true });
    }
  });

  test("control: on a disk that ignores syncs the same test finds broken files", async () => {
    const recording = await record(SCRIPT);
    try {
      expect((await play(recording, CONTROL_STATES, { ignoreSyncs: true })).unsound).not.toEqual([]);
    } finally {
      rmSync(recording.folder, { recursive: true });
    }
  });
});
