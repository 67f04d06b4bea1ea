import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonExact, type ExactJson } from "@writ/canon";
import {
  buildChainManifest,
  chainDigest,
  describeArtifact,
  scliteDigestV01,
  verifyChain,
  type ChainOptions,
  type ExactRecord,
} from "@writ/kernel";
import { changed, sampleArtifacts, sampleChain, type Changes, type Role } from "./samples.ts";

const LIFECYCLE: ChainOptions = { requireLifecycle: true };
const BARE: ChainOptions = { requireLifecycle: true, validateSchemas: false };

describe("descriptors and chain steps", () => {
  const intent = parseJsonExact(
    `{"artifact_type":"intent_contract","schema_version":"v0.2","schema_ref":"schemas/intent_contract.v0.2.schema.json",
      "intent_id":"intent-1","created_at":"2026-01-01T00:00:00Z","actor":{"kind":"agent"},
      "intent":{"summary":"read repo status"},"requested_capability":{"name":"git_status"},
      "target":{"host":"repo.example.org"},"authority":{"intent_is_authority":false}}`,
  ) as ExactRecord;
  const policy: ExactRecord = {
    artifact_type: "policy_decision",
    schema_version: "v0.2",
    schema_ref: "schemas/policy_decision.v0.2.schema.json",
    decision_id: "pd-1",
  };

  test("are the published ones", () => {
    expect(describeArtifact(intent)).toMatchObject({
      digest: "fbc74efbd6a21931704a284cf5f6818d93c8cc3704750ebcffca291fa6c1e128",
      canonical_bytes: 363,
    });
    const { entries, root_chain_digest } = buildChainManifest([
      { path: "a.json", artifact: intent },
      { path: "b.json", artifact: policy },
    ]);
    expect(entries[0]?.chain_digest).toBe("e7639e021f0a16406a87b6abe47764568db41a7e7da51bc661e4912abf3f9e3c");
    expect(root_chain_digest).toBe("88dfe586233c6905a6255095ad51c9bbe46ade32f989c738fe02a839c1fd7ca7");
  });

  test("take the version and the reference from their older names", () => {
    expect(describeArtifact({ artifact_type: "x", version: "1", spec_version: "2", schema: "s" })).toMatchObject({
      schema_version: "2",
      schema_ref: "s",
    });
  });

  test("bind every part of a step", () => {
    const step = { previousChainDigest: "", role: "r", descriptor: describeArtifact(policy) };
    const other = describeArtifact(intent);
    const digests = [
      step,
      { ...step, previousChainDigest: "0" },
      { ...step, role: "s" },
      { ...step, descriptor: { ...step.descriptor, digest: other.digest } },
      { ...step, descriptor: { ...step.descriptor, artifact_type: "other" } },
      { ...step, descriptor: { ...step.descriptor, algorithm: "sha1" } },
      { ...step, descriptor: { ...step.descriptor, canonicalization: "other" } },
    ].map((one) => chainDigest(one));
    expect(new Set(digests).size).toBe(7);
  });
});

