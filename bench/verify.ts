import { hash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { parsePolicy, verifyBundle } from "@writ/verify";
import type { VerifyResult } from "@writ/verify";
import { verifyLogFile, verifyLogFileOnAllCores } from "@writ/verify/node";

import { exportWhole } from "./bundle-fixture.ts";
import { interleave, median, ratioOf, sampleWhole } from "./measure.ts";
import type { Series } from "./measure.ts";
import { atLeast, figure } from "./report.ts";
import type { Context, LogFixture, Report } from "./report.ts";

/** Full verification on one core against reading and hashing alone (spec ledger.md §16, R, H, N). */
export async function verifyBenchmark(context: Context): Promise<Report> {
  const log = await context.log(context.quick ? 5_000 : 200_000);
  const bundle = await exportWhole(log, context.folder());
  const policy = parsePolicy(readFileSync(log.policyFile));
  const wrong: string[] = [];
  const check = (name: string, { ok, size }: VerifyResult): void => {
    if (!ok || (size ?? 0) < log.entries) wrong.push(`${name}: not good, or not all of it`);
  };
  const { R, H, N, database, cores, bundled } = await interleave(
    { rounds: context.rounds },
    {
      R: () => sampleWhole(log.entries, () => readRows(log)),
      H: () => sampleWhole(log.entries, () => hashMany(log.entryBytes / log.entries + 1, log.entries)),
      N: () => sampleWhole(log.entries, () => hashMany(65, log.entries)),
      database: () =>
        sampleWhole(log.entries, () => check("database", verifyLogFile(log.path, { policy, depth: "full" }))),
      cores: () =>
        sampleWhole(log.entries, async () =>
          check("database on all cores", await verifyLogFileOnAllCores(log.path, { policy, depth: "full" })),
        ),
      bundled: () =>
        sampleWhole(log.entries, async () => check("bundle", await verifyBundle(createReadStream(bundle), { policy }))),
    },
  );
  return {
    title: "Full verification",
    how: [
      `A log of ${log.entries.toLocaleString("en-US")} entries of ${Math.round(log.entryBytes / log.entries)} bytes, in this process. R reads the rows, H is one-shot SHA-256 of an entry, N of a node; the sum of what they take per entry is the bare measure.`,
    ],
    figures: [
      figure("R: rows read", R),
      figure("H: entry hashes", H),
      figure("N: node hashes", N),
      { ...figure("database verified", database), ratio: { of: "(R + H + N)", value: share(database, [R, H, N]) } },
      figure("database verified on all cores", cores, { of: "one core", series: database }),
      { ...figure("bundle verified", bundled), ratio: { of: "(H + N)", value: share(bundled, [H, N]) } },
    ],
    goals: [
      atLeast("database, one core", share(database, [R, H, N]), 0.65, { unit: " (R + H + N)", aim: 0.8 }),
      atLeast("bundle, one core", share(bundled, [H, N]), 0.7, { unit: " (H + N)", aim: 0.9 }),
      atLeast("second core, database", ratioOf(cores, database), 1.6, { unit: " times", aim: 1.8 }),
    ],
    wrong: [...new Set(wrong)],
  };
}

/** What the bare pieces take for an entry, by what the whole takes; median over the rounds. */
function share(whole: Series, pieces: readonly Series[]): number {
  return median(
    whole.map(({ perSecond }, round) => {
      const bare = pieces.reduce((seconds, piece) => seconds + 1 / (piece[round]?.perSecond ?? Number.NaN), 0);
      return bare * perSecond;
    }),
  );
}

function readRows(log: LogFixture): void {
  const database = new DatabaseSync(log.path, { readOnly: true });
  let read = 0;
  for (const row of database.prepare("SELECT idx, id, body FROM entry ORDER BY idx").iterate()) {
    read += row["body"] === undefined ? 0 : 1;
  }
  database.close();
  if (read < log.entries) throw new Error(`read ${read} of ${log.entries} rows`);
}

function hashMany(bytes: number, times: number): void {
  const input = Buffer.alloc(Math.round(bytes), 7);
  for (let n = 0; n < times; n++) {
    input[0] = n & 255;
    hash("sha256", input, "binary");
  }
}
