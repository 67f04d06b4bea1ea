import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { bridgeChain, bridgeReview, describeArtifact } from "@writ/kernel";
import {
  BOUNDARY,
  boundaryReport,
  checkSecuritySurface,
  CONTRACT_PROOF_WORDS,
  DEFAULT_PROFILE,
  earlySurfaces,
  parseDomainProfile,
  parseProfileSdk,
  PROFILE_CONSUMES,
  profileConformance,
  profileSdkConformance,
  requireConformingProfile,
  requireConformingSdk,
  securityFacade,
  securityHelperNamed,
  surfaceNamed,
  SURFACES,
} from "@writ/kernel/governance";
import { securityHelper } from "@writ/kernel/security";
import type { ExactRecord } from "../../src/compat/exact-record.ts";
import { refusalOf } from "../refusal.ts";
import { PROFILE_FIXTURES } from "./profile-fixtures.ts";

const sources = join(import.meta.dirname, "../../src");

describe("the surface index", () => {
  test("lists the surfaces in the reference's order, the optional profile last", () => {
    expect(SURFACES.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "artifact_governance_core alpha_tested",
      "planning_contracts_core alpha_tested",
      "admission_policy_core alpha_tested",
      "evidence_review_core alpha_tested",
      "domain_profile_sdk alpha_contract_only",
      "runtime_contract_proofs alpha_contract_examples",
      "controlled_execution_core alpha_dry_run_default",
      "security_profile_helpers pre_alpha_optional_profile",
    ]);
    expect(SURFACES.filter(({ optional_profile: optional }) => optional)).toEqual([SURFACES.at(-1)]);
    expect(surfaceNamed("planning_contracts_core")?.modules).toEqual(["planning"]);
    expect(surfaceNamed("toString")).toBeUndefined();
  });

  test("names sources that are there, and leaves no folder of the kernel out", () => {
    const named = SURFACES.flatMap((surface) => surface.sources);
    for (const source of named) expect(existsSync(join(sources, source)), source).toBe(true);
    const folders = readdirSync(sources, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    // `compat` is the way in for the reference's own records and belongs to no surface.
    expect(folders.map(({ name }) => name).filter((name) => name !== "compat" && !named.includes(name))).toEqual([]);
  });

  test("of the early lines has three, with the statuses of their time", () => {
    expect(earlySurfaces().map(({ name, status }) => `${name} ${status}`)).toEqual([
      "artifact_governance_core pre_alpha_tested",
      "controlled_execution_core pre_alpha_dry_run_default",
      "security_profile_helpers pre_alpha_optional_profile",
    ]);
  });

  test("every surface says what it claims and what it does not", () => {
    for (const { claim, non_claims, modules } of SURFACES) {
      expect(claim).not.toBe("");
      expect(non_claims.length).toBeGreaterThan(0);
      expect(new Set(modules).size).toBe(modules.length);
    }
  });
});

describe("the boundary report", () => {
  test("is made from the lists and counts them", () => {
    const report = boundaryReport();
    expect(report).toMatchObject({
      artifact_type: "govengine_boundary_report",
      schema_version: "v0.1",
      status: "alpha_boundary_declared",
      boundary: {
        kernel_owns: [
          "artifact_state_transitions",
          "controlled_execution_gates",
          "runner_request_receipt_envelopes",
          "policy_trust_boundary_decisions",
          "ooda_control_decisions",
          "sclite_lifecycle_bridge",
        ],
        profile_owns: [
          "domain_taxonomy",
          "domain_policy_meaning",
          "domain_tool_semantics",
          "domain_evidence_expectations",
          "operator_workflow_language",
        ],
        runtime_owns: [
          "operator_ui",
          "concrete_tool_execution",
          "state_storage",
          "credential_handling",
          "carrier_adapter_integration",
        ],
        sclite_owns: ["schemas", "canonicalization", "artifact_chain_verification", "review_bundle_verdicts"],
        forbidden_profile_ownership: [
          "govengine_core_modules",
          "sclite_schema_authority",
          "live_execution_authority",
          "credential_or_key_store",
          "carrier_adapter_ownership",
          "pki_or_kms_ownership",
          "product_ux_ownership",
        ],
      },
      summary: {
        profile_count: 1,
        profile_conformance_passed: true,
        surface_count: 8,
        forbidden_profile_ownership_count: 7,
      },
    });
    expect(report.profiles.map(({ name }) => name)).toEqual(["ravenclaw"]);
    expect(report.surfaces).toBe(SURFACES);
    expect(report.boundary).toBe(BOUNDARY);
  });

  test("of no profile, or of one that does not conform, has not passed", () => {
    const greedy = { ...DEFAULT_PROFILE, owns: ["live_execution_authority"] };
    expect(boundaryReport([]).summary.profile_conformance_passed).toBe(false);
    expect(boundaryReport([DEFAULT_PROFILE, greedy]).summary).toMatchObject({
      profile_count: 2,
      profile_conformance_passed: false,
    });
  });
});