describe("a chain", () => {
  test("verifies by its integrity alone, or as a lifecycle", () => {
    const chain = sampleChain(sampleArtifacts());
    expect(verifyChain(chain, { requireLifecycle: false })).toMatchObject({
      ok: true,
      result: { status: "passed", lifecycle_status: "not_checked", verification_posture: "integrity_only" },
    });
    expect(verifyChain(chain, LIFECYCLE)).toMatchObject({
      ok: true,
      result: { status: "passed", lifecycle_status: "passed", lifecycle_role_summary: { status: "canonical" } },
    });
  });

  test.each<[string, Changes, string]>([
    ["a manifest that is none", { artifact_type: "x" }, "manifest schema validation failed:"],
    ["no entry", { entries: [] }, "root_chain_digest mismatch"],
    ["no entry and no root", { entries: [], root_chain_digest: "" }, "manifest schema validation failed:"],
    ["a profile nobody knows", { profile: "mine" }, "unsupported manifest profile: mine"],
    ["an empty profile", { profile: "" }, "manifest schema validation failed:"],
    ["another signature mode", { "signature_policy.mode": "signed" }, "unsupported manifest signature_policy.mode"],
    [
      "a demand for an identity signature",
      { "signature_policy.identity_signature_required": true },
      "unsupported manifest signature_policy.identity_signature_required",
    ],
    [
      "a demand that is no boolean",
      { "signature_policy.identity_signature_required": 0 },
      "unsupported manifest signature_policy.identity_signature_required",
    ],
    ["an empty path", { "entries.0.path": "" }, "manifest schema validation failed:"],
    [
      "an entry that says not whether it must be there",
      { "entries.0.required": undefined },
      "manifest schema validation failed:",
    ],
    ["a chain digest that is none", { "entries.5.chain_digest": "x" }, "entry[5] chain_digest mismatch"],
    ["a root that is none", { root_chain_digest: "x" }, "root_chain_digest mismatch"],
    ["a path above the root", { "entries.1.path": "a/../../x" }, "entry[1] path escapes root: a/../../x"],
    ["an absolute path", { "entries.1.path": "/etc/passwd" }, "entry[1] path escapes root: /etc/passwd"],
    ["a backslash", { "entries.1.path": "..\\x" }, "entry[1] path escapes root: ..\\x"],
    [
      "a file that is not there",
      { "entries.1.path": "x.json" },
      "entry[1] artifact is missing or not an object: x.json",
    ],
    [
      "the file of another entry",
      { "entries.1.path": "intent_contract.json" },
      "entry[1] descriptor mismatch for intent_contract.json",
    ],
    [
      "a descriptor with one more field",
      { "entries.0.descriptor.note": "x" },
      "entry[0] descriptor mismatch for intent_contract.json",
    ],
    [
      "a chain that begins elsewhere",
      { "entries.0.previous_chain_digest": "0".repeat(64) },
      "entry[0] previous_chain_digest mismatch",
    ],
    ["another role", { "entries.0.role": "other" }, "entry[0] chain_digest mismatch"],
    ["another chain digest", { "entries.5.chain_digest": "0".repeat(64) }, "entry[5] chain_digest mismatch"],
    ["another root", { root_chain_digest: "0".repeat(64) }, "root_chain_digest mismatch"],
  ])("with %s is refused", (_, changes, text) => {
    const verdict = verifyChain(sampleChain(sampleArtifacts(), changes), LIFECYCLE);
    expect(verdict).toMatchObject({ ok: false, text: expect.stringMatching(startsWith(text)) as string });
  });

  test("checks each artifact's own schema, unless told not to", () => {
    const chain = sampleChain(sampleArtifacts({ intent_contract: { actor: undefined } }));
    expect(verifyChain(chain, LIFECYCLE)).toMatchObject({ ok: false, family: "schema" });
    expect(verifyChain(chain, BARE)).toMatchObject({ ok: true });
  });

  test("any changed member of any artifact is refused", () => {
    const artifacts = sampleArtifacts();
    const { manifest } = sampleChain(artifacts);
    const places = (Object.keys(artifacts) as Role[]).flatMap((role) =>
      Object.keys(artifacts[role]).map((name) => [role, name] as const),
    );
    expect(places.length).toBeGreaterThan(60);
    for (const [role, name] of places) {
      for (const value of [undefined, "changed", 0]) {
        const lying = { ...artifacts, [role]: changed(artifacts[role], { [name]: value }) };
        const load = (path: string): ExactJson | undefined => lying[path.replace(".json", "") as Role];
        expect(verifyChain({ manifest, load }, BARE).ok, `${role}.${name}`).toBe(false);
      }
    }
  });

  test("whatever stands in for a manifest ends in an answer", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const manifest = parseJsonExact(JSON.stringify(value));
        expect(verifyChain({ manifest, load: () => manifest }, LIFECYCLE).ok).toBe(false);
      }),
    );
  });
});

