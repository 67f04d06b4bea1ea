import { describe, expect, test } from "vitest";
import { validateArtifact } from "@writ/kernel";
import { schemaFinding } from "../../src/artifacts/schema.ts";
import { ARTIFACT_SCHEMAS, packagedSchema } from "../../src/artifacts/schemas/index.ts";
import type { ExactRecord } from "../../src/compat/exact-record.ts";

const hex = "0".repeat(64);
const file = { path: "docs/a.md", sha256: hex };
const rule = { rule_id: "local_paths", action: "replace_local_path" };
const side = { label: "a.json", hash: hex };
const coverage = { credentials: "not_checked", private_paths: "not_checked", raw_output: "heuristic_checked" };
const disclosure = { status: "checks_performed", coverage, publication_authorized: false };
const redacted = {
  policy: { policy_id: "sclite-public-safe-v0.1", policy_hash: hex },
  source: side,
  redacted: side,
  status: "unchanged",
  summary: { rules_considered: ["local_paths"], changed_paths_estimate: 0, source_and_redacted_hash_match: true },
};
const fidelity = {
  verdict: "pass",
  target_host: "a.example",
  all_hosts_detected: ["a.example"],
  mismatched_hosts_detected: [],
  target_host_match_status: "exact",
  request_shape_hygiene_status: "clean",
  request_shape_hygiene_reason: "all_detected_hosts_match_target",
  request_shape_hygiene_source: "normalized_args",
};
const spec = {
  target: "https://a.example/",
  target_host: "a.example",
  action_type: "http_probe",
  resolved_tool: "curl",
  normalized_args: [],
  execution_plan: [],
};
const review = {
  generated_at: "2026-01-01T00:00:00Z",
  review_id: "review-record-0123456789ab",
  review_profile: "sclite-lifecycle-review-v0.1",
  source_manifest: "artifact_chain_manifest.json",
  verdict: "review",
  summary: { artifact_count: 6, target_hosts: [], root_chain_digest: hex, scope_fidelity_verdict: "review" },
  checks: [{ name: "schema_validation", status: "pass", detail: "", count: 6 }],
  scope_fidelity_report: {},
  public_safety: { static_analysis_only: true, contains_credentials: false },
  non_claims: ["does_not_claim_authorization"],
};
const trust = "none digest_only local_ed25519_ref dsse_envelope_ref sigstore_bundle_ref external_verifier".split(" ");
const carriers = (
  "local_file_bundle ci_artifact_bundle github_artifact govengine_bundle ravenclaw_review_bundle " +
  "tecrax_review_bundle openclaw_carrier_payload mcp_message_ref a2a_message_ref"
).split(" ");

/** Type, version, an artifact that satisfies the schema but for its identity, and changes that it must not survive. */
const cases: readonly (readonly [string, string, ExactRecord, readonly ExactRecord[]])[] = [
  [
    "review_record",
    "v0.1",
    review,
    [
      { other: 1 },
      { verdict: "passed" },
      { checks: [] },
      { checks: [{ name: "a", status: "pass" }] },
      { public_safety: { static_analysis_only: false } },
      { non_claims: [] },
      { review_id: "review-record-1" },
    ],
  ],
  ["scope_fidelity_report", "v0.1", fidelity, [{ verdict: "ok" }, { target_host_match_status: "none" }]],
  ["scope_fidelity_report", "v0.2", { verdict: "fail", status: "cross_role_target_mismatch" }, [{ status: "other" }]],
  ...["v0.1", "v0.2"].map(
    (version) =>
      [
        "redaction_policy",
        version,
        { policy_id: "p", mode: "m", rules: [rule] },
        [{ rules: [] }, { mode: "" }],
      ] as const,
  ),
  ["redaction_receipt", "v0.1", redacted, [{ status: "clean" }, { source: { label: "a", hash: "short" } }]],
  [
    "redaction_receipt",
    "v0.2",
    { ...redacted, disclosure },
    [
      { disclosure: { ...disclosure, publication_authorized: true } },
      { disclosure: { ...disclosure, status: "safe" } },
      { disclosure: { ...disclosure, coverage: { ...coverage, other: "not_checked" } } },
    ],
  ],
  ...trust.map((profile) => ["trust_profile_ref", "v0.1", { profile }, [{ profile: "acme/keys@v1" }]] as const),
  ["trust_profile_ref", "v0.2", { profile: "acme/keys@v1" }, [{ profile: "none" }, { profile: "acme/keys" }]],
  ...carriers.map((profile) => ["carrier_profile_ref", "v0.1", { profile }, [{ profile: "email" }]] as const),
  ["carrier_profile_ref", "v0.2", { profile: "acme/bus@v12" }, [{ profile: "Acme/bus@v1" }, { profile: "a/b@v1 " }]],
  ...["public_validation_surface_index", "public_snapshot_manifest"].flatMap((type) =>
    ["v0.1", "v0.2"].map(
      (version) =>
        [
          type,
          version,
          { generated_at: "2026-01-01T00:00:00Z", files: [file] },
          [
            { files: [] },
            ...["/etc/passwd", "../a", "a/../b", "a//b", "./a", "a\\b", "c:a", "a/"].map((path) => ({
              files: [{ ...file, path }],
            })),
            { files: [{ path: "a" }] },
          ],
        ] as const,
    ),
  ),
];

