import { canonicalize, sha256Hex } from "@writ/canon";
import { replaySubject, type ReplayRecord } from "./replay.ts";

/**
 * Keys under which a sighting is claimed once: two records share a key exactly when one is a replay of the other (spec
 * kernel.md §20.5). A host claims all of them in one transaction, under unique constraints.
 */
export function replayKeys(record: ReplayRecord): readonly string[] {
  const { root_tag, chain_id, key_id, root_chain_digest: digest } = record;
  const root = key("root", [root_tag, chain_id, key_id]);
  return digest === "" ? [root] : [key("payload", [digest, replaySubject(record), key_id]), root];
}

/** Texts of any length and script make keys of one form. */
function key(kind: string, parts: readonly string[]): string {
  return `replay:${kind}:${sha256Hex(canonicalize(parts))}`;
}
