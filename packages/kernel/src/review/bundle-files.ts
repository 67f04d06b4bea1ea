import { LIFECYCLE_ROLES, type LifecycleRole } from "../artifacts/lifecycle-roles.ts";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";

/** A review bundle's file of each role (spec kernel.md §8). */
export const BUNDLE_FILES: Readonly<Record<LifecycleRole, string>> = {
  intent_contract: "01_intent_contract.json",
  policy_decision: "02_policy_decision.json",
  execution_contract: "03_execution_contract.json",
  execution_ticket: "04_execution_ticket.json",
  execution_receipt: "05_execution_receipt.json",
  evidence_contract: "06_evidence_contract.json",
};

export const BUNDLE_MANIFEST = "artifact_chain_manifest.json";
export const BUNDLE_REPORT = "REVIEW.md";
export const BUNDLE_RECEIPT = "verification_receipt.json";

/** `local_review` reports what else lies there; `public_export` is a closed world. */
export type BundleMode = "local_review" | "public_export";

/** What a folder holds at a path; whatever is no plain file with one name is of another kind. */
export interface InventoryItem {
  /** Relative, with `/`. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "hard_link" | "special";
}

/** Spec kernel.md §2.4. */
export const INVENTORY_ENTRIES_MAX = 1_024;
export const INVENTORY_DEPTH_MAX = 16;

const REQUIRED: readonly string[] = [...Object.values(BUNDLE_FILES), BUNDLE_MANIFEST, BUNDLE_REPORT, BUNDLE_RECEIPT];
const OPTIONAL: readonly string[] = ["README.md"];
/** Most names a failure repeats. */
const NAMED_MAX = 16;

/** What lies in the folder besides the bundle, sorted; or why this is no bundle. */
export function checkInventory(
  items: readonly InventoryItem[],
  mode: BundleMode,
): { readonly ok: true; readonly extra: readonly string[] } | LegacyFailure {
  if (items.length > INVENTORY_ENTRIES_MAX)
    return failure("bundle", `review bundle has more than ${String(INVENTORY_ENTRIES_MAX)} inventory entries`);
  const deep = items.find(({ path }) => path.split("/").length > INVENTORY_DEPTH_MAX);
  if (deep !== undefined)
    return failure("bundle", `review bundle is deeper than ${String(INVENTORY_DEPTH_MAX)} folders`);
  const files = new Set(items.filter(({ kind }) => kind === "file").map(({ path }) => path));
  const extra = items
    .filter(({ path, kind }) => kind !== "file" || ![...REQUIRED, ...OPTIONAL].includes(path))
    .map(({ path }) => path)
    .toSorted();
  if (mode === "public_export" && extra.length > 0)
    return failure("bundle", `public export inventory is not closed-world: ${extra.slice(0, NAMED_MAX).join(", ")}`);
  const missing = REQUIRED.filter((path) => !files.has(path));
  if (missing.length > 0) return failure("bundle", `review bundle lacks: ${missing.join(", ")}`);
  return { ok: true, extra };
}

/** The manifest's entries are the six roles in order, each at its file. */
export function checkBundlePaths(
  entries: readonly { readonly role: string; readonly path: string }[],
): LegacyFailure | undefined {
  for (const [index, role] of LIFECYCLE_ROLES.entries()) {
    const entry = entries[index];
    if (entry?.role !== role || entry.path !== BUNDLE_FILES[role])
      return failure(
        "bundle",
        `review bundle manifest entry[${String(index)}] is not ${role} at ${BUNDLE_FILES[role]}`,
      );
  }
  return entries.length === LIFECYCLE_ROLES.length
    ? undefined
    : failure("bundle", "review bundle manifest has entries besides the six roles");
}
