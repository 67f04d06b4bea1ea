import { describe, expect, test } from "vitest";
import { canonicalize, parseJson, type ExactJson } from "@writ/canon";
import {
  ARTIFACT_SCHEMAS,
  checkTicketGate,
  contractDigest,
  DEFAULT_SIGNING_POLICY,
  evaluatePreconditions,
  isTrusted,
  opaqueReference,
  parseApproval,
  parseSignedRecord,
  parseSigningPolicy,
  profileRegistry,
  trustDecision,
  validateArtifact,
  verifyChain,
  verifySignedRecord,
  verifyTicketUse,
  type GovernanceDecision,
  type Preconditions,
} from "@writ/kernel";
import {
  appendAuditRecord,
  auditLedgerPage,
  parseAdmissionDecision,
  parseAuditLedgerEntry,
  parseAuditRecord,
  verifyAuditLedger,
  type AuditLedgerEntry,
  SURFACES,
} from "@writ/kernel/governance";
import { runConformance, verdictText } from "@writ/kernel/conformance";
import { demoSign } from "../src/compat/demo-signature.ts";
import { kernelRecordDigest } from "../src/compat/record-digest.ts";
import { changed, sampleArtifacts, sampleChain, type Changes } from "./artifacts/samples.ts";
import { refusalOf } from "./refusal.ts";
import { AGENT, approval, asJson, NOW, processContract, ticket } from "./samples.ts";

const record = { status: "allowed" };
const trusting = {
  verify: () => ({ status: "passed", trust_status: "trusted", reason_code: "ok", verifier_id: "v", metadata: {} }),
};

describe("§27 no. 1: a value that anyone can make is no signature", () => {
  const recordType = "govengine.example.Record";
  const digest = kernelRecordDigest({ recordType, record });
  const signed = parseSignedRecord({
    record_type: recordType,
    record_digest: digest,
    payload_ref: "r.json",
    signature: demoSign(digest, "owner", "example"),
  });

  test("the demo signer's is right by its own recipe, and trusted nowhere", () => {
    const verification = verifySignedRecord(signed, record, trusting);
    expect(verification).toMatchObject({ status: "failed", reason_code: "unsupported_signature_mode" });
    expect(isTrusted(verification)).toBe(false);
  });

  test("key material does not pass for a reference to a key", () => {
    for (const text of ["pem:x", "data:x", "k:-----BEGIN-----PRIVATE-----KEY-----"])
      expect(opaqueReference(text)).toBeUndefined();
  });
});

const gate: Preconditions = {
  contract: processContract,
  decision: { entry: ticket.decision, actionDigest: contractDigest(processContract), outcome: "allow" },
  ticket,
  trust: { issued: 10, intent: 12, ticketId: ticket.id, proposer: AGENT },
  profile: { name: "live", allowed: true, liveBackendEnabled: true },
  live: true,
  now: NOW,
};

test("§27 no. 2: a legacy guard opens no gate, and a guard that nobody can check opens none", () => {
  const guard = { root: "0".repeat(64), key_id: "key-1", signature: "dGFn" };
  const bundle = { manifest: {}, guard, consumption: null };
  expect(evaluatePreconditions({ ...gate, bundle })).toMatchObject({
    allowed: false,
    reason: "kernel_guard_required",
    blockers: ["missing_or_invalid_kernel_guard", "missing_or_replayed_guarded_root"],
  });
  expect(evaluatePreconditions({ ...gate, bundle: { ...bundle, verifyGuard: () => true } }).allowed).toBe(false);
});

describe("§27 no. 3: what is unsigned is denied by default", () => {
  test("the reference's default policy asks for nothing, ours for a detached signature", () => {
    expect(parseSigningPolicy({})).toEqual({
      require_signature: true,
      allowed_modes: ["detached_signature"],
      required_signer_ids: [],
    });
  });

  test("a decision that nobody signed is not trusted", () => {
    const decision = { decision_digest: "d", document: {} } as unknown as GovernanceDecision;
    expect(trustDecision(decision, undefined, DEFAULT_SIGNING_POLICY, trusting)).toEqual({
      trusted: false,
      reason_code: "governance_decision_signature_required",
    });
  });
});

