import { describe, expect, test } from "vitest";
import { validateArtifact, type ExactRecord } from "@writ/kernel";
import { lifecycleFidelity, reviewLifecycle, type ReviewRecord } from "@writ/kernel/security";

import { sampleArtifacts, sampleChain, type Changes, type Role } from "../artifacts/samples.ts";

type Chain = ReturnType<typeof sampleChain>;

function review(chain: Chain): ReviewRecord {
  return reviewLifecycle({ ...chain, sourceManifest: "m.json", generatedAt: "2026-01-01T00:00:00Z" });
}

function statuses(record: ReviewRecord): string {
  return record.checks.map(({ status }) => status).join(" ");
}

describe("a review record", () => {
  const whole = sampleArtifacts();
  const { evidence_contract: _, ...five } = whole;
  const chains: readonly (readonly [string, Chain, string, string])[] = [
    ["of a whole lifecycle", sampleChain(whole), "pass", "pass pass pass pass pass"],
    ["of a chain that is no lifecycle", sampleChain(five), "fail", "pass pass review review fail"],
    [
      "of one artifact",
      sampleChain({ intent_contract: whole.intent_contract }),
      "review",
      "pass pass review review review",
    ],
    [
      "of a broken chain",
      sampleChain(whole, { root_chain_digest: "0".repeat(64) }),
      "fail",
      "pass fail review review review",
    ],
    [
      "of a manifest of no known profile",
      sampleChain(whole, { profile: "x" }),
      "fail",
      "pass fail review review review",
    ],
    ["of no manifest", { manifest: {}, load: () => undefined }, "fail", "fail fail review review review"],
    [
      "of an artifact against its schema",
      sampleChain(sampleArtifacts({ intent_contract: { actor: 1 } })),
      "fail",
      "fail pass pass pass pass",
    ],
    [
      "of a policy that is bound to another intent",
      sampleChain({
        ...whole,
        intent_contract: sampleArtifacts({ intent_contract: { intent_id: "other" } }).intent_contract,
      }),
      "fail",
      "pass pass fail pass pass",
    ],
  ];
  test.each(chains)("%s", (_name, chain, verdict, checks) => {
    const record = review(chain);
    expect([record.verdict, statuses(record)]).toEqual([verdict, checks]);
    expect(validateArtifact(record as unknown as ExactRecord)).toBeUndefined();
  });

  test("of a broken chain has no root to be named after", () => {
    const record = review(sampleChain(whole, { root_chain_digest: "0".repeat(64) }));
    expect(record.review_id).toBe("review-record-unverified");
    expect(record.summary).toMatchObject({ root_chain_digest: "", target_hosts: [], artifact_count: 6 });
  });

  test("reads each file once", () => {
    const { manifest, load } = sampleChain(whole);
    const read: string[] = [];
    review({ manifest, load: (path) => (read.push(path), load(path)) });
    expect(read).toHaveLength(6);
  });
});

describe("the targets of a lifecycle", () => {
  const table: readonly (readonly [string, Partial<Record<Role, Changes>>, string, string, string])[] = [
    ["are one", {}, "pass", "consistent", "all_explicit_targets_match"],
    [
      "are one whatever its case",
      { intent_contract: { target: { host: "EXAMPLE.org" } } },
      "pass",
      "consistent",
      "all_explicit_targets_match",
    ],
    [
      "may be a URL",
      { intent_contract: { target: { uri: "https://example.org/a" } } },
      "pass",
      "consistent",
      "all_explicit_targets_match",
    ],
    [
      "differ in the intent",
      { intent_contract: { target: { host: "a.test" } } },
      "fail",
      "cross_role_target_mismatch",
      "target_hosts_differ:a.test,example.org",
    ],
    [
      "differ inside the intent",
      { intent_contract: { target: { host: "example.org", uri: "https://a.test/x" } } },
      "fail",
      "cross_role_target_mismatch",
      "target_hosts_differ:a.test,example.org",
    ],
    [
      "differ by what is no host",
      { intent_contract: { target: { host: "?" } } },
      "fail",
      "cross_role_target_mismatch",
      "target_hosts_differ:?,example.org",
    ],
    [
      "are out of scope for the policy",
      { policy_decision: { "scope.target_in_scope": false } },
      "fail",
      "consistent",
      "target_explicitly_out_of_scope",
    ],
    [
      "are out of scope for the contract",
      { execution_contract: { "target_binding.target_in_scope": false } },
      "fail",
      "consistent",
      "target_explicitly_out_of_scope",
    ],
    [
      "are in scope for one alone",
      { policy_decision: { "scope.target_in_scope": undefined } },
      "review",
      "consistent",
      "target_scope_not_checked",
    ],
    [
      "are in scope by a word",
      { policy_decision: { "scope.target_in_scope": "true" } },
      "review",
      "consistent",
      "target_scope_not_checked",
    ],
  ];
  test.each(table)("%s", (_, changes, verdict, status, reason) => {
    expect(lifecycleFidelity(sampleArtifacts(changes))).toMatchObject({ verdict, status, reason });
  });

  test("need every role, and one host at least", () => {
    const { execution_receipt: _, ...rest } = sampleArtifacts();
    expect(lifecycleFidelity(rest)).toMatchObject({
      verdict: "review",
      status: "incomplete_lifecycle",
      reason: "missing_roles:execution_receipt",
    });
    const silent = Object.fromEntries(Object.keys(sampleArtifacts()).map((role) => [role, {}]));
    expect(lifecycleFidelity(silent)).toMatchObject({ verdict: "review", status: "no_explicit_targets" });
  });
});
