import type { ExactJson } from "@writ/canon";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { isExactList, member, textOrEmpty } from "../compat/exact-record.ts";
import {
  BUNDLE_FILES,
  BUNDLE_MANIFEST,
  BUNDLE_RECEIPT,
  BUNDLE_REPORT,
  checkBundlePaths,
  checkInventory,
  type BundleMode,
  type InventoryItem,
} from "./bundle-files.ts";
import { reviewLine, reviewReport } from "./review-report.ts";
import { checkReviewRecord, compareRecord } from "./compare-record.ts";
import { worstOf, type ReviewVerdict } from "./review-checks.ts";
import { reviewLifecycle, type ReviewInput, type ReviewRecord } from "./review-record.ts";

export interface ReviewBundle {
  readonly items: readonly InventoryItem[];
  readonly mode: BundleMode;
  /** The JSON file at a path of the bundle, read once and strictly; undefined when there is none. */
  readonly load: (path: string) => ExactJson | undefined;
  /** The text of the report for people, `REVIEW.md`; undefined when it cannot be read. */
  readonly report: string | undefined;
}

export interface BundleReview {
  /** The record's own, at best `review` when the bundle's receipt has other words for the same findings. */
  readonly verdict: ReviewVerdict;
  readonly record: ReviewRecord;
  /** What lies beside the bundle's files; empty for a public export. */
  readonly extra: readonly string[];
  /** `review_bundle:VERDICT:COUNT:ROOT`. */
  readonly line: string;
}

/**
 * Reviews a bundle anew and compares what its own receipt says (spec kernel.md §8). A receipt that differs from what the
 * artifacts show is refused: nothing in a bundle is believed because the bundle says it. Throws canon's `JSON_*` codes
 * and `LEGACY_VALUE`, as `load` does.
 */
export function verifyReviewBundle({
  items,
  mode,
  load,
  report,
}: ReviewBundle): { readonly ok: true; readonly result: BundleReview } | LegacyFailure {
  const inventory = checkInventory(items, mode);
  if (!inventory.ok) return inventory;
  const manifest = load(BUNDLE_MANIFEST) ?? null;
  const misplaced = checkBundlePaths(entriesOf(manifest));
  if (misplaced !== undefined) return misplaced;
  const receipt = load(BUNDLE_RECEIPT) ?? null;
  const malformed = checkReviewRecord(receipt);
  if (malformed !== undefined) return malformed;
  const record = reviewBundle({
    manifest,
    load,
    sourceManifest: BUNDLE_MANIFEST,
    generatedAt: textOrEmpty(receipt, "generated_at"),
  });
  const compared = compareRecord(receipt, record);
  if (!compared.ok) return compared;
  const told = checkReport(report, record);
  if (typeof told !== "string") return told;
  const verdict = worstOf([compared.verdict, told]);
  return { ok: true, result: { verdict, record, extra: inventory.extra, line: reviewLine({ ...record, verdict }) } };
}

/** The review record of a bundle: the lifecycle's, with the bundle's shape and files. */
export function reviewBundle(input: ReviewInput): ReviewRecord {
  const record = reviewLifecycle(input);
  return {
    ...record,
    review_profile: "sclite-review-bundle-v0.1",
    summary: { ...record.summary, review_bundle_shape: "canonical-v0.1", review_bundle_files: BUNDLE_FILES },
  };
}

/**
 * Whether the report for people says what the review finds. Another verdict line than the review's is a lie; a report in
 * other words is left to a reader.
 */
function checkReport(report: string | undefined, record: ReviewRecord): ReviewVerdict | LegacyFailure {
  if (report === undefined) return failure("bundle", `review bundle lacks: ${BUNDLE_REPORT}`);
  const line = reviewLine(record);
  const lines = report.match(/review_bundle:[^\s`]{0,256}/g) ?? [];
  if (lines.some((said) => said !== line)) return failure("bundle", `${BUNDLE_REPORT} verdict line mismatch`);
  return report === reviewReport(record) ? "pass" : "review";
}

function entriesOf(manifest: ExactJson): readonly { readonly role: string; readonly path: string }[] {
  const entries = member(manifest, "entries");
  if (!isExactList(entries)) return [];
  return entries.map((entry) => ({ role: textOrEmpty(entry, "role"), path: textOrEmpty(entry, "path") }));
}
