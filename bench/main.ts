import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";

import { performancePage, tableOf } from "./page.ts";
import type { Kept } from "./page.ts";
import { makeLog } from "./log-fixture.ts";
import type { Benchmark, Context, LogFixture, Report } from "./report.ts";

/** In the order of the page. */
const BENCHMARKS: { readonly [name: string]: () => Promise<Benchmark> } = {
  decide: async () => (await import("./decide.ts")).decideBenchmark,
  canonical: async () => (await import("./canonical.ts")).canonicalBenchmark,
  append: async () => (await import("./append.ts")).appendBenchmark,
  verify: async () => (await import("./verify.ts")).verifyBenchmark,
  million: async () => (await import("./million.ts")).millionBenchmark,
  restart: async () => (await import("./restart.ts")).restartBenchmark,
  proof: async () => (await import("./proof.ts")).proofBenchmark,
  postgres: async () => (await import("./postgres.ts")).postgresBenchmark,
  http: async () => (await import("./http.ts")).httpBenchmark,
  run: async () => (await import("./run.ts")).runBenchmark,
  command: async () => (await import("./command.ts")).commandBenchmark,
};
const ROOT = dirname(import.meta.dirname);
const SWITCHES = ["--quick", "--full"];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === "rego") {
    process.stdout.write((await import("./opa.ts")).regoText());
    return 0;
  }
  const unknown = args.find((word) => !SWITCHES.includes(word) && !Object.hasOwn(BENCHMARKS, word));
  if (unknown !== undefined) {
    const names = Object.keys(BENCHMARKS).join(", ");
    process.stderr.write(`bench: there is no \`${unknown}\`\n  next: one of ${names}, rego, --quick, --full\n`);
    return 2;
  }
  const names = args.filter((word) => !word.startsWith("--"));
  return measure(
    names.length === 0 ? Object.keys(BENCHMARKS) : names,
    args.includes("--quick"),
    args.includes("--full"),
  );
}

async function measure(names: readonly string[], quick: boolean, full: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
  let wrong = 0;
  try {
    const context = contextIn(folder, quick, full);
    for (const name of names) {
      const kept = await runOne(name, context);
      wrong += kept.wrong.length;
      process.stdout.write(tableOf(kept));
      if (quick) continue;
      for (const fallen of fallenSince(keptBefore(name), kept)) process.stdout.write(`  lower than last: ${fallen}\n`);
      keep(kept);
    }
    if (!quick) writePage();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return wrong === 0 ? 0 : 1;
}

function contextIn(folder: string, quick: boolean, full: boolean): Context {
  let folders = 0;
  const fresh = (): string => {
    const path = join(folder, String(++folders));
    mkdirSync(path, { mode: 0o700 });
    return path;
  };
  const logs = new Map<number, Promise<LogFixture>>();
  const log = (entries: number): Promise<LogFixture> => {
    const known = logs.get(entries) ?? makeLog(fresh(), entries);
    logs.set(entries, known);
    return known;
  };
  const say = (text: string): void => void process.stderr.write(`  … ${text}\n`);
  return { quick, full, rounds: quick ? 3 : 5, folder: fresh, log, say };
}

async function runOne(name: string, context: Context): Promise<Kept> {
  context.say(name);
  const [before = 0] = loadavg();
  const started = performance.now();
  const report = await reportOf(name, context);
  const [after = 0] = loadavg();
  return {
    name,
    date: new Date().toISOString(),
    node: process.versions.node,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: [before, after],
    seconds: (performance.now() - started) / 1000,
    ...report,
  };
}

/** A benchmark that cannot run is a wrong answer, and the others go on. */
async function reportOf(name: string, context: Context): Promise<Report> {
  try {
    return await (
      await BENCHMARKS[name]!()
    )(context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { title: name, how: [], figures: [], goals: [], notMeasured: [reason], wrong: [reason] };
  }
}

function keptFile(name: string): string {
  return join(ROOT, "bench", "results", `${name}.json`);
}

function keptBefore(name: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(keptFile(name), "utf8")) as Kept;
  } catch {
    return undefined;
  }
}

/** Ratios more than a tenth below the last kept ones: said, since another machine may be the reason. */
function fallenSince(before: Kept | undefined, now: Kept): string[] {
  return now.figures.flatMap(({ what, ratio }) => {
    const last = before?.figures.find((one) => one.what === what)?.ratio;
    if (ratio === undefined || last === undefined || ratio.value >= last.value * 0.9) return [];
    return [`${what}: ${ratio.value.toFixed(2)} × ${ratio.of}, was ${last.value.toFixed(2)}`];
  });
}

function keep(kept: Kept): void {
  mkdirSync(dirname(keptFile(kept.name)), { recursive: true });
  writeFileSync(keptFile(kept.name), `${JSON.stringify(kept, undefined, 2)}\n`);
}

function writePage(): void {
  const kept = Object.keys(BENCHMARKS).flatMap((name) => keptBefore(name) ?? []);
  writeFileSync(join(ROOT, "docs", "reference", "performance.md"), performancePage(kept));
}
