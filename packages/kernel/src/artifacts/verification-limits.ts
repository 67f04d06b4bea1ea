import { parseJsonExact, WritError, type ExactJson } from "@writ/canon";
import { isExactList, isExactRecord } from "../compat/exact-record.ts";
import type { CompatErrorCode } from "../compat/error-code.ts";

/** What one verification may read, all files together (spec kernel.md §2.4). Each is a positive whole number. */
export interface VerificationLimits {
  readonly fileBytes: number;
  /** At least `fileBytes`. */
  readonly totalBytes: number;
  /** The root counts 1. */
  readonly depth: number;
  /** Values in all files, lists and maps included. */
  readonly nodes: number;
}

export const VERIFICATION_LIMITS: VerificationLimits = {
  fileBytes: 1_048_576,
  totalBytes: 8_388_608,
  depth: 64,
  nodes: 100_000,
};

/**
 * A loader that parses strictly and stays within one budget. `read` gives a file's bytes, or undefined when there is
 * none; it is asked once a path. Throws `LEGACY_VALUE` with `details.reason` `limit_*` beyond a limit, and canon's
 * `JSON_*` codes.
 */
export function limitedLoader(
  read: (path: string) => Uint8Array | undefined,
  limits: VerificationLimits = VERIFICATION_LIMITS,
): (path: string) => ExactJson | undefined {
  checkLimits(limits);
  const left = { bytes: limits.totalBytes, nodes: limits.nodes };
  const loaded = new Map<string, ExactJson | undefined>();
  return (path) => {
    if (loaded.has(path)) return loaded.get(path);
    const bytes = read(path);
    const value = bytes && parseWithin(bytes, limits, left);
    loaded.set(path, value);
    return value;
  };
}

interface Left {
  bytes: number;
  nodes: number;
}

function parseWithin(bytes: Uint8Array, limits: VerificationLimits, left: Left): ExactJson {
  if (bytes.length > limits.fileBytes) throw beyond("file_bytes", limits.fileBytes);
  left.bytes -= bytes.length;
  if (left.bytes < 0) throw beyond("total_bytes", limits.totalBytes);
  // The root counts 1 here and a bare value counts 0 there, so `[]` is 1 for both.
  const value = parseJsonExact(bytes, { maxBytes: limits.fileBytes, maxDepth: limits.depth });
  left.nodes -= countNodes(value);
  if (left.nodes < 0) throw beyond("nodes", limits.nodes);
  return value;
}

function countNodes(value: ExactJson): number {
  const inside = isExactList(value) ? value : isExactRecord(value) ? Object.values(value) : [];
  return inside.reduce((sum: number, item) => sum + countNodes(item), 1);
}

function checkLimits(limits: VerificationLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) throw beyond(name, Number(value));
  }
  if (limits.totalBytes < limits.fileBytes) throw beyond("total_bytes", limits.totalBytes);
}

function beyond(limit: string, value: number): WritError<CompatErrorCode> {
  return new WritError({
    code: "LEGACY_VALUE",
    message: `a verification does not fit its limit \`${limit}\``,
    reason: "one verification reads a bounded amount; each limit is a positive whole number and the total the largest",
    next: "verify a smaller bundle, or pass other limits",
    details: { reason: `limit_${limit}`, limit: value },
  });
}
