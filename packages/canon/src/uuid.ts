import { fromHex, toHex } from "./encoding.ts";
import type { CanonErrorCode } from "./error-code.ts";
import { WritError } from "./error.ts";

const MS_MAX = 2 ** 48 - 1;
const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FORM_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * A UUIDv7 (RFC 9562 §5.7) of 16 bytes: 48 bits of milliseconds, then 74 of the first 80 bits of `random`.
 * Preconditions: `nowMs` is an integer, 0 <= nowMs < 2^48; `random` has at least 10 bytes; else `UUID_INVALID`.
 */
export function uuidv7(nowMs: number, random: Uint8Array): Uint8Array {
  if (!(Number.isInteger(nowMs) && nowMs >= 0 && nowMs <= MS_MAX)) throw invalid("the time is out of range");
  if (random.length < 10) throw invalid("fewer than 10 random bytes");
  const bytes = new Uint8Array(16);
  const high = Math.floor(nowMs / 65_536);
  bytes[0] = high >>> 24;
  bytes[1] = high >>> 16;
  bytes[2] = high >>> 8;
  bytes[3] = high;
  bytes[4] = (nowMs % 65_536) >>> 8;
  bytes[5] = nowMs % 256;
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes;
}

/** 16 bytes as 36 lower-case characters; another length is `UUID_INVALID`. */
export function formatUuid(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw invalid("not 16 bytes");
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a lower-case UUID of any version; anything else is `UUID_INVALID`. */
export function parseUuid(text: string): Uint8Array {
  if (!FORM.test(text)) throw invalid("not a lower-case UUID");
  return fromHex(text.replaceAll("-", ""));
}

/** True for the lower-case text of a version 7 UUID. */
export function isUuidv7(text: string): boolean {
  return FORM_V7.test(text);
}

function invalid(message: string): WritError<CanonErrorCode> {
  return new WritError({
    code: "UUID_INVALID",
    message,
    reason: "ids are UUIDs of RFC 9562 in lower case",
    next: "pass an id as it was given out",
  });
}
