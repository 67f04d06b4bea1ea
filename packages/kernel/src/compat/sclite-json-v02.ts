import { compareCodeUnits, sha256Hex, type ExactJson } from "@writ/canon";
import { legacyRefusal } from "./legacy-value.ts";
import { unicodeText, writeLegacyJson } from "./python-json.ts";

/**
 * The recipe `sclite-json-v0.2` (spec kernel.md §3.2): keys by UTF-16 code unit, numbers as ECMAScript prints them,
 * whole numbers within ±(2^53−1). Throws `LEGACY_VALUE` with `details.reason` `unsafe_integer`,
 * `non_finite_number` or `non_json_value`.
 */
export function scliteTextV02(value: ExactJson): string {
  return writeLegacyJson(value, { order: compareCodeUnits, text: unicodeText, integer, float });
}

/** SHA-256 of that text, 64 lower-case hex digits. */
export function scliteDigestV02(value: ExactJson): string {
  return sha256Hex(scliteTextV02(value));
}

function integer(value: number | bigint): string {
  if (!Number.isSafeInteger(Number(value))) throw unsafe();
  return String(value);
}

function float(value: number): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw unsafe();
  // ECMA-262 §6.1.6.1.20, which prints negative zero as `0`.
  return String(value);
}

function unsafe(): Error {
  return legacyRefusal("unsafe_integer", "a whole number beyond ±(2^53−1)");
}
