import { Datetime, Decimal, Duration } from "./extension-value.ts";
import { longOf } from "./long.ts";
import { FAULT, type Fault } from "./value.ts";

// Each parser accepts exactly the texts of Cedar 4.13's constructor, in ASCII.

/** Longer texts can only be leading zeros; the bound keeps a hostile one from costing time. */
const TEXT_MAX = 100_000;
const DECIMAL = /^(-?)([0-9]+)\.([0-9]{1,4})$/;
const DATETIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?(?:Z|([+-])([0-9]{2})([0-9]{2})))?$/;
const DURATION = /^(-?)(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m(?!s))?(?:([0-9]+)s)?(?:([0-9]+)ms)?$/;
const DAY_MS = 86_400_000;
const UNIT_MS = [86_400_000n, 3_600_000n, 60_000n, 1_000n, 1n] as const;
/** 2^63 has 19 digits; anything longer, leading zeros aside, is out of range. */
const DIGITS_MAX = 20;

export function parseDecimal(text: string): Decimal | Fault {
  const match = text.length > TEXT_MAX ? null : DECIMAL.exec(text);
  if (match === null) return FAULT;
  const whole = digits(match[2]!);
  if (whole === undefined) return FAULT;
  const magnitude = whole * 10_000n + BigInt(match[3]!.padEnd(4, "0"));
  const units = longOf(match[1] === "-" ? -magnitude : magnitude);
  return units === FAULT ? FAULT : new Decimal(units as Exclude<typeof units, Fault>);
}

export function parseDatetime(text: string): Datetime | Fault {
  const match = text.length > 64 ? null : DATETIME.exec(text);
  if (match === null) return FAULT;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return FAULT;
  const time = timeOf(match);
  return time === undefined ? FAULT : new Datetime(dayStart(year, month, day) + time);
}

export function parseDuration(text: string): Duration | Fault {
  const match = text.length > TEXT_MAX || text === "" || text === "-" ? null : DURATION.exec(text);
  if (match === null) return FAULT;
  let total = 0n;
  for (const [index, unit] of UNIT_MS.entries()) {
    const amount = digits(match[index + 2] ?? "0");
    if (amount === undefined) return FAULT;
    total += amount * unit;
  }
  const ms = longOf(match[1] === "-" ? -total : total);
  return ms === FAULT ? FAULT : new Duration(ms as Exclude<typeof ms, Fault>);
}

/** The number, or nothing when it cannot fit 64 bits. */
function digits(text: string): bigint | undefined {
  const significant = text.length > DIGITS_MAX ? text.replace(/^0+/, "") : text;
  return significant.length > DIGITS_MAX ? undefined : BigInt(significant === "" ? "0" : significant);
}

/** Milliseconds into the day in UTC, which an offset may take beyond it; 0 for a date alone. */
function timeOf(match: RegExpExecArray): number | undefined {
  if (match[4] === undefined) return 0;
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const local = hour * 3_600_000 + minute * 60_000 + second * 1_000 + Number(match[7] ?? 0);
  const offset = offsetHour * 3_600_000 + offsetMinute * 60_000;
  return match[8] === "-" ? local + offset : local - offset;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Midnight of a proleptic Gregorian date; `Date.UTC` would take the years 0 to 99 for 1900 to 1999. */
function dayStart(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / DAY_MS) * DAY_MS;
}