describe("§27 no. 6: everything about a run is bound", () => {
  const args = ["https://example.org/status"];
  const step = { tool: "http_probe", args };
  const gateOf = (steps: readonly ExactJson[], changes: Changes = {}): ReturnType<typeof checkTicketGate> => {
    const { execution_ticket, execution_contract } = sampleArtifacts({ execution_ticket: changes });
    return checkTicketGate({ ticket: execution_ticket, contract: execution_contract, steps });
  };

  test("standard input that the contract does not have is refused, by this rule", () => {
    expect(gateOf([step])).toMatchObject({ ok: true });
    expect(gateOf([{ ...step, stdin: "yes\n" }])).toMatchObject({
      ok: false,
      text: "execution_ticket_stdin_mismatch:1",
      rule: 6,
    });
  });

  test.each([
    ["the directory", { shape: { ...processContract.shape, cwd: "/elsewhere" } }],
    ["the environment", { shape: { ...processContract.shape, environment: ["PATH"] } }],
    ["standard input", { shape: { ...processContract.shape, stdin: null } }],
    ["the limits", { limits: { ...processContract.limits, time_ms: 1 } }],
    ["the scope", { scope: { ...processContract.scope, write: [] } }],
  ])("another value of %s is another contract", (_, change) => {
    expect(contractDigest({ ...processContract, ...change })).not.toBe(contractDigest(processContract));
  });

  test.each([NOW - 1, NOW + 300_000])("outside the window is no, whatever else holds: %d", (now) => {
    expect(evaluatePreconditions({ ...gate, now })).toMatchObject({
      allowed: false,
      blockers: ["missing_or_invalid_execution_ticket"],
    });
  });
});

describe("§27 no. 9: an audit append goes to the true tail, and the whole is verified", () => {
  const about = { record_type: "operator_review", subject_ref: "s", subject_kind: "task" };
  const entries: AuditLedgerEntry[] = [];
  for (let index = 0; index < 101; index++) {
    const of = parseAuditRecord({ ...about, record_id: `r${String(index)}` });
    const { entry } = appendAuditRecord(entries.at(-1) ?? null, of, { recordedAt: "2026-01-01T00:00:00Z" });
    if (entry !== null) entries.push(entry);
  }

  test("after a hundred entries the next one is the hundred and first", () => {
    expect(entries.at(-1)).toMatchObject({ sequence: 100, previous_entry_digest: entries.at(-2)?.entry_digest });
  });

  test("a fork after the first page fails, although the page by itself verifies", () => {
    const tail = auditLedgerPage(entries, { limit: 100 })[49] ?? null;
    const fork = appendAuditRecord(tail, parseAuditRecord({ ...about, record_id: "fork" }), {
      recordedAt: "2026-01-01T00:00:00Z",
    });
    const forked = [...entries.slice(0, 100), ...(fork.entry === null ? [] : [fork.entry])];
    expect(verifyAuditLedger(auditLedgerPage(forked, {})).verified).toBe(true);
    expect(verifyAuditLedger(forked)).toMatchObject({ verified: false, reason_code: "audit_ledger_sequence_mismatch" });
  });
});

test("§27 no. 10: an admission that says no word of its outcome is refused, where the reference says allowed", () => {
  const silent = { decision_id: "d", subject_ref: "s", subject_kind: "task" };
  expect(refusalOf(() => parseAdmissionDecision(silent))).toBe("unknown_admission_outcome:missing");
  expect(refusalOf(() => parseAdmissionDecision({ ...silent, outcome: "Allowed" }))).toBe(
    "unknown_admission_outcome:Allowed",
  );
});

test.each(["true", 1, [true]])("§27 no. 11: %j does not allow an admission", (allowed) => {
  const about = { decision_id: "d", subject_ref: "s", subject_kind: "task", outcome: "allowed" };
  expect(refusalOf(() => parseAdmissionDecision({ ...about, allowed }))).toBe("invalid_boolean_field:allowed");
});

describe("§27 no. 12: a field that a record does not have is refused", () => {
  test("of an approval of ours, and of records of the reference", () => {
    expect(() => parseApproval(asJson({ ...approval, forever: true }))).toThrow(/is not a known field/);
    const about = { decision_id: "d", subject_ref: "s", subject_kind: "task", outcome: "allowed" };
    expect(refusalOf(() => parseAdmissionDecision({ ...about, forever: true }))).toBe(
      "unknown_admission_decision_field",
    );
  });

  test("no schema takes a value that is not a record", () => {
    for (const schema_ref of ARTIFACT_SCHEMAS) expect(validateArtifact({ schema_ref })).toMatchObject({ ok: false });
  });
});

