import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** Deeper than this nothing is read: the strict reader lets no such value in. */
const DEPTH_MAX = 128;

const MATERIAL: ReadonlySet<string> = new Set(
  "api_key credential credentials key_material passphrase password pem private_key secret token".split(" "),
);

/** Refuses what may hold key material, at any depth: only references cross the ports (spec kernel.md §2.3, §19.2). */
export function refuseTrustMaterial(value: ExactJson, depth = 0): void {
  if (depth > DEPTH_MAX) throw recordRefusal("record_too_deep", 12);
  if (isExactList(value)) for (const item of value) refuseTrustMaterial(item, depth + 1);
  if (!isExactRecord(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (MATERIAL.has(key.trim().toLowerCase())) throw recordRefusal("forbidden_trust_material");
    refuseTrustMaterial(item, depth + 1);
  }
}
