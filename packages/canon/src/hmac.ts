import { sha256 } from "./digest.ts";

/** SHA-256 works on blocks of 64 bytes (FIPS 180-4); RFC 2104 pads the key to one. */
const BLOCK_BYTES = 64;

/** HMAC-SHA-256 (RFC 2104, RFC 4231) of bytes, or of the UTF-8 form of text: 32 bytes. Any key length. */
export function hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array {
  const message = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key);
  return sha256(joined(block, 0x5c, sha256(joined(block, 0x36, message))));
}

function joined(block: Uint8Array, pad: number, tail: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK_BYTES + tail.length);
  for (const [index, byte] of block.entries()) out[index] = byte ^ pad;
  out.set(tail, BLOCK_BYTES);
  return out;
}