describe("a lifecycle", () => {
  test("has exactly the six roles in order", () => {
    const { intent_contract: intent, policy_decision: policy } = sampleArtifacts();
    expect(verifyChain(sampleChain({ policy_decision: policy, intent_contract: intent }), LIFECYCLE)).toMatchObject({
      ok: false,
      text:
        "lifecycle roles mismatch: expected ['intent_contract', 'policy_decision', 'execution_contract', " +
        "'execution_ticket', 'execution_receipt', 'evidence_contract'], got ['policy_decision', 'intent_contract']",
    });
  });

  test.each<[string, Partial<Record<Role, Changes>>, string]>([
    [
      "an artifact of another type",
      { intent_contract: { artifact_type: "other" } },
      "intent_contract artifact_type mismatch: expected intent_contract, got other",
    ],
    [
      "a version nobody knows",
      { policy_decision: { schema_version: "v9" } },
      "policy_decision schema identity mismatch: expected one of v0.2:schemas/policy_decision.v0.2.schema.json, " +
        "v0.3:schemas/policy_decision.v0.3.schema.json, got v9:schemas/policy_decision.v0.2.schema.json",
    ],
    ["no links", { policy_decision: { links: undefined } }, "policy_decision has no links object"],
    ["a link missing", { policy_decision: { links: {} } }, "policy_decision missing links.intent"],
    [
      "a link without a descriptor",
      { policy_decision: { "links.intent.descriptor": undefined } },
      "policy_decision missing links.intent.descriptor",
    ],
    [
      "a policy for another intent",
      { policy_decision: { "links.intent.descriptor.digest": "0" } },
      "policy-intent digest mismatch",
    ],
    ["a denial", { policy_decision: { decision: "deny" } }, "policy decision denies executable lifecycle"],
    [
      "an owner who did not approve",
      {
        policy_decision: { decision: "owner_approval_required" },
        execution_ticket: { "approval.status": "owner_approval_required" },
      },
      "owner approval required before executable lifecycle",
    ],
    [
      "a rejected approval",
      { execution_ticket: { "approval.status": "rejected" } },
      "execution ticket approval is terminal: rejected",
    ],
    [
      "an expired approval",
      { execution_ticket: { "approval.status": "expired" } },
      "execution ticket approval is terminal: expired",
    ],
    [
      "a revoked approval",
      { execution_ticket: { "approval.status": "revoked" } },
      "execution ticket approval is terminal: revoked",
    ],
    [
      "an approval that waits",
      { execution_ticket: { "approval.status": "owner_approval_required" } },
      "execution ticket is not approved for executable lifecycle: owner_approval_required",
    ],
    ["no approval", { execution_ticket: { approval: undefined } }, "execution_ticket missing approval object"],
    ["a decision nobody knows", { policy_decision: { decision: "yes" } }, "policy decision is none of the known ones"],
    [
      "a contract for another intent",
      { execution_contract: { "links.intent.descriptor.digest": "0" } },
      "execution_contract-intent digest mismatch",
    ],
    [
      "a contract for another policy",
      { execution_contract: { "links.policy_decision.descriptor.canonical_bytes": 1 } },
      "execution_contract-policy digest mismatch",
    ],
    [
      "a ticket for another contract",
      { execution_ticket: { "links.execution_contract.descriptor.digest": "0" } },
      "ticket-execution_contract digest mismatch",
    ],
    [
      "a ticket without integrity",
      { execution_ticket: { integrity: undefined } },
      "execution_ticket missing integrity object",
    ],
    [
      "another digest in the ticket",
      { execution_ticket: { "integrity.ticket_binds_execution_contract_digest": "0".repeat(64) } },
      "ticket integrity execution_contract digest mismatch",
    ],
    [
      "a receipt for another ticket",
      { execution_receipt: { "links.execution_ticket.descriptor.digest": "0" } },
      "receipt-ticket digest mismatch",
    ],
    [
      "a receipt for another contract",
      { execution_receipt: { "links.execution_contract.descriptor.digest": "0" } },
      "receipt-execution_contract digest mismatch",
    ],
    [
      "evidence for another receipt",
      { evidence_contract: { "links.execution_receipt.descriptor.digest": "0" } },
      "evidence-receipt digest mismatch",
    ],
    [
      "evidence for another ticket",
      { evidence_contract: { "links.execution_ticket.descriptor.digest": "0" } },
      "evidence-ticket digest mismatch",
    ],
    [
      "a target that policy puts out of scope",
      { policy_decision: { "scope.target_in_scope": false } },
      "lifecycle target_in_scope is explicitly false",
    ],
    [
      "a run before the ticket's time",
      { execution_receipt: { "execution.started_at": "2025-12-31T23:59:59.999999Z" } },
      "receipt execution interval is outside ticket validity window",
    ],
  ])("with %s is refused", (_, changes, text) => {
    expect(verifyChain(sampleChain(sampleArtifacts(changes)), BARE)).toMatchObject({ ok: false, text });
  });

  test("is only reviewed when nobody says that the target is in scope", () => {
    const chain = sampleChain(sampleArtifacts({ execution_contract: { "target_binding.target_in_scope": undefined } }));
    expect(verifyChain(chain, LIFECYCLE)).toMatchObject({
      ok: true,
      result: { status: "review", scope_status: "not_checked", ticket_validity_status: "passed" },
    });
  });
});

