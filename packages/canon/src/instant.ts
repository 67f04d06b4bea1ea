import type { CanonErrorCode } from "./error-code.ts";
import { WritError } from "./error.ts";

/** 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z, the ends of four-digit years. */
const MS_MIN = -62_167_219_200_000;
const MS_MAX = 253_402_300_799_999;
const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds since 1970 as `YYYY-MM-DDTHH:MM:SS.mmmZ`. An integer in years 0 to 9999, else `INSTANT_INVALID`. */
export function formatInstant(ms: number): string {
  if (!(Number.isInteger(ms) && ms >= MS_MIN && ms <= MS_MAX)) throw invalid("milliseconds out of range");
  return new Date(ms).toISOString();
}

/** Milliseconds of exactly `YYYY-MM-DDTHH:MM:SS.mmmZ`, an existing date; anything else is `INSTANT_INVALID`. */
export function parseInstant(text: string): number {
  if (!FORM.test(text)) throw invalid("not of the form `YYYY-MM-DDTHH:MM:SS.mmmZ`");
  return existing(text);
}

/**
 * Milliseconds of an RFC 3339 date-time with any offset and up to nine fractional digits; what is finer than
 * a millisecond is cut off. A leap second (`:60`) is `INSTANT_INVALID`, since no count of milliseconds names it.
 */
export function parseRfc3339(text: string): number {
  const parts = RFC3339.exec(text);
  if (parts === null) throw invalid("not an RFC 3339 date-time");
  const [, date, time, fraction = "", sign, hours = "00", minutes = "00"] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59) throw invalid("no such offset");
  const local = existing(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, "0")}Z`);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const ms = sign === "-" ? local + offset : local - offset;
  if (ms < MS_MIN || ms > MS_MAX) throw invalid("outside the years 0 to 9999");
  return ms;
}

/** The platform turns 30 February into 2 March: the round trip tells. */
function existing(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== text) throw invalid("no such date");
  return ms;
}

function invalid(message: string): WritError<CanonErrorCode> {
  return new WritError({
    code: "INSTANT_INVALID",
    message,
    reason: "times in records are UTC with milliseconds",
    next: "write the time as RFC 3339",
  });
}
