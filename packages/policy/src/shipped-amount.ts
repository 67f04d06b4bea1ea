/** Longer numbers are no amounts of anything; the bound keeps the arithmetic below small. */
const DIGITS_MAX = 100;

/**
 * True when `amount` is more than a tenth of `position` (§21.1 D-6). Decimal strings; the sign of the amount does
 * not matter. Without an amount or a position nothing is known and the answer is false: the ordinary single
 * confirmation stands. An amount or position that cannot be read counts as large.
 */
export function isLargeAmount(amount: string | null, position: string | null): boolean {
  if (amount === null || position === null) return false;
  const asked = parseDecimal(amount);
  const held = parseDecimal(position);
  if (asked === undefined || held === undefined) return true;
  const places = Math.max(asked.places, held.places);
  const share = magnitude(asked.units) * 10n ** BigInt(places - asked.places) * 10n;
  return share > held.units * 10n ** BigInt(places - held.places);
}

/** `units` times ten to the power of minus `places`. */
interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

function parseDecimal(text: string): Decimal | undefined {
  if (text.length > DIGITS_MAX) return undefined;
  const match = /^(-?)(\d+)(?:\.(\d+))?$/u.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), places: fraction.length };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
