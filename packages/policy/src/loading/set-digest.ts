import { compareCodeUnits, sha256Hex } from "@writ/canon";

import type { PolicySources } from "../policy-set.ts";

/** Changes when the framing below does. */
const FORMAT = "writ-policy-set/1";

/**
 * SHA-256 over everything that can change a decision: each file's name and text, in the order of names, and the
 * schema. Every part is framed by its length in UTF-8 bytes, so no two sets share a stream of bytes.
 */
export function setDigest(input: PolicySources): string {
  const files = input.policies.toSorted((a, b) => compareCodeUnits(a.name, b.name));
  const parts = [FORMAT, String(files.length)];
  for (const file of files) parts.push(file.name, file.text);
  if (input.schema !== undefined) parts.push(input.schema.name, input.schema.text);
  return sha256Hex(parts.map((part) => `${Buffer.byteLength(part, "utf8")}:${part}`).join(""));
}
