const P = 2n ** 255n - 19n;
/** d of edwards25519 (RFC 8032 §5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** y of the eight points whose eightfold is the neutral element (1, -1, the two of order 4, the four of order 8). */
const LOW_ORDER_Y: ReadonlySet<bigint> = new Set([
  1n,
  P - 1n,
  0n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/**
 * True for an Ed25519 public key that is 32 bytes, canonical (y < p), on the curve and not of low order. The
 * platform's verifier accepts others, under which one signature can fit many messages (RFC 8032 §5.1.3, §8.8).
 */
export function isSafePublicKey(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  const y = littleEndian(key) & (2n ** 255n - 1n);
  return y < P && !LOW_ORDER_Y.has(y) && isOnCurve(y);
}

/** x² = (y² − 1) / (d·y² + 1) has a root: Euler's criterion on the product, which is the same question. */
function isOnCurve(y: bigint): boolean {
  const y2 = (y * y) % P;
  const product = ((y2 - 1n + P) * (D * y2 + 1n)) % P;
  return product === 0n || power(product, (P - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  // 255 rounds at most: the exponent is below 2^255.
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}
