import { spawnSync } from "node:child_process";

import { median, medianOf, percentiles } from "./measure.ts";
import type { Sample, Series } from "./measure.ts";
import type { Figure } from "./report.ts";

/** Spawns of each command in a turn; with the rounds, more than twenty in all. */
export const SPAWNS = 5;
const SPAWNS_QUICK = 2;

export interface SpawnOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly quick: boolean;
}

/** Whole processes from spawn to exit, one after the other. Throws when one fails. */
export function sampleSpawns(program: string, args: readonly string[], { quick, ...options }: SpawnOptions): Sample {
  const times: number[] = [];
  for (let n = 0; n < (quick ? SPAWNS_QUICK : SPAWNS); n++) {
    const before = performance.now();
    const { status, stderr } = spawnSync(program, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
    times.push((performance.now() - before) * 1000);
    if (status !== 0) throw new Error(`\`${program} ${args.join(" ")}\` ended with ${status}: ${String(stderr)}`);
  }
  const { p50, p99 } = percentiles(times);
  return { perSecond: 1e6 / p50, p50, p99 };
}

/** Milliseconds of the median process. */
export function milliseconds(series: Series): number {
  return medianOf(series, "p50") / 1000;
}

/** How many times as long as the bare one, median of the rounds. */
export function slower(series: Series, bare: Series): number {
  return median(series.map(({ p50 }, round) => (p50 ?? Number.NaN) / (bare[round]?.p50 ?? Number.NaN)));
}

export function spawnFigure(
  what: string,
  series: Series,
  bare?: { readonly of: string; readonly series: Series },
): Figure {
  const times = series.map(({ p50 }) => (p50 ?? Number.NaN) / 1000);
  return {
    what,
    value: milliseconds(series),
    unit: "ms",
    range: [Math.min(...times), Math.max(...times)],
    ...(bare !== undefined && { ratio: { of: bare.of, value: slower(series, bare.series) } }),
  };
}
