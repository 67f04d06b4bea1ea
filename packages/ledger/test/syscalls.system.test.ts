import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { parsePolicy } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openLedgerFile } from "../src/open-ledger-file.ts";
import { openFileSigner } from "../src/signer-file.ts";
import { formatVkey } from "../src/vkey.ts";
import { hasStrace, writerCommand } from "./disk-trace.ts";
import { seeded } from "./disk-states.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";

/** A life of a writer in which one call fails. */
interface Life {
  /** Whether the log is there already, so that all calls are those of opening it, appending and closing. */
  readonly onto: boolean;
  readonly args: readonly string[];
  readonly entries: number;
}
const APPENDING: Life = { onto: true, args: ["--callers=1", "--rounds=1", "--bursts=2"], entries: 2 };
const MAKING: Life = { onto: false, args: ["--callers=2", "--rounds=3", "--bursts=2"], entries: 2 * (3 + 6) };
const CALLS = ["openat", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "link", "linkat"];
/** What `strace` does to the n-th call. */
const FAULTS = ["error=EIO", "error=ENOSPC", "signal=KILL"];
/** Writers at a time; each is a process that mostly waits for the next. */
const AT_ONCE = 2;
/** Of a log that is being made: this many positions of every kind, other ones in each run; all of them at night. */
const MAKING_ROUNDS = effort(1, Number.MAX_SAFE_INTEGER);
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 1_000_000);

interface Run {
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly said: readonly string[];
}

async function runWriter(folder: string, life: Life, tracing: readonly string[]): Promise<Run> {
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
    ...writerCommand(folder, life.args),
  ];
  const child = spawn("strace", command, { stdio: ["ignore", "pipe", "ignore"] });
  const stdout = await text(child.stdout);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const acks = lines.filter((line) => line.startsWith("ack ")).map((line) => line.split(" "));
  return {
    acknowledged: new Map(acks.map(([, id = "", index]) => [id, Number(index)])),
    said: lines.filter((line) => !line.startsWith("ack ")),
  };
}

/** A folder for one life, with a copy of a log in it where the life is onto one. */
function folderFor(life: Life, template: string) {
  const folder = freshFolder();
  mkdirSync(join(folder.path, "data"));
  if (!life.onto) return folder;
  mkdirSync(join(folder.path, "keys"), { mode: 0o700 });
  for (const name of ["data", "keys"]) cpSync(join(template, name), join(folder.path, name), { recursive: true });
  return folder;
}

/** How often each call touches the log's files in one undisturbed life. */
async function countCalls(life: Life, template: string): Promise<ReadonlyMap<string, number>> {
  using folder = folderFor(life, template);
  const { said } = await runWriter(folder.path, life, ["-e", `trace=${CALLS.join(",")}`]);
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

async function tryFault(life: Life, template: string, { call, fault, when }: Position): Promise<void> {
  using folder = folderFor(life, template);
  const injection = ["-e", `trace=${CALLS.join(",")}`, "-e", `inject=${call}:${fault}:when=${when}`];
  const { acknowledged, said } = await runWriter(folder.path, life, injection);
  // What the writer says after a fault is an error code or nothing; it never closes as if all had been well with less.
  if (said.includes("closed")) expect(acknowledged.size).toBe(life.entries);
  await expectSound(folder.path, acknowledged);
}

/** Tries positions, a few at once; the first that fails names itself. */
async function tryAll(life: Life, template: string, positions: readonly Position[]): Promise<void> {
  const rest = positions.values();
  const work = async (): Promise<void> => {
    for (const position of rest) {
      await tryFault(life, template, position).catch((cause: unknown) => {
        throw new Error(`${position.fault} at the ${position.when}th ${position.call}: ${String(cause)}`, { cause });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

describe.skipIf(!hasStrace())("one fault at a file-system call of the log", { timeout: EFFORT_TIMEOUT_MS }, () => {
  let template: ReturnType<typeof freshFolder>;
  beforeAll(() => {
    template = freshFolder();
    mkdirSync(join(template.path, "data"));
    const [node = "", ...args] = writerCommand(template.path, APPENDING.args);
    expect(spawnSync(node, args, { encoding: "utf8" }).stdout).toMatch(/closed\n$/);
  });
  afterAll(() => template[Symbol.dispose]());

  test.each([
    ["an append", APPENDING, Number.MAX_SAFE_INTEGER],
    ["the making of a log", MAKING, MAKING_ROUNDS],
  ] as const)(
    `of %s never makes a false success, and the reopened log is sound (seed ${SEED})`,
    async (name, life, most) => {
      const counts = await countCalls(life, template.path);
      for (const call of ["openat", "pwrite64", "sync", "ftruncate", "unlink", ...(life.onto ? [] : ["link"])]) {
        const made = [...counts].filter(([one]) =>
          call === "unlink" ? one === call : one.includes(call) && one !== "unlink",
        );
        expect([call, made.reduce((sum, [, count]) => sum + count, 0)]).not.toEqual([call, 0]);
      }
      const all = rounds(counts);
      const tried = all.slice(0, most).flat();
      await tryAll(life, template.path, tried);
      console.info(
        `file-system faults, seed ${SEED}: of ${name} ${tried.length} of ${all.flat().length} positions tried`,
      );
    },
  );
});
