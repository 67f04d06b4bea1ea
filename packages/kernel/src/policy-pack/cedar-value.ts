import { type ExactJson, JsonFraction } from "@writ/canon";
import { compareCodePoints } from "../compat/code-points.ts";
import { asciiText, pythonNumbers, writeLegacyJson } from "../compat/python-json.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { onRefusal } from "../on-refusal.ts";

/** A value as text, equal for two values exactly when a pack finds them equal: `1` and `1.0` differ, `-0.0` and `0.0` not. */
export function canonicalValue(value: ExactJson): string {
  return onRefusal(
    () => writeLegacyJson(value, { order: compareCodePoints, text: asciiText, ...pythonNumbers, float }),
    () => {
      throw recordRefusal("untranslatable_policy_value");
    },
  );
}

/** A Cedar text literal; what is not visible ASCII is written by its number. Half a surrogate pair has none. */
export function cedarText(text: string): string {
  if (!text.isWellFormed()) throw recordRefusal("untranslatable_policy_text");
  const escaped = text.replaceAll(/["\\]|[^ -~]/gu, (character) =>
    character === '"' || character === "\\" ? `\\${character}` : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${escaped}"`;
}

/**
 * A double as a whole number of 64 bits in the same order (IEEE 754-2019 §3.4: the bits of positive doubles ascend with
 * them, those of negative ones descend). Both zeros are 0.
 */
export function floatKey(value: number): bigint {
  if (!Number.isFinite(value)) throw recordRefusal("untranslatable_policy_number");
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const key = bits.getBigInt64(0);
  return key < 0n ? -BigInt.asUintN(63, key) : key;
}

/** A whole number that fits Cedar's 64 bits, or undefined. */
export function cedarInteger(value: ExactJson): number | bigint | undefined {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? value : undefined;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

export function isInteger(value: ExactJson): boolean {
  return !(value instanceof JsonFraction) && (typeof value === "number" || typeof value === "bigint");
}

function float(value: number): string {
  return pythonNumbers.float(value === 0 ? 0 : value);
}
