import { type ExactJson, JsonFraction, WritError } from "@writ/canon";
import type { CompatErrorCode } from "./error-code.ts";

/** Largest file of cases in bytes: a case carries whole chains of artifacts. */
export const CASES_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads a file of cases. Cases hold what the product refuses, half surrogate pairs and keys given twice among it, so
 * this reader is the platform's and not the strict one; numbers stay exact all the same. Only for cases: nothing that
 * is believed is read with it. Throws `CONFORMANCE_CASES_INVALID`.
 */
export function parseConformanceCases(input: Uint8Array): ExactJson {
  if (input.length > CASES_BYTES_MAX) throw invalidCases(`the file is larger than ${String(CASES_BYTES_MAX)} bytes`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(input);
    return JSON.parse(text, exactNumber) as ExactJson;
  } catch (cause) {
    throw invalidCases("the file is not JSON in UTF-8", cause);
  }
}

export function invalidCases(message: string, cause?: unknown): WritError<CompatErrorCode> {
  return new WritError({
    code: "CONFORMANCE_CASES_INVALID",
    message,
    reason: "cases are `{id, operation, input, expected}` in a list called `cases`",
    next: "give a file of that form",
    details: { reason: "invalid_cases" },
    ...(cause !== undefined && { cause }),
  });
}

/** The literal comes with the value (ECMAScript 2026, JSON.parse source text access; V8 has it since Node 21). */
function exactNumber(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const literal = context?.source;
  if (typeof value !== "number" || literal === undefined) return value;
  if (/[.eE]/.test(literal)) return new JsonFraction(literal);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return BigInt(literal);
}
