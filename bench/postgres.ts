import { mkdirSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";

import { Client } from "pg";

import { openFileSigner, openLedger, serveSigner } from "@writ/ledger";
import type { LocalSigner } from "@writ/ledger";
import { openPostgres } from "@writ/store";
import { startPostgres } from "@writ/testkit";

import { entryOf300, systemPorts } from "./log-fixture.ts";
import { interleave, medianOf, median, ratioOf, sampleEach } from "./measure.ts";
import type { Sample } from "./measure.ts";
import { atLeast, figure } from "./report.ts";
import type { Context, Report } from "./report.ts";

const ORIGIN = "bench.example/shared";
const NODES = 4;
const ROWS = 256;
const ROW = "r".repeat(300);

/** A log on PostgreSQL against plain inserts on the same server (spec ledger.md §16, P1, P256). */
export async function postgresBenchmark(context: Context): Promise<Report> {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  try {
    server = await startPostgres();
  } catch (error) {
    return skipped(error instanceof Error ? error.message : String(error));
  }
  try {
    return await measured(context, server.connectionString);
  } finally {
    await server.stop();
  }
}

async function measured(context: Context, url: string): Promise<Report> {
  const folder = context.folder();
  const signer = await openFileSigner({ keyHome: join(folder, "keys"), origin: ORIGIN, create: true });
  const bare = await openBare(url);
  const schema = "bench_one";
  const database = await openPostgres({ connectionString: url, schema });
  const ledger = await openLedger({ database, signer, ...systemPorts, origin: ORIGIN });
  const count = context.quick ? 50 : 500;
  const batches = context.quick ? 8 : 60;
  const { P1, one, P256 } = await interleave(
    { rounds: context.rounds },
    {
      P1: () => sampleEach(count, () => bare.one()),
      one: () => sampleEach(count, async () => void (await ledger.append([entryOf300()]))),
      P256: async () => ({ perSecond: ROWS * (await sampleEach(batches, () => bare.many())).perSecond }),
    },
  );
  await ledger.close();
  await bare.close();
  await signer.close();
  context.say("four nodes");
  const nodes = await fourNodes(context, { url, folder });
  const together = nodes.map(({ rates }) => rates.reduce((sum, rate) => sum + rate, 0));
  const evenness = median(nodes.map(({ rates }) => Math.min(...rates) / (sum(rates) / rates.length)));
  const fleet: readonly Sample[] = together.map((perSecond) => ({ perSecond }));
  const fleetShare = medianOf(fleet, "perSecond") / medianOf(P256, "perSecond");
  return {
    title: "PostgreSQL",
    how: [
      "A real server on this machine, `fsync` and `synchronous_commit` on. P1 is one row of 300 bytes a commit, P256 256 rows in one statement, on one connection of `pg`.",
      "Four nodes are processes of their own, each appending groups of 64 with four callers to one ordered log, signed at most once a second by one signer; server, signer and nodes share this machine's cores.",
    ],
    figures: [
      figure("P1: one row a commit", P1),
      figure("one node, one by one", one, { of: "P1", series: P1 }),
      figure("P256: rows, 256 a statement", P256),
      { ...figure("four nodes, groups of 64, entries", fleet), ratio: { of: "P256", value: fleetShare } },
      { what: "slowest node to the mean of the nodes", value: evenness, unit: "times" },
    ],
    goals: [
      atLeast("one node, one by one", ratioOf(one, P1), 0.4, { unit: " P1", aim: 0.6 }),
      atLeast("four nodes, 64 a batch, ordered", fleetShare, 0.45, { unit: " P256", aim: 0.7 }),
      atLeast("slowest of four nodes", evenness, 0.5, { unit: " of the mean" }),
    ],
    wrong: nodes.flatMap(({ wrong }) => wrong),
  };
}

function skipped(reason: string): Report {
  return { title: "PostgreSQL", how: [], figures: [], goals: [], wrong: [], notMeasured: [reason] };
}

async function openBare(
  url: string,
): Promise<{ one(): Promise<unknown>; many(): Promise<unknown>; close(): Promise<void> }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE TABLE plain (idx bigserial PRIMARY KEY, body text NOT NULL)");
  const many = Array.from({ length: ROWS }, () => ROW);
  return {
    one: () => client.query({ name: "one", text: "INSERT INTO plain (body) VALUES ($1)", values: [ROW] }),
    many: () =>
      client.query({ name: "many", text: "INSERT INTO plain (body) SELECT unnest($1::text[])", values: [many] }),
    close: () => client.end(),
  };
}

interface Fleet {
  /** Entries a second of each node. */
  readonly rates: readonly number[];
  readonly wrong: readonly string[];
}

async function fourNodes(context: Context, { url, folder }: { url: string; folder: string }): Promise<Fleet[]> {
  const ms = context.quick ? 500 : 2500;
  const rounds: Fleet[] = [];
  for (let round = 0; round < context.rounds; round++) {
    const schema = `bench_four_${round}`;
    const origin = `${ORIGIN}/${round}`;
    const home = join(folder, schema);
    mkdirSync(home, { mode: 0o700 });
    const signer = await openFileSigner({ keyHome: join(home, "keys"), origin, create: true });
    const socketPath = join(home, "s");
    const served = await serveSigner({ signer, socketPath });
    // The first node makes the tables, so that the others start alike.
    const first = await openLog(url, schema, signer);
    const args = ["--url", url, "--schema", schema, "--socket", socketPath, "--ms", String(ms)];
    const appended = await Promise.all(Array.from({ length: NODES }, () => node(args)));
    const { size } = await first.head();
    await first.close();
    await served.close();
    const entries = sum(appended.map((one) => one.entries));
    rounds.push({
      rates: appended.map((one) => one.entries / one.seconds),
      wrong: size - 1 === entries ? [] : [`four nodes were told ${entries} entries, the log has ${size - 1}`],
    });
  }
  return rounds;
}

async function openLog(url: string, schema: string, signer: LocalSigner): ReturnType<typeof openLedger> {
  const database = await openPostgres({ connectionString: url, schema });
  return openLedger({ database, signer, ...systemPorts, origin: signer.name });
}

function node(args: readonly string[]): Promise<{ readonly entries: number; readonly seconds: number }> {
  const script = join(import.meta.dirname, "postgres-child.ts");
  const child = spawn(
    process.execPath,
    ["--conditions=writ-source", "--disable-warning=ExperimentalWarning", script, ...args],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout.on("data", (part: Buffer) => void (text += part.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(text) as { entries: number; seconds: number });
      else reject(new Error(`a node ended with ${code}`));
    });
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
