import type { ExactJson } from "@writ/canon";
import { pathUnderRoot } from "../artifacts/bundle-path.ts";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { flagField, oneOf, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** How much is known about what a published artifact discloses, least first (spec kernel.md §9). */
export const DISCLOSURE_STATUSES = ["unknown", "operator_asserted", "checks_performed", "externally_verified"] as const;
export type DisclosureStatus = (typeof DISCLOSURE_STATUSES)[number];

export const COVERAGE_KEYS = ["credentials", "private_paths", "raw_output"] as const;
export const COVERAGE_LEVELS = ["not_checked", "heuristic_checked", "externally_verified"] as const;
export type CoverageLevel = (typeof COVERAGE_LEVELS)[number];

/** What was looked at and by whom; never that something may be published. */
export interface Disclosure {
  readonly status: DisclosureStatus;
  readonly coverage: Readonly<Record<(typeof COVERAGE_KEYS)[number], CoverageLevel>>;
  /** Names of the checks; at least one from `checks_performed` on. */
  readonly checks: readonly string[];
  /** Id of the policy they were made under; empty below `checks_performed`. */
  readonly policy: string;
  readonly publication_authorized: false;
}

/** Reads a disclosure. It claims no more than its checks cover. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseDisclosure(value: ExactJson): Disclosure {
  const record = recordOf(value, "invalid_disclosure");
  const unknown = Object.keys(record).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw recordRefusal(`unknown_disclosure_field:${unknown}`);
  const status = requiredText(record, "status", "missing_disclosure_status");
  const disclosure: Disclosure = {
    status: oneOf(DISCLOSURE_STATUSES, status, "unknown_disclosure_status"),
    coverage: coverageOf(recordOf(member(record, "coverage"), "invalid_disclosure_coverage")),
    checks: textsField(record, "checks", "invalid_disclosure_checks"),
    policy: textField(record, "policy"),
    publication_authorized: false,
  };
  if (flagField(record, "publication_authorized", false))
    throw recordRefusal("disclosure_never_authorizes_publication");
  checkGrounds(disclosure);
  return disclosure;
}

/** The later of two disclosures of one artifact; knowing less than before is an error. Throws `GOVERNANCE_RECORD_INVALID`. */
export function raiseDisclosure(before: Disclosure, after: Disclosure): Disclosure {
  if (DISCLOSURE_STATUSES.indexOf(after.status) < DISCLOSURE_STATUSES.indexOf(before.status))
    throw recordRefusal(`disclosure status downgrade: ${before.status} -> ${after.status}`);
  return after;
}

/** A path as it may be shown: relative, with `/`, without a drive or parent parts. Throws `GOVERNANCE_RECORD_INVALID`. */
export function publicPathLabel(path: string): string {
  if (pathUnderRoot(path) !== path || path.startsWith("~")) throw recordRefusal("public_path_label_not_relative");
  return path;
}

const FIELDS: readonly string[] = ["status", "coverage", "checks", "policy", "publication_authorized"];

function coverageOf(record: ExactRecord): Disclosure["coverage"] {
  const unknown = Object.keys(record).find((key) => !COVERAGE_KEYS.some((known) => known === key));
  if (unknown !== undefined) throw recordRefusal(`unknown_disclosure_coverage:${unknown}`);
  const level = (key: string): CoverageLevel =>
    oneOf(
      COVERAGE_LEVELS,
      requiredText(record, key, `missing_disclosure_coverage:${key}`),
      "unknown_disclosure_coverage_level",
    );
  return {
    credentials: level("credentials"),
    private_paths: level("private_paths"),
    raw_output: level("raw_output"),
  };
}

/** Checks that are claimed have names, a policy and something that they cover; what is covered was checked. */
function checkGrounds({ status, coverage, checks, policy }: Disclosure): void {
  const levels = Object.values(coverage);
  const performed = status === "checks_performed" || status === "externally_verified";
  if (!performed && levels.some((level) => level !== "not_checked"))
    throw recordRefusal("disclosure_coverage_without_checks");
  if (!performed) return;
  if (checks.length === 0 || checks.includes("")) throw recordRefusal("missing_disclosure_checks");
  if (policy === "") throw recordRefusal("missing_disclosure_policy");
  if (levels.every((level) => level === "not_checked")) throw recordRefusal("missing_disclosure_coverage");
  if ((status === "externally_verified") !== levels.includes("externally_verified"))
    throw recordRefusal("disclosure_external_verification_mismatch");
}
