import { describe, expect, test } from "vitest";
import { scliteDigestV01, validateArtifact, type ExactRecord } from "@writ/kernel";
import {
  DISCLOSURE_STATUSES,
  parseDisclosure,
  PUBLIC_REDACTION_POLICY,
  publicPathLabel,
  raiseDisclosure,
  redactForPublic,
  type DisclosureStatus,
} from "@writ/kernel/security";
import { changed, type Changes } from "../artifacts/samples.ts";
import { refusalOf } from "../refusal.ts";
import { TOKENS } from "./planted-secrets.ts";

const unchecked = { credentials: "not_checked", private_paths: "not_checked", raw_output: "not_checked" };

function disclosure(status: string, changes: Changes = {}): ExactRecord {
  const performed = status === "checks_performed" || status === "externally_verified";
  const level = status === "externally_verified" ? "externally_verified" : "heuristic_checked";
  const coverage = performed ? { ...unchecked, credentials: level } : unchecked;
  const grounds = performed ? { checks: ["token_forms"], policy: "p" } : {};
  return changed({ status, coverage, ...grounds, publication_authorized: false }, changes);
}

describe("a disclosure", () => {
  test.each(DISCLOSURE_STATUSES)("may be %s", (status) => {
    expect(parseDisclosure(disclosure(status))).toMatchObject({ status, publication_authorized: false });
  });

  const table: readonly (readonly [string, string, Changes])[] = [
    ["missing_disclosure_status", "unknown", { status: undefined }],
    ["unknown_disclosure_status:verified", "unknown", { status: "verified" }],
    ["invalid_disclosure_coverage", "unknown", { coverage: undefined }],
    ["missing_disclosure_coverage:raw_output", "unknown", { "coverage.raw_output": undefined }],
    ["unknown_disclosure_coverage_level:yes", "unknown", { "coverage.raw_output": "yes" }],
    ["unknown_disclosure_coverage:names", "unknown", { "coverage.names": "not_checked" }],
    ["unknown_disclosure_field:safe", "unknown", { safe: true }],
    ["disclosure_never_authorizes_publication", "externally_verified", { publication_authorized: true }],
    ["invalid_boolean_field:publication_authorized", "unknown", { publication_authorized: "false" }],
    ["disclosure_coverage_without_checks", "unknown", { "coverage.credentials": "heuristic_checked" }],
    ["disclosure_coverage_without_checks", "operator_asserted", { "coverage.credentials": "externally_verified" }],
    ["missing_disclosure_checks", "checks_performed", { checks: undefined }],
    ["missing_disclosure_checks", "checks_performed", { checks: [" "] }],
    ["missing_disclosure_policy", "checks_performed", { policy: " " }],
    ["missing_disclosure_policy", "externally_verified", { policy: undefined }],
    ["missing_disclosure_coverage", "checks_performed", { coverage: unchecked }],
    ["disclosure_external_verification_mismatch", "checks_performed", { "coverage.raw_output": "externally_verified" }],
    [
      "disclosure_external_verification_mismatch",
      "externally_verified",
      { "coverage.credentials": "heuristic_checked" },
    ],
  ];
  test.each(table)("is refused: %s (%s)", (reason, status, changes) => {
    expect(refusalOf(() => parseDisclosure(disclosure(status, changes)))).toBe(reason);
  });

  test("only ever knows more", () => {
    const of = (status: DisclosureStatus): ReturnType<typeof parseDisclosure> => parseDisclosure(disclosure(status));
    for (const [from, before] of DISCLOSURE_STATUSES.entries()) {
      for (const [to, after] of DISCLOSURE_STATUSES.entries()) {
        const reason = to < from ? `disclosure status downgrade: ${before} -> ${after}` : undefined;
        expect(refusalOf(() => raiseDisclosure(of(before), of(after)))).toBe(reason);
      }
    }
  });
});

test.each(["a", "a/b.json", "a b/c"])("the label %j may be shown", (label) => {
  expect(publicPathLabel(label)).toBe(label);
});

test.each(["", "/a", "../a", "a/../b", "a/..", "./a", "a//b", "a/", "C:/a", "c:a", "a\\b", "\\\\a\\b", "~/a", "a\0b"])(
  "the label %j may not",
  (label) => {
    expect(refusalOf(() => publicPathLabel(label))).toBe("public_path_label_not_relative");
  },
);

test("a redaction for the public says what was looked for, and authorises nothing", () => {
  const source = { note: `x ${TOKENS[5]?.text ?? ""}`, home: "/home/me/x", stdout: "raw" };
  const { redacted, receipt } = redactForPublic(source, "run/receipt.json");
  expect(redacted).toEqual({ note: "x <redacted>", home: "<local_path_omitted>", stdout: "<omitted_for_public_demo>" });
  expect(receipt).toMatchObject({
    status: "redacted",
    source: { label: "run/receipt.json", hash: scliteDigestV01(source) },
    redacted: { hash: scliteDigestV01(redacted) },
    policy: { policy_hash: scliteDigestV01(PUBLIC_REDACTION_POLICY) },
    summary: { changed_paths_estimate: 3, source_and_redacted_hash_match: false },
    disclosure: { status: "checks_performed", publication_authorized: false },
  });
  expect(parseDisclosure({ ...receipt.disclosure })).toEqual(receipt.disclosure);
  expect(validateArtifact({ ...receipt } as unknown as ExactRecord)).toBeUndefined();
  expect(validateArtifact({ ...PUBLIC_REDACTION_POLICY })).toBeUndefined();
  expect(refusalOf(() => redactForPublic(source, "/home/me/receipt.json"))).toBe("public_path_label_not_relative");
});
