import { canonicalize, sha256Hex, type JsonValue } from "@writ/canon";

/** A bundle of artifacts that a run consumes, with what protects it (spec kernel.md §14, links 7 and 8). */
export interface BundleEvidence {
  /** The chain manifest itself; its digest, the root, is computed here. */
  readonly manifest: JsonValue;
  /** The signature over the root, or null where there is none. */
  readonly guard: GuardRecord | null;
  /** Checks a guard's signature with the host's keys. Missing means that nothing was checked: deny. */
  readonly verifyGuard?: (guard: GuardRecord) => boolean;
  /** The log's first use of this root: index of the `execution.intent` that claimed it, or null when nobody has. */
  readonly consumption: { readonly root: string; readonly intent: number } | null;
}

export interface GuardRecord {
  /** SHA-256 of the manifest's RFC 8785 bytes, 64 lower-case hex digits. */
  readonly root: string;
  readonly key_id: string;
  /** Base64. */
  readonly signature: string;
}

/** Whether the guard signs exactly this manifest and its signature was found good. */
export function guardHolds({ manifest, guard, verifyGuard }: BundleEvidence): boolean {
  return guard !== null && guard.root === rootOf(manifest) && verifyGuard?.(guard) === true;
}

/** `fresh`: claimed once, by the run of this intent. `replayed`: another run claimed it before. */
export function freshness({ manifest, consumption }: BundleEvidence, intent: number): "fresh" | "replayed" | "unknown" {
  if (consumption === null || consumption.root !== rootOf(manifest)) return "unknown";
  return consumption.intent === intent ? "fresh" : "replayed";
}

/** Null for what has no canonical form, which no guard can sign. */
function rootOf(manifest: JsonValue): string | null {
  try {
    return sha256Hex(canonicalize(manifest));
  } catch {
    return null;
  }
}
