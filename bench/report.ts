import { medianOf, ratioOf } from "./measure.ts";
import type { Series } from "./measure.ts";

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Microseconds. */
  readonly p50?: number;
  readonly p99?: number;
  /** Lowest and highest of the rounds, in `unit`. */
  readonly range?: readonly [low: number, high: number];
  /** Against a bare measure of the same run. */
  readonly ratio?: { readonly of: string; readonly value: number };
}

/** One number that was promised, and what came out. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly got: string;
  readonly met: boolean;
  readonly aim?: string;
  readonly aimMet?: boolean;
}

export interface Report {
  readonly title: string;
  /** How it was measured, a sentence each. */
  readonly how: readonly string[];
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
  /** What could not be measured here, and why. */
  readonly notMeasured?: readonly string[];
  /** Answers that were wrong; any of them fails the run. */
  readonly wrong: readonly string[];
}

/** What a benchmark is given. */
export interface Context {
  readonly quick: boolean;
  readonly full: boolean;
  /** Five, or three with `--quick`. */
  readonly rounds: number;
  /** A fresh folder that goes away at the end of the run. */
  folder(): string;
  /** A SQLite log of so many entries of about 300 bytes, made once a run. */
  log(entries: number): Promise<LogFixture>;
  say(text: string): void;
}

export interface LogFixture {
  readonly path: string;
  readonly keyHome: string;
  readonly policyFile: string;
  readonly origin: string;
  readonly entries: number;
  /** Sum of the entries' canonical bytes. */
  readonly entryBytes: number;
  /** Bytes of the database file, its WAL folded in. */
  readonly fileBytes: number;
  readonly appendSeconds: number;
}

export type Benchmark = (context: Context) => Promise<Report>;

/** The median of a series as a figure, against its bare measure if there is one. */
export function figure(what: string, series: Series, bare?: { readonly of: string; readonly series: Series }): Figure {
  const rates = series.map(({ perSecond }) => perSecond);
  const timed = series.every(({ p50 }) => p50 !== undefined);
  return {
    what,
    value: medianOf(series, "perSecond"),
    unit: "/s",
    range: [Math.min(...rates), Math.max(...rates)],
    ...(timed && { p50: medianOf(series, "p50"), p99: medianOf(series, "p99") }),
    ...(bare !== undefined && { ratio: { of: bare.of, value: ratioOf(series, bare.series) } }),
  };
}

/** A number, of which more is better. */
export function atLeast(what: string, got: number, goal: number, words: Words = {}): Goal {
  return bounded(what, got, { goal, ...words }, "at least", (value, bound) => value >= bound);
}

/** A number, of which less is better. */
export function atMost(what: string, got: number, goal: number, words: Words = {}): Goal {
  return bounded(what, got, { goal, ...words }, "at most", (value, bound) => value <= bound);
}

interface Words {
  /** Written after the numbers: `S1`, ` ms`. */
  readonly unit?: string;
  readonly aim?: number;
}

function bounded(
  what: string,
  got: number,
  { goal, aim, unit = "" }: Words & { readonly goal: number },
  side: string,
  holds: (value: number, bound: number) => boolean,
): Goal {
  return {
    what,
    goal: `${side} ${number(goal)}${unit}`,
    got: `${number(got)}${unit}`,
    met: holds(got, goal),
    ...(aim !== undefined && { aim: `${number(aim)}${unit}`, aimMet: holds(got, aim) }),
  };
}

/** Three digits that mean something, thousands apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.min(digits, 3) });
}
