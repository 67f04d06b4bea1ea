/** One round's figure: a rate, and latencies where single operations were timed. */
export interface Sample {
  readonly perSecond: number;
  /** Microseconds. */
  readonly p50?: number;
  readonly p99?: number;
}

/** The rounds of one contestant. */
export type Series = readonly Sample[];

export interface Rounds {
  readonly rounds: number;
  /** Whole rounds that are run first and not counted. Default 1. */
  readonly warmUp?: number;
}

/**
 * Runs every contestant once a round, in turns, so that a change of the machine's mood meets all of them. Orders
 * alternate from round to round. Returns the counted rounds of each.
 */
export async function interleave<Name extends string>(
  { rounds, warmUp = 1 }: Rounds,
  contestants: { readonly [name in Name]: () => Sample | Promise<Sample> },
): Promise<Record<Name, Series>> {
  const names = Object.keys(contestants) as Name[];
  const series = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Sample[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await contestants[name]();
      if (round >= 0) series[name].push(sample);
    }
  }
  return series;
}

/**
 * Calls `work` over and over for about `ms`: a fifth unmeasured, since another contestant has just had the caches,
 * then for the rate with `burst` calls between looks at the clock, then with each call timed.
 */
export function sampleCalls(ms: number, work: (call: number) => void, burst = 16): Sample {
  let calls = 0;
  for (const end = performance.now() + ms / 5; performance.now() < end;) work(calls++);
  const start = performance.now();
  let now = start;
  while (now - start < ms * 0.4) {
    for (let i = 0; i < burst; i++) work(calls++);
    now = performance.now();
  }
  const perSecond = (calls * 1000) / (now - start);
  const times: number[] = [];
  const timedFrom = performance.now();
  let before = timedFrom;
  while (before - timedFrom < ms * 0.4) {
    before = performance.now();
    work(calls++);
    times.push((performance.now() - before) * 1000);
  }
  return { perSecond, ...percentiles(times) };
}

/** Times `count` calls one after the other; the rate comes from the whole. */
export async function sampleEach(count: number, work: (call: number) => unknown): Promise<Sample> {
  const times: number[] = [];
  const start = performance.now();
  for (let call = 0; call < count; call++) {
    const before = performance.now();
    await work(call);
    times.push((performance.now() - before) * 1000);
  }
  return { perSecond: (count * 1000) / (performance.now() - start), ...percentiles(times) };
}

/** Times one piece of work that does `count` things. */
export async function sampleWhole(count: number, work: () => unknown): Promise<Sample> {
  const start = performance.now();
  await work();
  return { perSecond: (count * 1000) / (performance.now() - start) };
}

export function percentiles(times: readonly number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median over the rounds of one field. */
export function medianOf(series: Series, field: keyof Sample): number {
  return median(series.map((sample) => sample[field] ?? Number.NaN));
}

/** Median over the rounds of the rate of `series` to that of `bare` in the same round. */
export function ratioOf(series: Series, bare: Series): number {
  return median(series.map((sample, round) => sample.perSecond / (bare[round]?.perSecond ?? Number.NaN)));
}
