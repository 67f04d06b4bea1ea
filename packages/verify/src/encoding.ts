import { malformed } from "./errors.ts";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes of RFC 4648 §4 text with padding. Any other spelling of the same bytes is `ENCODING`. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || hasSpareBits(text)) throw badBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 32766) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 32766))));
  }
  return parts.join("");
}

/** A SHA-256 digest or a hash of the tree: base64 of exactly 32 bytes, else `HASH_SIZE`. */
export function hashFromBase64(text: string): Uint8Array {
  const hash = fromBase64(text);
  if (hash.length !== 32) throw malformed("HASH_SIZE", "a hash does not have 32 bytes", "all hashes are SHA-256");
  return hash;
}

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Bytes of lower-case hex, else `ENCODING`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw malformed("ENCODING", "a text is not lower-case hex", "bytes have one spelling");
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

let decoder: InstanceType<typeof TextDecoder> | undefined;

/** Text of UTF-8 bytes, else `ENCODING`. A byte order mark is kept as the character it is. */
export function fromUtf8(bytes: Uint8Array): string {
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw malformed("ENCODING", "a text is not UTF-8", `it could mean different things to readers: ${String(cause)}`);
  }
}

/** UTF-8 of well-formed text. A lone surrogate has no UTF-8 and is `ENCODING`. */
export function toUtf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw malformed("ENCODING", "a text holds half a surrogate pair", "it has no UTF-8 form");
  return new TextEncoder().encode(text);
}

/** The text of either form of input. */
export function textOf(input: string | Uint8Array): string {
  if (typeof input !== "string") return fromUtf8(input);
  if (!input.isWellFormed()) throw malformed("ENCODING", "a text holds half a surrogate pair", "it has no UTF-8 form");
  return input;
}

/** A decimal without sign or leading zero, at most 2^53 − 1; undefined if it is not. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True if the last digit holds bits that belong to no byte: a second spelling of the same bytes. */
function hasSpareBits(text: string): boolean {
  if (!text.endsWith("=")) return false;
  const padding = text.endsWith("==") ? 2 : 1;
  return BASE64.indexOf(text.charAt(text.length - padding - 1)) % (padding === 2 ? 16 : 4) !== 0;
}

function badBase64(text: string): Error {
  const shown = text.length > 24 ? `${text.slice(0, 24)}…` : text;
  return malformed("ENCODING", `\`${shown}\` is not base64`, "RFC 4648 §4 with padding is the one spelling");
}
