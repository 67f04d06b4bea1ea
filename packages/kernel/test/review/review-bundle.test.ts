import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { isWritError, parseJsonExact, type ExactJson } from "@writ/canon";
import { scliteTextV01, type ExactRecord } from "@writ/kernel";
import {
  BUNDLE_FILES,
  buildReviewBundle,
  checkReviewRecord,
  REVIEW_CHECKS,
  verifyReviewBundle,
  worstOf,
  type InventoryItem,
  type ReviewVerdict,
} from "@writ/kernel/security";
import { changed, sampleArtifacts, type Changes, type Role } from "../artifacts/samples.ts";
import { TOKENS } from "../redaction/planted-secrets.ts";
import { bundleFiles, verdictOf, verifyFiles } from "./bundle-sample.ts";

const RECEIPT = "verification_receipt.json";
const MANIFEST = "artifact_chain_manifest.json";

function edited(path: string, changes: Changes, files = bundleFiles()): Record<string, string> {
  const record = parseJsonExact(files[path] ?? "") as ExactRecord;
  return { ...files, [path]: scliteTextV01(changed(record, changes)) };
}

function receiptOf(files: Readonly<Record<string, string>>): ExactRecord {
  return parseJsonExact(files[RECEIPT] ?? "") as ExactRecord;
}

describe("a review bundle", () => {
  test("that is whole passes, in one line", () => {
    const verified = verifyFiles(bundleFiles());
    const { root_chain_digest: root } = receiptOf(bundleFiles())["summary"] as { root_chain_digest: string };
    expect(verified).toMatchObject({ ok: true, result: { verdict: "pass", extra: [] } });
    expect(verified.ok && verified.result.line).toBe(`review_bundle:pass:6:${root}`);
  });

  test("has a record with the five checks in order, named after its root", () => {
    const receipt = receiptOf(bundleFiles());
    expect((receipt["checks"] as readonly ExactRecord[]).map(({ name }) => name)).toEqual(REVIEW_CHECKS);
    const { root_chain_digest: root } = receipt["summary"] as { root_chain_digest: string };
    expect(receipt).toMatchObject({
      review_id: `review-record-${root.slice(0, 12)}`,
      review_profile: "sclite-review-bundle-v0.1",
      summary: { artifact_count: 6, target_hosts: ["example.org"], review_bundle_shape: "canonical-v0.1" },
      public_safety: { static_analysis_only: true },
    });
    expect(checkReviewRecord(receipt)).toBeUndefined();
  });

  const outcomes: readonly (readonly [string, Partial<Record<Role, Changes>>, string])[] = [
    ["a receipt without its times", { execution_receipt: { "execution.started_at": undefined } }, "review"],
    ["a ticket that was never scoped", { execution_ticket: { schema_version: "v0.2" } }, "fail"],
    ["a target that is out of scope", { policy_decision: { "scope.target_in_scope": false } }, "fail"],
    ["a target that nobody puts in scope", { policy_decision: { "scope.target_in_scope": undefined } }, "review"],
    ["two targets", { intent_contract: { target: { host: "other.example" } } }, "fail"],
    ["no explicit target of the intent", { intent_contract: { target: {} } }, "pass"],
    ["a policy that denies", { policy_decision: { decision: "deny" } }, "fail"],
    [
      "a network use that the ticket forbids",
      { execution_receipt: { "execution.network_execution_performed": true } },
      "fail",
    ],
  ];
  test.each(outcomes)("of %s is %s", (_, changes, verdict) => {
    expect(verdictOf(verifyFiles(bundleFiles(changes)))).toBe(verdict);
  });

  const refused: readonly (readonly [string, () => Record<string, string>, string])[] = [
    ["lacks its report", () => without("REVIEW.md"), "review bundle lacks: REVIEW.md"],
    ["lacks its manifest", () => without(MANIFEST), `review bundle lacks: ${MANIFEST}`],
    [
      "lacks an artifact",
      () => without("03_execution_contract.json"),
      "review bundle lacks: 03_execution_contract.json",
    ],
    [
      "has an artifact under another name",
      () => renamed(),
      "review bundle manifest entry[0] is not intent_contract at 01_intent_contract.json",
    ],
    [
      "has a receipt of another review",
      () => edited(RECEIPT, { review_id: "review-record-000000000000" }),
      "verification receipt review_id mismatch",
    ],
    [
      "has a receipt of another profile",
      () => edited(RECEIPT, { review_profile: "sclite-lifecycle-review-v0.1" }),
      "verification receipt review_profile mismatch",
    ],
    [
      "has a receipt with another root",
      () => edited(RECEIPT, { "summary.root_chain_digest": "0".repeat(64) }),
      "verification receipt summary.root_chain_digest mismatch",
    ],
    [
      "has a receipt with fewer artifacts",
      () => edited(RECEIPT, { "summary.artifact_count": 5 }),
      "verification receipt summary.artifact_count mismatch",
    ],
    [
      "has a receipt with another target",
      () => edited(RECEIPT, { "summary.target_hosts": [] }),
      "verification receipt summary.target_hosts mismatch",
    ],
    [
      "has a receipt of a better verdict",
      () => edited(RECEIPT, { verdict: "fail" }),
      "review record verdict is not the worst of its checks",
    ],
    [
      "has an unsafe receipt",
      () => edited(RECEIPT, { "public_safety.credentials_used": true }),
      "review record public_safety.credentials_used is not safe",
    ],
    [
      "has a receipt of no time",
      () => edited(RECEIPT, { generated_at: "today" }),
      "review record generated_at must be an offset-aware RFC3339 timestamp",
    ],
  ];
  test.each(refused)("that %s is refused", (_, files, text) => {
    expect(verdictOf(verifyFiles(files()))).toBe(text);
  });

  test("with other words for the same findings is left to a reader", () => {
    expect(verdictOf(verifyFiles(edited(RECEIPT, { non_claims: ["something else"] })))).toBe("review");
    expect(verdictOf(verifyFiles(edited(RECEIPT, { generated_at: "2027-01-01T00:00:00+02:00" })))).toBe("review");
  });
});

