import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { NewEntry, OpenLedger } from "@writ/ledger";

import { entryOf300, openFresh } from "./log-fixture.ts";
import { interleave, medianOf, percentiles, ratioOf, sampleEach } from "./measure.ts";
import type { Sample } from "./measure.ts";
import { atLeast, atMost, figure } from "./report.ts";
import type { Context, Report } from "./report.ts";

const CALLERS = 64;
const BATCH = 256;
/** As long as an entry of these benchmarks is in canonical form. */
const ROW = "r".repeat(300);

/** Durable appends against a plain table with the same durability and the same bytes (spec ledger.md §16, S1, S256). */
export async function appendBenchmark(context: Context): Promise<Report> {
  const counts = context.quick ? { one: 60, batches: 8, turns: 4 } : { one: 600, batches: 60, turns: 40 };
  const bare = openPlain(join(context.folder(), "plain.db"));
  const plain = await openFresh(context.folder(), false);
  const signed = await openFresh(context.folder(), true);
  const series = await interleave(
    { rounds: context.rounds },
    {
      S1: () => sampleEach(counts.one, () => bare.one()),
      one: () => appendEach(plain, counts.one, 1),
      signed: () => appendEach(signed, counts.one, 1),
      S256: async () => rows(await sampleEach(counts.batches, () => bare.many())),
      batches: async () => rows(await appendEach(plain, counts.batches, BATCH)),
      together: () => callers(plain, counts.turns),
      togetherSigned: () => callers(signed, counts.turns),
    },
  );
  const { S1, one, signed: signedOne, S256, batches, together, togetherSigned } = series;
  const wrong = [...(await checkSize("plain", plain)), ...(await checkSize("signed", signed))];
  bare.close();
  await plain.close();
  await signed.close();
  const [s1, s256] = [
    { of: "S1", series: S1 },
    { of: "S256", series: S256 },
  ];
  const median = (what: typeof S1) => medianOf(what, "perSecond");
  return {
    title: "Durable append, SQLite",
    how: [
      "S1 and S256 put one and 256 rows of 300 bytes a commit into a plain table (WAL, `synchronous=FULL`). The log appends entries of about 300 bytes with tree, guards and indexes; “signed” is as the product runs, a checkpoint by the file signer at each commit.",
      "With 64 callers each waits for its answer before it asks again; p50 and p99 are of single answers.",
    ],
    figures: [
      figure("S1: one row a commit", S1),
      figure("one caller", one, s1),
      figure("one caller, signed", signedOne, s1),
      figure("S256: rows, 256 a commit", S256),
      figure("entries, batches of 256", batches, s256),
      figure("64 callers", together, s1),
      figure("64 callers, signed", togetherSigned, s1),
    ],
    goals: [
      atLeast("one caller", ratioOf(one, S1), 0.6, { unit: " S1", aim: 0.75 }),
      atLeast("one caller, signed checkpoint each commit", ratioOf(signedOne, S1), 0.45, { unit: " S1", aim: 0.6 }),
      atLeast("batches of 256", ratioOf(batches, S256), 0.4, { unit: " S256", aim: 0.55 }),
      atLeast("64 callers against one", median(together) / median(one), 12, { unit: " times", aim: 20 }),
      atMost("p99 with 64 callers", medianOf(together, "p99") / medianOf(S1, "p50"), 25, {
        unit: " × p50 of S1",
        aim: 12,
      }),
    ],
    wrong,
  };
}

interface Plain {
  one(): void;
  many(): void;
  close(): void;
}

function openPlain(path: string): Plain {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE plain (idx INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT");
  const insert = database.prepare("INSERT INTO plain (body) VALUES (?)");
  return {
    one: () => void insert.run(ROW),
    many() {
      database.exec("BEGIN IMMEDIATE");
      for (let row = 0; row < BATCH; row++) insert.run(ROW);
      database.exec("COMMIT");
    },
    close: () => database.close(),
  };
}

async function appendOk(ledger: OpenLedger, group: readonly NewEntry[]): Promise<void> {
  const result = await ledger.append(group);
  if (!result.ok) throw new Error(result.code);
}

/** Groups made beforehand: making them is the caller's work, and the plain table's row is not made anew either. */
async function appendEach(ledger: OpenLedger, groups: number, entries: number): Promise<Sample> {
  const made = Array.from({ length: groups }, () => Array.from({ length: entries }, entryOf300));
  return sampleEach(groups, (group) => appendOk(ledger, made[group]!));
}

function rows(batches: Sample): Sample {
  return { perSecond: batches.perSecond * BATCH };
}

async function callers(ledger: OpenLedger, turns: number): Promise<Sample> {
  const times: number[] = [];
  const start = performance.now();
  const caller = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      const before = performance.now();
      await appendOk(ledger, [entryOf300()]);
      times.push((performance.now() - before) * 1000);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { perSecond: (times.length * 1000) / (performance.now() - start), ...percentiles(times) };
}

/** The head counts what reading finds. */
async function checkSize(name: string, ledger: OpenLedger): Promise<string[]> {
  const { size } = await ledger.head();
  let found = 0;
  for await (const { index } of ledger.read(0, size)) if (index === found) found++;
  return found === size ? [] : [`${name}: the head says ${size}, there are ${found}`];
}
