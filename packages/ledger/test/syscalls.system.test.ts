import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parsePolicy } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { describe, expect, test } from "vitest";

import { openLedgerFile } from "../src/open-ledger-file.ts";
import { openFileSigner } from "../src/signer-file.ts";
import { formatVkey } from "../src/vkey.ts";
import { hasStrace, writerCommand } from "./disk-trace.ts";
import { seeded } from "./disk-states.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";

const ARGS = ["--callers=2", "--rounds=3", "--bursts=2"];
const CALLS = ["openat", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "link", "linkat"];
/** What `strace` does to the n-th call. */
const FAULTS = ["error=EIO", "error=ENOSPC", "signal=KILL"];
/** As many positions as fit into this time, other ones in each run and some of every kind; each of them at night. */
const BUDGET_MS = effort(55_000, Number.MAX_SAFE_INTEGER);
const ROUNDS_MIN = 3;
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 1_000_000);

interface Run {
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly said: readonly string[];
}

function runWriter(folder: string, tracing: readonly string[]): Run {
  // `-P` narrows the count and the faults to the calls that touch the log's own files.
  const files = ["log.db", "log.db-wal"].flatMap((name) => ["-P", join(folder, "data", name)]);
  const command = [
    "-f",
    "-qq",
    "-o",
    join(folder, "trace.txt"),
    ...files,
    ...tracing,
    "--",
    ...writerCommand(folder, ARGS),
  ];
  const { stdout } = spawnSync("strace", command, { encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line !== "");
  const acks = lines.filter((line) => line.startsWith("ack ")).map((line) => line.split(" "));
  return {
    acknowledged: new Map(acks.map(([, id = "", index]) => [id, Number(index)])),
    said: lines.filter((line) => !line.startsWith("ack ")),
  };
}

/** How often each call touches the log's files in one undisturbed run. */
function countCalls(): ReadonlyMap<string, number> {
  using folder = freshFolder();
  mkdirSync(join(folder.path, "data"));
  const { said } = runWriter(folder.path, ["-e", `trace=${CALLS.join(",")}`]);
  expect(said).toEqual(["open", "closed"]);
  const trace = readFileSync(join(folder.path, "trace.txt"), "latin1");
  return new Map(CALLS.map((call) => [call, trace.split("\n").filter((line) => line.includes(` ${call}(`)).length]));
}

/** A start after the fault: everything acknowledged is there, the log verifies and takes entries. */
async function expectSound(folder: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const path = join(folder, "data", "log.db");
  const signer = await openFileSigner({ keyHome: join(folder, "keys"), origin: ORIGIN, create: true });
  const log = await openLedgerFile({ path, signer, ...systemPorts(), origin: ORIGIN });
  for (const [id, index] of acknowledged) expect((await log.find(id))?.index).toBe(index);
  expect(await log.append([newEntry()])).toMatchObject({ ok: true });
  await log.close();
  await signer.close();
  const policy = parsePolicy(`log ${formatVkey(signer.verifiers[0] ?? expect.unreachable())}\nquorum none\n`);
  expect(verifyLogFile(path, { policy, depth: "full" }).findings).toEqual([]);
}

interface Position {
  readonly call: string;
  readonly fault: string;
  readonly when: number;
}

/** All positions in rounds, each with one of every call and fault that has any left, in an order of the seed. */
function rounds(counts: ReadonlyMap<string, number>): readonly (readonly Position[])[] {
  const random = seeded(SEED);
  const kinds = CALLS.flatMap((call) =>
    FAULTS.map((fault) => shuffled(counts.get(call) ?? 0, random).map((when): Position => ({ call, fault, when }))),
  );
  const longest = Math.max(...kinds.map((positions) => positions.length));
  return Array.from({ length: longest }, (_, round) => kinds.flatMap((positions) => positions.slice(round, round + 1)));
}

/** 1 to `count`, in an order of the generator's. */
function shuffled(count: number, random: () => number): readonly number[] {
  return Array.from({ length: count }, (_, at) => ({ when: at + 1, draw: random() }))
    .toSorted((a, b) => a.draw - b.draw)
    .map(({ when }) => when);
}

async function tryFault({ call, fault, when }: Position): Promise<void> {
  using folder = freshFolder();
  mkdirSync(join(folder.path, "data"));
  const injection = ["-e", `trace=${CALLS.join(",")}`, "-e", `inject=${call}:${fault}:when=${when}`];
  const { acknowledged, said } = runWriter(folder.path, injection);
  // What the writer says after a fault is an error code or nothing; it never closes as if all had been well with less.
  if (said.includes("closed")) expect(acknowledged.size).toBe(2 * (3 + 6));
  await expectSound(folder.path, acknowledged);
}

describe.skipIf(!hasStrace())("one fault at a file-system call of the log", { timeout: EFFORT_TIMEOUT_MS }, () => {
  const counts = hasStrace() ? countCalls() : new Map<string, number>();

  test("every kind of call is made, so every kind is tried", () => {
    for (const call of ["openat", "pwrite64", "ftruncate", "unlink"]) expect(counts.get(call)).toBeGreaterThan(0);
    for (const call of ["sync", "link"]) {
      const made = [...counts].filter(([name]) => name.includes(call) && name !== "unlink");
      expect(made.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(0);
    }
  });

  test(`never makes a false success, and the reopened log is sound (seed ${SEED})`, async () => {
    const all = rounds(counts);
    const until = performance.now() + BUDGET_MS;
    let tried = 0;
    for (const [number, round] of all.entries()) {
      if (number >= ROUNDS_MIN && performance.now() > until) break;
      for (const position of round) {
        await tryFault(position).catch((cause: unknown) => {
          throw new Error(`${position.fault} at the ${position.when}th ${position.call}: ${String(cause)}`, { cause });
        });
        tried++;
      }
    }
    console.info(`file-system faults, seed ${SEED}: ${tried} of ${all.flat().length} positions tried`);
  });
});
