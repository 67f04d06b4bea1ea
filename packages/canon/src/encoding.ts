import type { CanonErrorCode } from "./error-code.ts";
import { WritError } from "./error.ts";

const HEX_PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SEXTETS = sextets(ALPHABET);
const URL_SEXTETS = sextets(URL_ALPHABET);
const NO_SEXTET = 0xff;

/** Two lower-case hexadecimal digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index++) text += HEX_PAIRS[bytes[index]!]!;
  return text;
}

/** Bytes of lower-case hexadecimal digits; anything else is `HEX_INVALID`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw invalid("HEX_INVALID", "hexadecimal text of odd length");
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    const high = hexDigit(text.charCodeAt(index * 2));
    const low = hexDigit(text.charCodeAt(index * 2 + 1));
    if (high < 0 || low < 0) throw invalid("HEX_INVALID", "not lower-case hexadecimal digits");
    bytes[index] = high * 16 + low;
  }
  return bytes;
}

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, ALPHABET);
  const rest = bytes.length % 3;
  return rest === 0 ? text : text + (rest === 1 ? "==" : "=");
}

/**
 * Bytes of standard base64: padded, no white space, unused bits zero (RFC 4648 §3.5), so that each byte
 * string has one text. Anything else is `BASE64_INVALID`.
 */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw invalid("BASE64_INVALID", "base64 without its padding");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return decode(text, text.length - padding, SEXTETS);
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, URL_ALPHABET);
}

/** Bytes of base64url without padding, unused bits zero; anything else is `BASE64_INVALID`. */
export function fromBase64Url(text: string): Uint8Array {
  return decode(text, text.length, URL_SEXTETS);
}

function sextets(alphabet: string): Uint8Array {
  const table = new Uint8Array(256).fill(0xff);
  for (let value = 0; value < alphabet.length; value++) table[alphabet.charCodeAt(value)] = value;
  return table;
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1;
}

function encode(bytes: Uint8Array, alphabet: string): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const group = at(bytes, index) * 65_536 + at(bytes, index + 1) * 256 + at(bytes, index + 2);
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    if (left > 1) text += alphabet.charAt((group >> 6) & 63);
    if (left > 2) text += alphabet.charAt(group & 63);
  }
  return text;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function decode(text: string, length: number, table: Uint8Array): Uint8Array {
  if (length % 4 === 1) throw invalid("BASE64_INVALID", "base64 of impossible length");
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let index = 0; index < length; index++) {
    const sextet = table[text.charCodeAt(index)] ?? NO_SEXTET;
    if (sextet === NO_SEXTET) throw invalid("BASE64_INVALID", "a character base64 does not have");
    held = ((held << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[written++] = (held >> bits) & 0xff;
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw invalid("BASE64_INVALID", "base64 with unused bits set");
  return bytes;
}

function invalid(code: CanonErrorCode, message: string): WritError<CanonErrorCode> {
  return new WritError({
    code,
    message,
    reason: "each byte string has exactly one text, so that texts can be compared",
    next: "encode the bytes again",
  });
}
