import { basename, dirname } from "node:path";
import { limitedLoader, LIFECYCLE_ROLES, verifyChain, type ExactRecord } from "@writ/kernel";
import { buildReviewBundle, reviewLine } from "@writ/kernel/security";
import { outputFor, type CommonOptions } from "../command.ts";
import { publishBundle } from "../publish-bundle.ts";
import { readExact, readRegular } from "./kernel-files.ts";

interface ExportOptions extends CommonOptions {
  readonly public?: boolean;
  readonly overwrite?: boolean;
}

/**
 * `writ kernel bundle export <manifest> <folder>`: a lifecycle's artifacts as a review bundle. 4 when they are no whole
 * lifecycle, or hold what must not be published; else what the review says.
 */
export function exportBundle(manifestFile: string, folder: string, options: ExportOptions): Promise<number> {
  const root = dirname(manifestFile);
  const load = limitedLoader((path) => readRegular(root, path));
  const manifest = load(basename(manifestFile)) ?? readExact(manifestFile);
  const verified = verifyChain({ manifest, load }, { requireLifecycle: true });
  if (!verified.ok) return refused(verified, options);
  const { entries, manifest: checked } = verified.chain;
  const built = buildReviewBundle({
    artifacts: byRole(entries),
    mode: options.public === true ? "public_export" : "local_review",
    chainId: textOf(checked["chain_id"]),
    createdAt: textOf(checked["created_at"]),
    generatedAt: new Date().toISOString(),
  });
  if (!built.ok) return refused(built, options);
  publishBundle(folder, { files: built.files, overwrite: options.overwrite === true });
  const { record } = built;
  outputFor(options).result({ folder, verdict: record.verdict, record }, () => [reviewLine(record)]);
  return Promise.resolve({ pass: 0, review: 5, fail: 4 }[record.verdict]);
}

type Roles = Record<(typeof LIFECYCLE_ROLES)[number], ExactRecord>;

/** INVARIANT: a lifecycle that was verified has each role once. */
function byRole(entries: readonly { readonly role: string; readonly artifact: ExactRecord }[]): Roles {
  return Object.fromEntries(entries.map(({ role, artifact }) => [role, artifact])) as Roles;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function refused(
  { family, text }: { readonly family: string; readonly text: string },
  options: CommonOptions,
): Promise<number> {
  outputFor(options).result({ status: "failed", family, failure: text }, () => [text]);
  return Promise.resolve(4);
}