describe("the report for people", () => {
  const report = bundleFiles()["REVIEW.md"] ?? "";
  const table: readonly (readonly [string, string, string])[] = [
    [
      "that has another verdict is refused",
      report.replace("review_bundle:pass", "review_bundle:fail"),
      "REVIEW.md verdict line mismatch",
    ],
    ["that adds another verdict is refused", `${report}\nreview_bundle:pass:7:0\n`, "REVIEW.md verdict line mismatch"],
    ["in other words is left to a reader", "# A review\n", "review"],
    ["with one word more is left to a reader", `${report}.`, "review"],
  ];
  test.each(table)("%s", (_, text, said) => {
    expect(verdictOf(verifyFiles({ ...bundleFiles(), "REVIEW.md": text }))).toBe(said);
  });
});

describe("what lies beside a bundle", () => {
  const others: readonly (readonly [string, InventoryItem])[] = [
    ["a file", { path: "notes.txt", kind: "file" }],
    ["a folder", { path: "more", kind: "folder" }],
    ["a link", { path: "link", kind: "link" }],
    ["a second name of a file", { path: "README.md", kind: "hard_link" }],
    ["a pipe", { path: "pipe", kind: "special" }],
  ];
  test.each(others)("%s fails a public export and is reported of a local one", (_, item) => {
    const files = bundleFiles();
    const items = [...Object.keys(files).map((path) => ({ path, kind: "file" }) as const), item];
    const load = (path: string): ExactJson | undefined => parseJsonExact(files[path] ?? "");
    const report = files["REVIEW.md"];
    const text = `public export inventory is not closed-world: ${item.path}`;
    expect(verifyReviewBundle({ items, load, report, mode: "public_export" })).toMatchObject({ ok: false, text });
    const local = verifyReviewBundle({ items, load, report, mode: "local_review" });
    expect(local).toMatchObject({ ok: true, result: { verdict: "pass", extra: [item.path] } });
  });

  test("a README is part of it", () => {
    expect(verdictOf(verifyFiles({ ...bundleFiles(), "README.md": "# A" }))).toBe("pass");
  });

  test("a required file that is a link is missing", () => {
    const items = Object.keys(bundleFiles()).map(
      (path) => ({ path, kind: path === MANIFEST ? "link" : "file" }) as const,
    );
    const verified = verifyReviewBundle({ items, load: () => undefined, report: "", mode: "local_review" });
    expect(verified).toMatchObject({ ok: false, text: `review bundle lacks: ${MANIFEST}` });
  });

  test("more than a verification reads is refused", () => {
    const items = Array.from({ length: 1_025 }, (_, index) => ({ path: `f${String(index)}`, kind: "file" }) as const);
    expect(verifyReviewBundle({ items, load: () => undefined, report: "", mode: "local_review" })).toMatchObject({
      ok: false,
    });
    const deep = [{ path: "a/".repeat(16) + "a", kind: "file" } as const];
    expect(verifyReviewBundle({ items: deep, load: () => undefined, report: "", mode: "local_review" })).toMatchObject({
      ok: false,
    });
  });
});

