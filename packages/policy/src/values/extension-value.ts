import type { Long } from "./value.ts";

/** A decimal of four fractional digits, as an integer of ten-thousandths. */
export class Decimal {
  readonly kind = "decimal";
  readonly units: Long;

  constructor(units: Long) {
    this.units = units;
  }
}

/** An instant in milliseconds since 1970-01-01T00:00:00Z. */
export class Datetime {
  readonly kind = "datetime";
  readonly ms: Long;

  constructor(ms: Long) {
    this.ms = ms;
  }
}

/** A length of time in milliseconds; may be negative. */
export class Duration {
  readonly kind = "duration";
  readonly ms: Long;

  constructor(ms: Long) {
    this.ms = ms;
  }
}
