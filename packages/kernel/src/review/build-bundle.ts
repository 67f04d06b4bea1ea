import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { LIFECYCLE_ROLES, type LifecycleArtifacts } from "../artifacts/lifecycle-roles.ts";
import { buildChainManifest } from "../artifacts/manifest.ts";
import { sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { exactJsonText } from "../redaction/exact-json-text.ts";
import { redactSecrets } from "../redaction/secret-value.ts";
import { BUNDLE_FILES, BUNDLE_MANIFEST, BUNDLE_RECEIPT, BUNDLE_REPORT, type BundleMode } from "./bundle-files.ts";
import { reviewBundle } from "./review-bundle.ts";
import { reviewReport } from "./review-report.ts";
import type { ReviewRecord } from "./review-record.ts";

export interface BundleSource {
  readonly artifacts: LifecycleArtifacts;
  readonly mode: BundleMode;
  readonly chainId: string;
  readonly createdAt: string;
  readonly generatedAt: string;
}

/** A bundle's files by path, and what its review found. */
export interface BuiltBundle {
  readonly files: Readonly<Record<string, string>>;
  readonly record: ReviewRecord;
}

/**
 * The files of a review bundle (spec kernel.md §8). Artifacts are bound by their digests and cannot be redacted any more,
 * so a public export of one that holds a secret is refused. Throws `LEGACY_VALUE`.
 */
export function buildReviewBundle(source: BundleSource): ({ readonly ok: true } & BuiltBundle) | LegacyFailure {
  const { artifacts, mode, chainId, createdAt, generatedAt } = source;
  const members = LIFECYCLE_ROLES.map((role) => ({ role, path: BUNDLE_FILES[role], artifact: artifacts[role] }));
  const secret = members.find(({ artifact }) => mode === "public_export" && holdsSecret(artifact));
  if (secret !== undefined) return failure("bundle", `public export holds a secret: ${secret.path}`, 17);
  const profile = "sclite-v0.5-review-bundle-integrity-only";
  const manifest = buildChainManifest(members, { chainId, createdAt, profile }) as unknown as ExactRecord;
  const byPath = new Map(members.map(({ path, artifact }) => [path, artifact]));
  const load = (path: string): ExactRecord | undefined => byPath.get(path);
  const record = reviewBundle({ manifest, load, sourceManifest: BUNDLE_MANIFEST, generatedAt });
  const files = {
    ...Object.fromEntries(members.map(({ path, artifact }) => [path, jsonFile(artifact)])),
    [BUNDLE_MANIFEST]: jsonFile(manifest),
    [BUNDLE_REPORT]: reviewReport(record),
    [BUNDLE_RECEIPT]: jsonFile(record as unknown as ExactRecord),
  };
  return { ok: true, files, record };
}

function holdsSecret(artifact: ExactRecord): boolean {
  return !sameExact(artifact, redactSecrets(artifact));
}

function jsonFile(value: ExactRecord): string {
  return `${exactJsonText(value)}\n`;
}
