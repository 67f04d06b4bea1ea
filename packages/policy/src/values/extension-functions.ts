import { parseDatetime, parseDecimal, parseDuration } from "./extension-text.ts";
import { Datetime, Decimal, Duration } from "./extension-value.ts";
import { IpAddress, parseIp } from "./ip-address.ts";
import { addLongs, divideLong, moduloLong, subtractLongs } from "./long.ts";
import { FAULT, type Fault, type Long, type Outcome, type Value } from "./value.ts";

/** One extension function; `call` gets exactly `arity` values. */
export interface ExtensionFunction {
  readonly arity: number;
  readonly call: (a: Value, b: Value) => Outcome;
}

const DAY_MS = 86_400_000;

/** Every extension function of Cedar 4.13 by name. A map, since names such as `constructor` must find nothing. */
export const EXTENSIONS: ReadonlyMap<string, ExtensionFunction> = new Map<string, ExtensionFunction>([
  ["decimal", constructor(parseDecimal)],
  ["ip", constructor(parseIp)],
  ["datetime", constructor(parseDatetime)],
  ["duration", constructor(parseDuration)],
  ["lessThan", decimals((a, b) => a < b)],
  ["lessThanOrEqual", decimals((a, b) => a <= b)],
  ["greaterThan", decimals((a, b) => a > b)],
  ["greaterThanOrEqual", decimals((a, b) => a >= b)],
  ["isIpv4", address((ip) => !ip.v6)],
  ["isIpv6", address((ip) => ip.v6)],
  ["isLoopback", address((ip) => ip.isLoopback)],
  ["isMulticast", address((ip) => ip.isMulticast)],
  ["isInRange", { arity: 2, call: (a, b) => bothIps(a, b) }],
  ["offset", { arity: 2, call: offset }],
  ["durationSince", { arity: 2, call: durationSince }],
  ["toDate", { arity: 1, call: toDate }],
  ["toTime", { arity: 1, call: toTime }],
  ["toMilliseconds", duration(1)],
  ["toSeconds", duration(1_000)],
  ["toMinutes", duration(60_000)],
  ["toHours", duration(3_600_000)],
  ["toDays", duration(DAY_MS)],
]);

function constructor(parse: (text: string) => Outcome): ExtensionFunction {
  return { arity: 1, call: (a) => (typeof a === "string" ? parse(a) : FAULT) };
}

function decimals(holds: (a: Long, b: Long) => boolean): ExtensionFunction {
  const call = (a: Value, b: Value): Outcome =>
    a instanceof Decimal && b instanceof Decimal ? holds(a.units, b.units) : FAULT;
  return { arity: 2, call };
}

function address(holds: (ip: IpAddress) => boolean): ExtensionFunction {
  return { arity: 1, call: (a) => (a instanceof IpAddress ? holds(a) : FAULT) };
}

function bothIps(a: Value, b: Value): Outcome {
  return a instanceof IpAddress && b instanceof IpAddress ? a.isInRange(b) : FAULT;
}

function duration(unitMs: number): ExtensionFunction {
  return { arity: 1, call: (a) => (a instanceof Duration ? divideLong(a.ms, unitMs) : FAULT) };
}

function offset(a: Value, b: Value): Outcome {
  if (!(a instanceof Datetime) || !(b instanceof Duration)) return FAULT;
  return wrapped(addLongs(a.ms, b.ms), (ms) => new Datetime(ms));
}

function durationSince(a: Value, b: Value): Outcome {
  if (!(a instanceof Datetime) || !(b instanceof Datetime)) return FAULT;
  return wrapped(subtractLongs(a.ms, b.ms), (ms) => new Duration(ms));
}

/** Midnight at or before the instant, before 1970 too; overflows near the minimum. */
function toDate(a: Value): Outcome {
  if (!(a instanceof Datetime)) return FAULT;
  return wrapped(subtractLongs(a.ms, moduloLong(a.ms, DAY_MS)), (ms) => new Datetime(ms));
}

/** Time since that midnight: never negative. */
function toTime(a: Value): Outcome {
  return a instanceof Datetime ? new Duration(moduloLong(a.ms, DAY_MS)) : FAULT;
}

function wrapped(ms: Long | Fault, wrap: (ms: Long) => Value): Outcome {
  return typeof ms === "object" ? FAULT : wrap(ms);
}
