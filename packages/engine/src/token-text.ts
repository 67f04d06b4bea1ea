import { timingSafeEqual } from "node:crypto";

import { fromHex, sha256, sha256Hex, toBase64Url, toHex } from "@writ/canon";

const SECRET_BYTES = 32;
const SALT_BYTES = 16;
/** Hex digits of the lookup digest: 64 bits tell ten thousand tokens apart and say nothing about 256. */
const LOOKUP_DIGITS = 16;
const FORM = /^writ_(?:operator|agent|viewer)_[A-Za-z0-9_-]{43}$/;

export interface NewToken {
  readonly text: string;
  /** What the log keeps, in hex. */
  readonly stored: { readonly lookup: string; readonly salt: string; readonly hash: string };
}

/** `writ_<role>_<32 random bytes in base64url>` (ARCHITECTURE §11). */
export function newToken(role: string, random: (bytes: number) => Uint8Array): NewToken {
  const text = `writ_${role}_${toBase64Url(random(SECRET_BYTES))}`;
  const salt = toHex(random(SALT_BYTES));
  return { text, stored: { lookup: lookupOf(text), salt, hash: toHex(salted(text, salt)) } };
}

export function isToken(text: unknown): text is string {
  return typeof text === "string" && FORM.test(text);
}

/** The key a token is found by: the beginning of a digest of its own, apart from the salted one that proves it. */
export function lookupOf(text: string): string {
  return sha256Hex(`writ.token.lookup.v1\n${text}`).slice(0, LOOKUP_DIGITS);
}

/** Whether `text` is the token of a salted hash; takes the same time wherever they differ. */
export function isTokenOf(text: string, salt: string, hash: string): boolean {
  const wanted = fromHex(hash);
  const found = salted(text, salt);
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

function salted(text: string, salt: string): Uint8Array {
  return sha256(`writ.token.v1\n${salt}\n${text}`);
}
