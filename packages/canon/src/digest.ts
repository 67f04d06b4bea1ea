import { digestHex, digestInto } from "#sha256";
import type { CanonErrorCode } from "./error-code.ts";
import { WritError } from "./error.ts";

/** Bytes in a SHA-256 digest. */
export const SHA256_BYTES = 32;

/** SHA-256 of bytes, or of the UTF-8 form of text: 32 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  const out = new Uint8Array(SHA256_BYTES);
  digestInto(data, out, 0);
  return out;
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256Hex(data: Uint8Array | string): string {
  return digestHex(data);
}

/**
 * Writes SHA-256 of `data` to `out[offset .. offset+32)`. Precondition: 0 <= offset <= out.length - 32, else
 * `DIGEST_BOUNDS`. For trees: the caller keeps one buffer and no digest object outlives the call.
 */
export function sha256Into(data: Uint8Array | string, out: Uint8Array, offset: number): void {
  if (!(Number.isInteger(offset) && offset >= 0 && offset + SHA256_BYTES <= out.length)) throw outOfBounds();
  digestInto(data, out, offset);
}

function outOfBounds(): WritError<CanonErrorCode> {
  return new WritError({
    code: "DIGEST_BOUNDS",
    message: "a digest does not fit at this offset",
    reason: "a SHA-256 digest has 32 bytes",
    next: "pass a larger buffer or a smaller offset",
  });
}