describe("a scope assertion of v0.3", () => {
  const target = { target: "https://example.org/status", target_host: "example.org" };
  const fields = { status: "in_scope", authority: "a", decision_ref: "d", subject: { operation_id: "o" }, target };
  const identity = { artifact_type: "govengine_scope_decision", schema_version: "v0.1" };

  function scoped(
    authority: ExactRecord,
    assertion: ExactRecord,
    policy: Changes = {},
  ): ReturnType<typeof sampleChain> {
    const bound = { decision_digest: `sha256:${scliteDigestV01(authority)}`, ...assertion };
    const version = (type: string): Changes => ({
      schema_version: "v0.3",
      schema_ref: `schemas/${type}.v0.3.schema.json`,
    });
    return sampleChain(
      sampleArtifacts({
        policy_decision: {
          ...version("policy_decision"),
          scope_assertion: bound,
          authority_decision: authority,
          ...policy,
        },
        execution_contract: { ...version("execution_contract"), scope_assertion: bound },
      }),
    );
  }

  test("is bound to the authority's decision", () => {
    expect(verifyChain(scoped({ ...identity, ...fields }, fields), LIFECYCLE)).toMatchObject({
      ok: true,
      result: { status: "passed", scope_status: "authority_artifact_bound" },
    });
  });

  test.each<[string, ExactRecord, ExactRecord, Changes, string]>([
    [
      "differs",
      fields,
      fields,
      { "scope_assertion.authority": "b" },
      "scope assertion differs between policy and execution contract",
    ],
    [
      "has another digest",
      fields,
      { ...fields, decision_digest: `sha256:${"0".repeat(64)}` },
      {},
      "scope assertion authority decision digest mismatch",
    ],
    [
      "has another status",
      { ...fields, status: "unknown" },
      fields,
      {},
      "scope assertion authority decision status mismatch",
    ],
    [
      "names another subject",
      { ...fields, subject: { operation_id: "p" } },
      fields,
      {},
      "scope assertion authority decision subject mismatch",
    ],
    [
      "has another host than policy",
      fields,
      fields,
      { "scope.target_host": "example.com" },
      "scope assertion policy target mismatch",
    ],
    [
      "has another target than the contract",
      { ...fields, target: { ...target, target: "x" } },
      { ...fields, target: { ...target, target: "x" } },
      {},
      "scope assertion execution target mismatch",
    ],
    [
      "is out of scope",
      { ...fields, status: "out_of_scope" },
      { ...fields, status: "out_of_scope" },
      {},
      "scope assertion is explicitly out_of_scope",
    ],
  ])("that %s is refused", (_, authority, assertion, policy, text) => {
    expect(verifyChain(scoped({ ...identity, ...authority }, assertion, policy), LIFECYCLE)).toMatchObject({
      ok: false,
      text,
    });
  });
});

function startsWith(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`);
}
