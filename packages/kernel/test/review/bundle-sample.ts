import { parseJsonExact, type ExactJson } from "@writ/canon";
import type { LegacyFailure } from "@writ/kernel";
import { buildReviewBundle, verifyReviewBundle, type BundleMode, type BundleReview } from "@writ/kernel/security";
import { sampleArtifacts, type Changes, type Role } from "../artifacts/samples.ts";

/** The files of a bundle that passes, or of one with these changes. */
export function bundleFiles(changes?: Partial<Record<Role, Changes>>): Record<string, string> {
  return { ...(changes === undefined ? WHOLE : built(changes)) };
}

const WHOLE = built({});

function built(changes: Partial<Record<Role, Changes>>): Readonly<Record<string, string>> {
  const bundle = buildReviewBundle({
    artifacts: sampleArtifacts(changes),
    mode: "local_review",
    chainId: "c1",
    createdAt: "2026-01-01T00:00:00Z",
    generatedAt: "2026-01-02T00:00:00Z",
  });
  if (!bundle.ok) throw new Error(bundle.text);
  return bundle.files;
}

export type Verified = { readonly ok: true; readonly result: BundleReview } | LegacyFailure;

export function verifyFiles(files: Readonly<Record<string, string>>, mode: BundleMode = "public_export"): Verified {
  return verifyReviewBundle({
    items: Object.keys(files).map((path) => ({ path, kind: "file" })),
    mode,
    load: (path) => parsed(files, path),
    report: files["REVIEW.md"],
  });
}

function parsed(files: Readonly<Record<string, string>>, path: string): ExactJson | undefined {
  const text = Object.hasOwn(files, path) ? files[path] : undefined;
  return text === undefined ? undefined : parseJsonExact(text);
}

/** What a verification says in one word: its verdict, or why it is refused. */
export function verdictOf(verified: Verified): string {
  return verified.ok ? verified.result.verdict : verified.text;
}