describe("§27 no. 13: one spelling of a digest", () => {
  const tail = appendAuditRecord(
    null,
    parseAuditRecord({ record_id: "r", record_type: "operator_review", subject_ref: "s", subject_kind: "task" }),
    { recordedAt: "2026-01-01T00:00:00Z" },
  ).entry;

  test.each(["sha256:", "sha256:ABC", `sha256:${"A".repeat(64)}`, "0".repeat(64)])("`%s` is none", (record_digest) => {
    expect(refusalOf(() => parseAuditLedgerEntry({ ...tail, record_digest }))).toBe(
      "invalid_audit_ledger_record_digest",
    );
  });

  test("the old recipes tell 1 from 1.0, RFC 8785 does not", () => {
    const texts = (literal: string): readonly string[] =>
      runConformance([
        {
          id: "n",
          operation: "artifact.digest_v0_1",
          input: { json_number: literal },
          expected: { canonical: "1" },
        },
      ]).results.map(verdictText);
    expect(texts("1")).toEqual(["same"]);
    expect(texts("1.0")).toEqual(["DIFFERENT"]);
    expect(canonicalize(parseJson("1.0"))).toBe(canonicalize(parseJson("1")));
  });
});

test("§27 no. 21: a word is compared as it was parsed, in one case", () => {
  const policy = { policy_id: "p", subject_ref: "s", subject_kind: "task" };
  expect(evaluatePreconditions({ ...gate, decision: { ...gate.decision!, outcome: "ALLOW" as "allow" } }).allowed).toBe(
    false,
  );
  expect(refusalOf(() => parseAdmissionDecision({ ...policy, decision_id: "d", outcome: "ALLOWED" }))).toBe(
    "unknown_admission_outcome:ALLOWED",
  );
});

test("§27 no. 23: a port that is missing is a no", () => {
  const recordType = "govengine.example.Record";
  const digest = kernelRecordDigest({ recordType, record });
  const signature = { mode: "detached_signature", signer_id: "anna", signature: "x", binds_digest: digest };
  const signed = parseSignedRecord({ record_type: recordType, record_digest: digest, payload_ref: "r", signature });
  expect(isTrusted(verifySignedRecord(signed, record, trusting))).toBe(true);
  expect(verifySignedRecord(signed, record, undefined)).toMatchObject({
    status: "failed",
    trust_status: "denied",
    reason_code: "signature_verifier_missing",
  });
});

describe("§27 no. 25: manifest profiles are a registry of versioned names", () => {
  const { manifest, load } = sampleChain(sampleArtifacts());
  const ours = changed(manifest, { profile: "acme/builds@v2" });
  const verify = (profiles?: ReturnType<typeof profileRegistry>): ReturnType<typeof verifyChain> =>
    verifyChain({ manifest: ours, load }, { requireLifecycle: true, ...(profiles !== undefined && { profiles }) });

  test("a host's profile counts where it is registered, in that version alone", () => {
    expect(verify(profileRegistry(["acme/builds@v2"]))).toMatchObject({ ok: true });
    for (const profiles of [undefined, profileRegistry(), profileRegistry(["acme/builds@v1"])])
      expect(verify(profiles)).toMatchObject({ ok: false, text: "unsupported manifest profile: acme/builds@v2" });
  });

  test("the reference's own are read on", () => {
    expect(verifyChain({ manifest, load }, { requireLifecycle: true, profiles: profileRegistry() }).ok).toBe(true);
  });

  test.each(["acme/builds", "builds@v1", "Acme/builds@v1", "acme/builds@v1\n", ""])("`%s` is no name", (name) => {
    expect(refusalOf(() => profileRegistry([name]))).toBe(`invalid_manifest_profile:${name}`);
  });
});

test("§27 no. 28: every surface states what it guarantees, and keeps non-claims for its limits", () => {
  for (const { claim, non_claims, name } of SURFACES) {
    expect(claim.length, name).toBeGreaterThan(20);
    expect(non_claims.length, name).toBeGreaterThan(0);
  }
});

describe("§27 no. 29: a claim is judged by its fields, and never by its wording", () => {
  const use = (claim: Changes): ReturnType<typeof verifyTicketUse> => {
    const { execution_ticket, execution_contract, execution_receipt, evidence_contract } = sampleArtifacts();
    return verifyTicketUse({
      ticket: execution_ticket,
      contract: execution_contract,
      receipt: execution_receipt,
      evidence: changed(evidence_contract, claim),
      strictTicketProfile: true,
      strictEvidenceClaims: true,
    });
  };

  test("words alone raise no claim to an execution", () => {
    expect(use({})).toMatchObject({ ok: true });
    expect(use({ "claims.0.statement": "command_executed on the host" })).toMatchObject({
      ok: false,
      text: "evidence_contract.claims[0] uses legacy execution text markers in strict evidence profile",
    });
  });

  test("other words of the same fields change nothing", () => {
    expect(use({ "claims.0.statement": "the tool was run and everything is confirmed" })).toMatchObject({ ok: true });
  });
});
