import { sha256Hex, type ExactJson } from "@writ/canon";
import { compareCodePoints } from "./code-points.ts";
import { pythonNumbers, unicodeText, writeLegacyJson } from "./python-json.ts";

/**
 * The recipe `sclite-json-v0.1` (spec kernel.md §3.1): keys by code point, UTF-8, `1` and `1.0` differ.
 * Throws `LEGACY_VALUE`.
 */
export function scliteTextV01(value: ExactJson): string {
  return writeLegacyJson(value, { order: compareCodePoints, text: unicodeText, ...pythonNumbers });
}

/** SHA-256 of that text, 64 lower-case hex digits. */
export function scliteDigestV01(value: ExactJson): string {
  return sha256Hex(scliteTextV01(value));
}