describe("a domain profile", () => {
  const profile = parseDomainProfile({ name: "tecrax", owns: "domain_taxonomy", consumes: ["sclite_review_bundles"] });

  test("conforms when it owns its own and builds on what is there", () => {
    expect(profile).toMatchObject({ version: "v0.1", owns: ["domain_taxonomy"] });
    expect(profileConformance(profile)).toMatchObject({
      profile: "tecrax",
      status: "passed",
      passed: true,
      allowed_consumes: ["sclite_review_bundles"],
      checks: { no_forbidden_ownership: true, consumes_are_known: true },
    });
    expect(refusalOf(() => requireConformingProfile(profile))).toBeUndefined();
  });

  test("that takes what is not its own is refused by the first in sorted order, before what it consumes", () => {
    const greedy = { ...profile, owns: ["product_ux_ownership", "carrier_adapter_ownership"], consumes: ["x"] };
    expect(profileConformance(greedy)).toMatchObject({
      status: "failed",
      forbidden_ownership: ["carrier_adapter_ownership", "product_ux_ownership"],
      unknown_consumes: ["x"],
      checks: { no_forbidden_ownership: false, consumes_are_known: false },
    });
    expect(refusalOf(() => requireConformingProfile(greedy))).toBe(
      "forbidden_domain_profile_ownership:carrier_adapter_ownership",
    );
    expect(refusalOf(() => requireConformingProfile({ ...profile, consumes: ["z", "a"] }))).toBe(
      "unknown_domain_profile_consume:z",
    );
  });

  test.each<[string, ExactJson]>([
    ["invalid_domain_profile", "ravenclaw"],
    ["missing_domain_profile_name", { name: " " }],
    ["invalid_domain_profile_sequence", { name: "a", owns: 1 }],
    ["unknown_domain_profile_field", { name: "a", keys: [] }],
  ])("%s", (reason, value) => {
    expect(refusalOf(() => parseDomainProfile(value))).toBe(reason);
  });

  test("may build on these, and contract proofs speak these words", () => {
    expect(PROFILE_CONSUMES).toEqual([
      "govengine_artifact_governance_core",
      "govengine_planning_contracts_core",
      "govengine_admission_policy_core",
      "govengine_evidence_review_core",
      "govengine_controlled_execution_core",
      "govengine_domain_profile_sdk",
      "sclite_lifecycle_artifacts",
      "sclite_review_bundles",
    ]);
    expect(CONTRACT_PROOF_WORDS.join(" ")).toBe(
      "objective policy_constraints task_plan runner_bounds runtime_snapshot review_result change_order",
    );
  });
});

describe("a profile's declarations", () => {
  const sdk = {
    profile: { name: "tecrax-infra-ops", owns: ["domain_taxonomy"], consumes: ["govengine_domain_profile_sdk"] },
    resource_types: ["host"],
    task_families: ["inventory"],
    planning_stages: ["observe", "plan"],
    capabilities: ["read"],
    runner_profiles: [
      { name: "dry", mode: "dry_run" },
      { name: "lab", mode: "local_fixture" },
    ],
    policy_hooks: [],
    evidence_rules: [{ name: "receipts", receipt_bound: true }],
  };

  test.each(PROFILE_FIXTURES)("of the reference's fixtures conform: $profile.name", (fixture) => {
    expect(profileSdkConformance(parseProfileSdk(fixture)).passed).toBe(true);
  });

  test("conform by every check", () => {
    const { passed, checks } = profileSdkConformance(parseProfileSdk(sdk));
    expect(passed).toBe(true);
    expect(Object.keys(checks)).toEqual([
      "resource_types_declared",
      "task_families_declared",
      "planning_stages_declared",
      "runner_profiles_dry_run_only",
      "evidence_rules_receipt_bounded",
      "boundary_conformance_passed",
    ]);
  });

  test.each<[string, ExactRecord]>([
    ["missing_resource_types", { resource_types: [] }],
    ["missing_task_families", { task_families: [""] }],
    ["duplicate_planning_stages", { planning_stages: ["a", "a"] }],
    ["invalid_profile_sequence", { planning_stages: {} }],
    ["forbidden_runner_profile:prod", { runner_profiles: [{ name: "prod", mode: "live" }] }],
    ["forbidden_runner_profile:prod", { runner_profiles: [{ name: "prod" }] }],
    ["unbounded_evidence_rule:loose", { evidence_rules: [{ name: "loose", receipt_bound: false }] }],
    ["unbounded_evidence_rule:loose", { evidence_rules: [{ name: "loose" }] }],
    [
      "profile_conformance_failed:boundary_conformance_passed",
      { profile: { name: "p", owns: ["credential_or_key_store"] } },
    ],
  ])("%s", (reason, change) => {
    expect(refusalOf(() => requireConformingSdk(parseProfileSdk({ ...sdk, ...change })))).toBe(reason);
  });
});

