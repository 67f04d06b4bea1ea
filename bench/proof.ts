import { DatabaseSync } from "node:sqlite";

import { leafHash, verifyInclusion } from "@writ/verify";

import { reopen } from "./bundle-fixture.ts";
import { interleave, medianOf, sampleEach } from "./measure.ts";
import { atMost, figure } from "./report.ts";
import type { Context, Report } from "./report.ts";
import { randomOf } from "./rules.ts";

/** Inclusion proofs out of a large log, against reading one row (spec ledger.md §16). */
export async function proofBenchmark(context: Context): Promise<Report> {
  const log = await context.log(context.quick ? 20_000 : 1_000_000);
  const ledger = await reopen(log);
  const { size, root } = await ledger.head();
  const random = randomOf(3);
  const pick = (): number => Math.floor(random() * size);
  const rows = new DatabaseSync(log.path, { readOnly: true });
  const byIndex = rows.prepare("SELECT body FROM entry WHERE idx = ?");
  const wrong: string[] = [];
  for (let n = 0; n < 100; n++) {
    const index = pick();
    const entry = await ledger.get(index);
    const proof = await ledger.inclusionProof(index, size);
    const checked = entry && verifyInclusion({ index, size, leaf: leafHash(entry.bytes), proof, root });
    if (checked?.ok !== true) wrong.push(`the proof of ${index} does not hold`);
  }
  const count = context.quick ? 200 : 2000;
  const { row, proof } = await interleave(
    { rounds: context.rounds },
    {
      row: () => sampleEach(count, () => byIndex.get(pick())),
      proof: () => sampleEach(count, () => ledger.inclusionProof(pick(), size)),
    },
  );
  rows.close();
  await ledger.close();
  return {
    title: "Inclusion proofs",
    how: [
      `Proofs of random entries of a log of ${size.toLocaleString("en-US")} against its head; a hundred of them are checked by the verifier first. The bare measure reads one random row.`,
    ],
    figures: [figure("one row read", row), figure("inclusion proof", proof, { of: "one row read", series: row })],
    goals: [atMost("inclusion proof, p99", medianOf(proof, "p99") / 1000, 2, { unit: " ms", aim: 1 })],
    wrong,
  };
}
