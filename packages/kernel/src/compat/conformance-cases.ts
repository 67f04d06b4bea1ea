import { type ExactJson, WritError } from "@writ/canon";
import type { CompatErrorCode } from "./error-code.ts";
import { readLenientJson } from "./lenient-json.ts";

/** Largest file of cases in bytes: a case carries whole chains of artifacts. */
export const CASES_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads a file of cases. Cases hold what the product refuses, half surrogate pairs and keys given twice among it, so
 * this reader is not the strict one; numbers stay exact all the same. Only for cases: nothing that is believed is read
 * with it. Throws `CONFORMANCE_CASES_INVALID`.
 */
export function parseConformanceCases(input: Uint8Array): ExactJson {
  if (input.length > CASES_BYTES_MAX) throw invalidCases(`the file is larger than ${String(CASES_BYTES_MAX)} bytes`);
  const read = readLenientJson(textOf(input), true);
  if (!read.ok) throw invalidCases("the file is not JSON in UTF-8");
  return read.value;
}

function textOf(input: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
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
