import { type ExactJson, JsonFraction, parseJsonExact } from "@writ/canon";
import { countCodePoints } from "./code-points.ts";
import { isExactList, isExactRecord } from "./exact-record.ts";
import { legacyRefusal } from "./legacy-value.ts";
import { readLenientJson } from "./lenient-json.ts";
import { onRefusal } from "../on-refusal.ts";

/** Bounds of what the reference kernel lets in (spec kernel.md §2.4); the root is at depth 0. */
const BYTES_MAX = 1_048_576;
export const DEPTH_MAX = 32;
export const NODES_MAX = 10_000;
export const COLLECTION_MAX = 1_000;
/** In code points; of keys too. */
const STRING_MAX = 65_536;

/**
 * Reads JSON at the kernel's v1 boundary: strict, and small enough in every direction. Throws `LEGACY_VALUE` with
 * `details.reason` `json_boundary_*`.
 */
export function parseBoundaryJson(source: string, options: { readonly maxBytes?: number } = {}): ExactJson {
  const maxBytes = options.maxBytes ?? BYTES_MAX;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) throw refused("invalid_max_bytes");
  const value = read(source, maxBytes);
  checkBoundaryValue(value);
  return value;
}

/** Holds a value that was read elsewhere against the same bounds. Throws `LEGACY_VALUE` as `parseBoundaryJson` does. */
export function checkBoundaryValue(value: ExactJson): void {
  checkNode(value, 0, { nodes: 0 });
}

function read(source: string, maxBytes: number): ExactJson {
  return onRefusal(
    () => parseJsonExact(source, { maxBytes, maxDepth: 1_000 }),
    ({ code }) => {
      if (code === "JSON_SIZE") throw refused("max_bytes");
      const lenient = readLenientJson(source);
      if (!lenient.ok) throw refused(lenient.fault);
      // RFC 8785 has no text for half of a surrogate pair.
      if (code === "JSON_SURROGATE") throw refused("invalid_json", 13);
      checkBoundaryValue(lenient.value);
      throw refused("non_finite_number");
    },
  );
}

/** In the reference's order: count the node, check its depth, then its kind. */
function checkNode(value: ExactJson, depth: number, seen: { nodes: number }): void {
  seen.nodes++;
  if (seen.nodes > NODES_MAX) throw refused("max_nodes");
  if (depth > DEPTH_MAX) throw refused("max_depth");
  if (typeof value === "string") checkText(value);
  if (value instanceof JsonFraction && !Number.isFinite(value.value)) throw refused("non_finite_number");
  if (isExactList(value)) {
    if (value.length > COLLECTION_MAX) throw refused("max_collection_length");
    for (const item of value) checkNode(item, depth + 1, seen);
  } else if (isExactRecord(value)) {
    const members = Object.entries(value);
    if (members.length > COLLECTION_MAX) throw refused("max_collection_length");
    for (const [key, item] of members) {
      checkText(key);
      checkNode(item, depth + 1, seen);
    }
  }
}

function checkText(text: string): void {
  if (text.length > STRING_MAX && countCodePoints(text) > STRING_MAX) throw refused("max_string_length");
}

function refused(reason: string, rule?: number): Error {
  return legacyRefusal(`json_boundary_${reason}`, "the text is not JSON within the kernel's bounds", rule);
}
