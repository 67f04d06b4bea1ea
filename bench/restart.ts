import { spawn } from "node:child_process";
import { dirname, join } from "node:path";

import { interleave, median } from "./measure.ts";
import type { Sample } from "./measure.ts";
import { atMost } from "./report.ts";
import type { Context, LogFixture, Report } from "./report.ts";

/** How long a log is opened after its owner was killed under load, small against large (spec ledger.md §16). */
export async function restartBenchmark(context: Context): Promise<Report> {
  const small = await context.log(context.quick ? 1_000 : 10_000);
  const size = context.quick ? 20_000 : context.full ? 10_000_000 : 1_000_000;
  context.say(`making a log of ${size} entries`);
  const large = await context.log(size);
  const series = await interleave(
    { rounds: context.rounds, warmUp: 0 },
    { small: () => crashAndOpen(small), large: () => crashAndOpen(large) },
  );
  const seconds = (of: readonly Sample[]): number => median(of.map(({ perSecond }) => 1 / perSecond));
  const ratio = median(series.large.map((one, round) => series.small[round]!.perSecond / one.perSecond));
  const bigger = size.toLocaleString("en-US");
  return {
    title: "Start after a crash",
    how: [
      "A writer with eight callers is killed with SIGKILL after 300 ms of load; then a new process opens the log. The time is that of opening alone, WAL recovery and the check of the log's end included.",
      ...(context.full ? [] : ["The promise speaks of ten million entries; `--full` measures that."]),
    ],
    figures: [
      {
        what: `opened, ${small.entries.toLocaleString("en-US")} entries`,
        value: seconds(series.small) * 1000,
        unit: "ms",
      },
      {
        what: `opened, ${bigger} entries`,
        value: seconds(series.large) * 1000,
        unit: "ms",
        ratio: { of: "the small log", value: ratio },
      },
    ],
    goals: [
      atMost(`${bigger} entries against ${small.entries.toLocaleString("en-US")}`, ratio, 1.5, {
        unit: " times",
        aim: 1,
      }),
      atMost(`start with ${bigger} entries`, seconds(series.large), 5, { unit: " s" }),
    ],
    wrong: [],
  };
}

/** Kills a writer under load, then opens; the rate is openings a second. */
async function crashAndOpen(log: LogFixture): Promise<Sample> {
  await child(log, "load", 300);
  const answer = JSON.parse(await child(log, "open")) as { readonly ms: number; readonly size: number };
  if (answer.size < log.entries)
    throw new Error(`the log of ${log.entries} has ${answer.size} entries after the crash`);
  return { perSecond: 1000 / answer.ms };
}

function child(log: LogFixture, order: "load" | "open", killAfterMs?: number): Promise<string> {
  const script = join(import.meta.dirname, "restart-child.ts");
  const args = [
    "--conditions=writ-source",
    "--disable-warning=ExperimentalWarning",
    script,
    order,
    dirname(dirname(log.path)),
  ];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  owner.stdout.on("data", (part: Buffer) => {
    if (text === "" && killAfterMs !== undefined) setTimeout(() => owner.kill("SIGKILL"), killAfterMs);
    text += part.toString();
  });
  return new Promise((resolve, reject) => {
    owner.once("error", reject);
    owner.once("close", (code, signal) => {
      if (code === 0 || (signal === "SIGKILL" && killAfterMs !== undefined)) resolve(text);
      else reject(new Error(`a log's owner ended with ${code ?? signal}`));
    });
  });
}