test("an artifact with a secret in it is not exported to the public", () => {
  const source = {
    artifacts: sampleArtifacts({ intent_contract: { "intent.summary": `use ${TOKENS[3]?.text ?? ""}` } }),
    chainId: "c1",
    createdAt: "2026-01-01T00:00:00Z",
    generatedAt: "2026-01-01T00:00:00Z",
  };
  const text = "public export holds a secret: 01_intent_contract.json";
  expect(buildReviewBundle({ ...source, mode: "public_export" })).toMatchObject({ ok: false, text, rule: 17 });
  expect(buildReviewBundle({ ...source, mode: "local_review" })).toMatchObject({ ok: true });
  expect(buildReviewBundle({ ...source, artifacts: sampleArtifacts(), mode: "public_export" })).toMatchObject({
    ok: true,
  });
});

test("the worst of the checks decides, and no check is no pass", () => {
  const table: readonly (readonly [readonly ReviewVerdict[], ReviewVerdict])[] = [
    [["pass", "review", "fail"], "fail"],
    [["pass", "review"], "review"],
    [["pass", "pass"], "pass"],
    [[], "review"],
  ];
  for (const [verdicts, worst] of table) expect(worstOf(verdicts)).toBe(worst);
});

describe("no mutation passes", () => {
  const digested = [MANIFEST, RECEIPT, ...Object.values(BUNDLE_FILES)];
  const places = digested.flatMap((file) =>
    leaves(parseJsonExact(bundleFiles()[file] ?? "")).map((path) => ({ file, path })),
  );

  test("of any field of any artifact, manifest or record", () => {
    const passed = places
      // What the manifest says about itself is under no digest without a guard (spec kernel.md §7.1).
      .filter(
        ({ file, path }) =>
          !(file === MANIFEST && /^(?:chain_id|created_at|entries\.\d\.required|signature_policy\.note)$/.test(path)),
      )
      .filter(({ file, path }) => outcome(mutated(file, path, "mutated")) === "pass");
    expect(passed).toEqual([]);
  });

  test("whatever takes a file's place, and never with an untyped fault", () => {
    assert(
      property(constantFrom(...digested, "REVIEW.md"), string(), (file, text) => {
        expect(outcome({ ...bundleFiles(), [file]: text })).not.toBe("pass");
      }),
      { numRuns: 100 },
    );
    assert(
      property(
        constantFrom(...places),
        constantFrom<ExactJson>(null, true, 0, "", [], {}, [[{}]], -1, "__proto__"),
        ({ file, path }, value) => {
          const said = outcome(mutated(file, path, value));
          expect(typeof said).toBe("string");
        },
      ),
      { numRuns: 200 },
    );
  });
});

function without(path: string): Record<string, string> {
  return Object.fromEntries(Object.entries(bundleFiles()).filter(([name]) => name !== path));
}

function renamed(): Record<string, string> {
  const text = bundleFiles()[MANIFEST] ?? "";
  return { ...bundleFiles(), [MANIFEST]: text.replace("01_intent_contract.json", "./01_intent_contract.json") };
}

/** Paths of every leaf of a JSON value. */
function leaves(value: ExactJson, path: readonly string[] = []): readonly string[] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [path.join(".")];
  return Object.entries(value).flatMap(([key, item]) => leaves(item as ExactJson, [...path, key]));
}

function mutated(file: string, path: string, value: ExactJson): Record<string, string> {
  const files = bundleFiles();
  return {
    ...files,
    [file]: scliteTextV01(changed(parseJsonExact(files[file] ?? "") as ExactRecord, { [path]: value })),
  };
}

function outcome(files: Readonly<Record<string, string>>): string {
  try {
    return verdictOf(verifyFiles(files));
  } catch (error) {
    if (!isWritError(error)) throw error;
    return error.code;
  }
}
