import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { WritError } from "@writ/canon";
import { limitedLoader, verifySecureBundle } from "@writ/kernel";
import { checkReviewRecord, verifyReviewBundle, type InventoryItem } from "@writ/kernel/security";
import { bundleInventory } from "../bundle-folder.ts";
import { outputFor, type CommonOptions } from "../command.ts";
import { readExact, readRegular } from "./kernel-files.ts";

const MANIFEST = "artifact_chain_manifest.json";
const REPORT = "REVIEW.md";
const GUARD = "kernel_guard_manifest.json";
/** The guard's key comes from the environment: arguments are seen by every process (spec kernel.md §26). */
const KEY_VARIABLE = "WRIT_KERNEL_GUARD_KEY";

interface BundleOptions extends CommonOptions {
  readonly local?: boolean;
}

/**
 * `writ kernel bundle verify <folder|file>`: a review bundle, or a guarded one when a guard lies in it; of a file, the
 * manifest's folder or the review record alone. 0 passed, 4 refused, 5 only reviewed.
 */
export function verifyBundle(place: string, options: BundleOptions): Promise<number> {
  if (isRecord(place)) return Promise.resolve(verifyRecord(place, options));
  const root = rootOf(place);
  const items = bundleInventory(root);
  const load = limitedLoader((path) => readRegular(root, path));
  return Promise.resolve(
    items.some(({ path }) => path === GUARD)
      ? verifyGuarded(load, options)
      : verifyReview({ items, load, report: textIn(root) }, options),
  );
}

type Load = ReturnType<typeof limitedLoader>;

interface Folder {
  readonly items: readonly InventoryItem[];
  readonly load: Load;
  readonly report: string | undefined;
}

function verifyReview({ items, load, report }: Folder, options: BundleOptions): number {
  const mode = options.local === true ? "local_review" : "public_export";
  const verified = verifyReviewBundle({ items, mode, load, report });
  if (!verified.ok) return refused(verified, options);
  const { verdict, record, extra, line } = verified.result;
  outputFor(options).result({ kind: "review_bundle", verdict, extra, record }, () => [
    line,
    ...record.checks.filter(({ status }) => status !== "pass").map((check) => `${check.name}: ${check.detail}`),
    ...extra.map((path) => `beside the bundle: ${path}`),
  ]);
  return { pass: 0, review: 5, fail: 4 }[verdict];
}

function verifyGuarded(load: Load, options: BundleOptions): number {
  const key = process.env[KEY_VARIABLE];
  if (key === undefined || key === "") throw keyMissing();
  const input = {
    manifest: load(MANIFEST) ?? null,
    guard: load(GUARD) ?? null,
    key: new TextEncoder().encode(key),
    load,
  };
  const verified = verifySecureBundle(input);
  if (!verified.ok) return refused(verified, options);
  const { result } = verified;
  outputFor(options).result({ kind: "secure_bundle", ...result }, () => [
    `secure_bundle_ok: ${String(result.entry_count)} entries  root ${result.root_chain_digest}  key ${result.key_id}`,
    ...(result.ticket_use_detail === "" ? [] : [result.ticket_use_detail]),
  ]);
  return 0;
}

/** A review record by itself: its form can be right, and is still its writer's word. */
function verifyRecord(file: string, options: CommonOptions): number {
  const record = readExact(file);
  const malformed = checkReviewRecord(record);
  if (malformed !== undefined) return refused(malformed, options);
  outputFor(options).result({ kind: "review_record", verdict: "review", record }, () => [
    "the record is well formed; verify the bundle's folder to see whether it is true",
  ]);
  return 5;
}

function isRecord(place: string): boolean {
  return basename(place) !== MANIFEST && statSync(place, { throwIfNoEntry: false })?.isFile() === true;
}

/** The report for people, or undefined when it is no regular file in UTF-8. */
function textIn(root: string): string | undefined {
  const bytes = readRegular(root, REPORT);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refused({ family, text }: { readonly family: string; readonly text: string }, options: CommonOptions): number {
  outputFor(options).result({ status: "failed", family, failure: text }, () => [text]);
  return 4;
}

/** The folder, or the one that the manifest lies in. */
function rootOf(place: string): string {
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder || basename(place) !== MANIFEST) return place;
  return dirname(place);
}

function keyMissing(): WritError {
  return new WritError({
    code: "USAGE",
    message: "the bundle is guarded, and its guard's key is not there",
    reason: `a guard is checked with the key in ${KEY_VARIABLE}, never with an argument`,
    next: `set ${KEY_VARIABLE} and run the command again`,
  });
}
