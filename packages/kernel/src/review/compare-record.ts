import { parseRfc3339, type ExactJson } from "@writ/canon";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { validateAgainst } from "../artifacts/validate.ts";
import {
  isExactList,
  isExactRecord,
  member,
  memberOrNull,
  sameExact,
  textMember,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { worstOf, type ReviewVerdict } from "./review-checks.ts";
import type { ReviewRecord } from "./review-record.ts";
import { onRefusal } from "../on-refusal.ts";

/**
 * A stored review record by itself (spec kernel.md §8): its schema, its time, and that it is safe to publish: read-only
 * analysis and nothing else.
 */
export function checkReviewRecord(record: ExactJson): LegacyFailure | undefined {
  const malformed = validateAgainst(record, "schemas/review_record.v0.1.schema.json", "review record");
  if (malformed !== undefined) return malformed;
  if (!isInstant(textOrEmpty(record, "generated_at")))
    return failure("bundle", "review record generated_at must be an offset-aware RFC3339 timestamp");
  const safety = member(record, "public_safety");
  const unsafe = isExactRecord(safety)
    ? Object.entries(safety).find(([name, value]) => value !== (name === "static_analysis_only"))?.[0]
    : "public_safety";
  if (unsafe !== undefined) return failure("bundle", `review record public_safety.${unsafe} is not safe`);
  const statuses = checksOf(record).map((check) => textMember(check, "status") as ReviewVerdict);
  return member(record, "verdict") === worstOf(statuses)
    ? undefined
    : failure("bundle", "review record verdict is not the worst of its checks");
}

/**
 * A stored record against what the same review finds now. Other findings refuse it; other words for the same findings,
 * as another writer has them, leave it to a reader. Only the time is the record's own; the report for people repeats it.
 */
export function compareRecord(
  stored: ExactJson,
  found: ReviewRecord,
): { readonly ok: true; readonly verdict: ReviewVerdict } | LegacyFailure {
  const expected = found as unknown as ExactRecord;
  const [before, now] = [findings(stored), findings(expected)];
  const differs = Object.keys(now).find((name) => !sameExact(memberOrNull(before, name), memberOrNull(now, name)));
  if (differs !== undefined) return failure("bundle", `verification receipt ${differs} mismatch`);
  const same = sameExact(stored, { ...expected, generated_at: member(stored, "generated_at") ?? "" });
  return { ok: true, verdict: worstOf([found.verdict, same ? "pass" : "review"]) };
}

/** What a record finds, without its wording. */
function findings(record: ExactJson): ExactRecord {
  const [summary, report] = [member(record, "summary"), member(record, "scope_fidelity_report")];
  return {
    review_profile: memberOrNull(record, "review_profile"),
    review_id: memberOrNull(record, "review_id"),
    source_manifest: fileName(textOrEmpty(record, "source_manifest")),
    verdict: memberOrNull(record, "verdict"),
    "summary.artifact_count": memberOrNull(summary, "artifact_count"),
    "summary.target_hosts": memberOrNull(summary, "target_hosts"),
    "summary.root_chain_digest": memberOrNull(summary, "root_chain_digest"),
    "summary.scope_fidelity_verdict": memberOrNull(summary, "scope_fidelity_verdict"),
    "summary.review_bundle_shape": memberOrNull(summary, "review_bundle_shape"),
    checks: checksOf(record).map((check) => [memberOrNull(check, "name"), memberOrNull(check, "status")]),
    "scope_fidelity_report.verdict": memberOrNull(report, "verdict"),
    "scope_fidelity_report.status": memberOrNull(report, "status"),
  };
}

function checksOf(record: ExactJson): readonly ExactJson[] {
  const checks = member(record, "checks");
  return isExactList(checks) ? checks : [];
}

/** Another writer may name the manifest with the folder that it lay in. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isInstant(text: string): boolean {
  return onRefusal(
    () => {
      parseRfc3339(text);
      return true;
    },
    () => false,
  );
}