describe.each(cases)("%s %s", (type, version, body, changes) => {
  const schema_ref = `schemas/${type}.${version}.schema.json`;
  const artifact = { artifact_type: type, schema_version: version, schema_ref, ...body };

  test("is taken when it is complete", () => {
    expect(validateArtifact(artifact)).toBeUndefined();
  });

  test("is refused without any one of its fields, and with another identity", () => {
    for (const name of Object.keys(artifact)) {
      const { [name]: _, ...rest } = artifact as ExactRecord;
      expect(validateArtifact(rest), name).toMatchObject({ ok: false });
    }
    expect(validateArtifact({ ...artifact, artifact_type: "other" })).toMatchObject({ ok: false });
    expect(validateArtifact({ ...artifact, schema_version: "v9" })).toMatchObject({ ok: false });
  });

  test.each(changes)("is refused with %j", (change) => {
    expect(validateArtifact({ ...artifact, ...change })).toMatchObject({ ok: false });
  });
});

describe("the line before the lifecycle", () => {
  const truth = {
    artifact_type: "approved_execution_spec",
    resolved_tool: "curl",
    normalized_args: [],
    execution_plan: [{}],
  };
  test.each<[string, ExactRecord, ExactRecord]>([
    ["policy_decision", { decision: "deny", reason_code: "missing_tool" }, { decision: "allow" }],
    ["prepared_execution_spec", { spec_version: "2026-03-18.prepared.v1", ...spec }, { target: "" }],
    [
      "approved_execution_spec",
      { spec_version: "2026-03-18.approved.v1", ...spec, approval: { decision: "approve" }, execution_truth: truth },
      { spec_version: "2026-03-18.prepared.v1" },
    ],
    [
      "redacted_prepared_execution_spec",
      { spec_version: "2026-03-18.prepared.v1", ...spec, stdin_present: false },
      { stdin_present: "no" },
    ],
    ["execution_receipt", { receipt_id: "r", outcome: {} }, { outcome: "ok" }],
    [
      "evidence_bundle",
      { schema_version: "2026-04-28.evidence-bundle.v0.1", artifacts: [] },
      { schema_version: "v0.1" },
    ],
    [
      "security_contract_validation_receipt",
      { artifact_type: "security_contract_validation_receipt", schema_version: "v0.1", status: "passed" },
      { status: "" },
    ],
    [
      "proof_of_value_scorecard",
      { artifact_type: "proof_of_value_scorecard", schema_version: "v0.1" },
      { artifact_type: "x" },
    ],
    ["finding", { artifact_type: "finding", schema_version: "v0.1" }, { schema_version: "v0.2" }],
  ])("%s v0.1", (type, record, change) => {
    const schema_ref = `schemas/${type}.v0.1.schema.json`;
    expect(validateArtifact({ ...record, schema_ref })).toBeUndefined();
    expect(validateArtifact({ ...record, schema_ref, ...change })).toMatchObject({ ok: false });
  });
});

test("every schema of the reference ships, and no other", () => {
  const named = (type: string, ...versions: readonly string[]): readonly string[] =>
    versions.map((version) => `schemas/${type}.${version}.schema.json`);
  expect(ARTIFACT_SCHEMAS.toSorted()).toEqual(
    [
      ...named("intent_contract", "v0.2"),
      ...named("policy_decision", "v0.1", "v0.2", "v0.3"),
      ...named("execution_contract", "v0.2", "v0.3"),
      ...named("execution_ticket", "v0.2", "v0.3"),
      ...named("execution_receipt", "v0.1", "v0.2"),
      ...named("evidence_contract", "v0.2"),
      ...named("artifact_chain_manifest", "v0.2"),
      "schemas/kernel_guard_hmac_v1.schema.json",
      ...named("verification_result", "v1", "v1.1"),
      ...named("review_record", "v0.1"),
      ...["scope_fidelity_report", "redaction_policy", "redaction_receipt"].flatMap((type) =>
        named(type, "v0.1", "v0.2"),
      ),
      ...["trust_profile_ref", "carrier_profile_ref"].flatMap((type) => named(type, "v0.1", "v0.2")),
      ...["public_validation_surface_index", "public_snapshot_manifest"].flatMap((type) => named(type, "v0.1", "v0.2")),
      ...["prepared_execution_spec", "approved_execution_spec", "redacted_prepared_execution_spec"].flatMap((type) =>
        named(type, "v0.1"),
      ),
      ...["evidence_bundle", "security_contract_validation_receipt", "proof_of_value_scorecard"].flatMap((type) =>
        named(type, "v0.1"),
      ),
      ...["finding", "observation_envelope", "escalation_proposal", "reaction_plan", "trigger_decision"].flatMap(
        (type) => named(type, "v0.1"),
      ),
      ...["watchdog_decision", "automation_chain"].flatMap((type) => named(type, "v0.1")),
    ].toSorted(),
  );
});

test("no schema is satisfied by what is no record, and no pattern makes a reader hang", () => {
  const hostile = `${"a/".repeat(20_000)}\u0000`;
  for (const id of ARTIFACT_SCHEMAS) {
    const schema = packagedSchema(id) ?? {};
    for (const value of [null, true, 1, "text", []]) expect(schemaFinding(value, schema), id).toMatch(/^\$/);
    const everywhere = Object.fromEntries(Object.keys(schema.properties ?? {}).map((name) => [name, hostile]));
    expect(schemaFinding({ ...everywhere, files: [{ path: hostile, sha256: hex }] }, schema), id).toMatch(/^\$/);
  }
});
