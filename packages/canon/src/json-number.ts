const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Where the number that starts at `start` ends (RFC 8259 §6), or -1 - p when a digit is missing at position p:
 * a number tells both without an object per literal.
 */
export function numberEnd(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  at = text.charCodeAt(at) === ZERO ? at + 1 : digits(text, at);
  if (at >= 0 && text.charCodeAt(at) === POINT) at = digits(text, at + 1);
  if (at < 0 || !isExponent(text.charCodeAt(at))) return at;
  const sign = text.charCodeAt(at + 1);
  return digits(text, sign === MINUS || sign === PLUS ? at + 2 : at + 1);
}

/** True where a number may start. */
export function startsNumber(unit: number): boolean {
  return unit === MINUS || isDigit(unit);
}

/** At least one digit from `start`. */
function digits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at === start ? -1 - start : at;
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

function isExponent(unit: number): boolean {
  return unit === 0x65 || unit === 0x45;
}