describe("the security facade", () => {
  const surface = surfaceNamed("security_profile_helpers");

  test("is made from the surface", () => {
    const facade = securityFacade();
    expect(facade).toMatchObject({ entrypoint: "govengine.security_profile", surface: "security_profile_helpers" });
    expect(facade.groups.map(({ name }) => name)).toEqual(["action_tooling", "policy_scope", "review_contracts"]);
    expect(facade.groups.flatMap(({ modules }) => modules)).toEqual(surface?.modules);
  });

  test("gives a helper only by a name that the surface lists", () => {
    expect(securityHelperNamed("scope")).toBe("scope");
    expect(refusalOf(() => securityHelperNamed("signing"))).toBe("unknown_security_profile_helper:signing");
    expect(refusalOf(() => securityHelperNamed("constructor"))).toBe("unknown_security_profile_helper:constructor");
  });

  test("finds code for every helper that the surface lists, and loads no other", () => {
    for (const name of securityFacade().groups.flatMap(({ modules }) => modules)) {
      const helper = Object.values(securityHelper(name));
      expect(
        helper.some((value) => typeof value === "function"),
        name,
      ).toBe(true);
    }
    expect(refusalOf(() => securityHelper("signing" as "scope"))).toBe("unknown_security_profile_helper:signing");
  });

  test.each([
    ["missing_security_profile_surface", undefined],
    ["missing_security_profile_surface", { name: "other" }],
    ["security_profile_surface_not_optional", { optional_profile: false }],
    ["forbidden_security_profile_module:execution.gate", { modules: ["scope", "execution.gate"] }],
    ["forbidden_security_profile_module:signing", { modules: ["signing"] }],
    ["missing_security_profile_non_claim:does_not_ship_live_exploits", { non_claims: [] }],
  ])("%s", (reason, change) => {
    const changed = surface === undefined || change === undefined ? undefined : { ...surface, ...change };
    expect(refusalOf(() => checkSecuritySurface(changed))).toBe(reason);
  });
});

describe("the bridge to the artifact library", () => {
  const descriptor = describeArtifact({ artifact_type: "artifact_chain_manifest", schema_version: "v0.2" });
  const chain = (checks: readonly string[]): Parameters<typeof bridgeChain>[1] =>
    ({ ok: true, result: { semantic_checks: checks } }) as unknown as Parameters<typeof bridgeChain>[1];
  const manifest = { descriptor, signature_policy: { mode: "integrity_only" } };

  test("keeps the library's descriptor whole", () => {
    expect(bridgeChain(manifest, chain([])).descriptor).toMatchObject({
      artifact_type: "artifact_chain_manifest",
      digest: descriptor.digest,
      metadata: {
        canonicalization: "sclite-json-v0.1",
        algorithm: "sha256",
        canonical_bytes: descriptor.canonical_bytes,
      },
    });
  });

  test("a chain is a lifecycle only when its semantics were checked, and a failure blocks", () => {
    expect(bridgeChain(manifest, chain([])).lifecycle_state).toBe("verified_chain");
    expect(bridgeChain(manifest, chain(["role_order"]))).toMatchObject({
      lifecycle_state: "verified_lifecycle",
      chain_status: "passed",
      signature_status: "integrity_only",
    });
    expect(bridgeChain(manifest, { ok: false, family: "chain", text: "root_chain_digest mismatch" })).toMatchObject({
      lifecycle_state: "blocked",
      blocked_reasons: ["root_chain_digest mismatch"],
      next_actions: ["repair_artifact_chain", "rerun_sclite_lifecycle_verification"],
    });
  });

  test.each([
    ["integrity_only", "integrity_only"],
    ["not_signed_integrity_only", "not_signed_integrity_only"],
    ["not_required", "not_required"],
    ["detached_signature", "requires_trust_decision"],
    ["", "requires_trust_decision"],
  ])("the signature mode `%s` is %s", (mode, status) => {
    expect(bridgeChain({ descriptor, signature_policy: { mode } }, chain([])).signature_status).toBe(status);
  });

  test("a review's verdict is a state, and one that nobody knows blocks", () => {
    const checks = [
      { name: "schema_validation", status: "pass", detail: "" },
      { name: "scope_fidelity", status: "review", detail: "no hosts" },
    ];
    expect(bridgeReview({ verdict: "pass", checks: [] })).toEqual({
      state: "review_bundle_passed",
      blockers: [],
      next_actions: [],
    });
    expect(bridgeReview({ verdict: "review", checks })).toEqual({
      state: "review_required",
      blockers: ["scope_fidelity:review:no hosts"],
      next_actions: ["review_sclite_bundle", "repair_or_accept_bundle_by_policy"],
    });
    expect(bridgeReview({ verdict: "fail", checks: [] })).toMatchObject({
      state: "blocked",
      blockers: ["sclite_review_verdict:fail"],
    });
    expect(bridgeReview({ verdict: "maybe", checks: [] }).state).toBe("blocked");
    expect(bridgeReview(undefined)).toMatchObject({
      state: "blocked",
      next_actions: ["repair_sclite_review_bundle", "rerun_sclite_review"],
    });
  });
});
