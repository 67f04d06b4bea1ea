import { FAULT, type Fault, type Long } from "./value.ts";

export const LONG_MAX = 2n ** 63n - 1n;
export const LONG_MIN = -(2n ** 63n);

/** The normal form of an integer; an error beyond 64 bits. */
export function longOf(value: bigint): Long | Fault {
  if (value > LONG_MAX || value < LONG_MIN) return FAULT;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** A safe result of double arithmetic on safe operands is exact; any other is computed again without rounding. */
export function addLongs(a: Long, b: Long): Long | Fault {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return longOf(BigInt(a) + BigInt(b));
}

export function subtractLongs(a: Long, b: Long): Long | Fault {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return longOf(BigInt(a) - BigInt(b));
}

export function multiplyLongs(a: Long, b: Long): Long | Fault {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // `0 * -1` is `-0`, which is no Long.
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return longOf(BigInt(a) * BigInt(b));
}

/** Overflows for the minimum. */
export function negateLong(a: Long): Long | Fault {
  if (typeof a === "number") return a === 0 ? 0 : -a;
  return longOf(-a);
}

/** Quotient cut towards zero; the divisor is positive, so it cannot overflow. */
export function divideLong(a: Long, divisor: number): Long {
  if (typeof a === "number") {
    const quotient = Math.trunc(a / divisor);
    return quotient === 0 ? 0 : quotient;
  }
  const quotient = longOf(a / BigInt(divisor));
  // INVARIANT: |quotient| <= |a|.
  return quotient as Long;
}

/** Remainder with the sign of the divisor: never negative for a positive one. */
export function moduloLong(a: Long, divisor: number): number {
  const remainder = typeof a === "number" ? a % divisor : Number(a % BigInt(divisor));
  return remainder < 0 ? remainder + divisor : remainder + 0;
}
