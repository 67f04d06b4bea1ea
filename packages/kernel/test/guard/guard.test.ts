import { describe, expect, test } from "vitest";
import { parseJsonExact, type ExactJson } from "@writ/canon";
import {
  ticketUseProfile,
  verificationResult,
  verifyKernelGuard,
  verifySecureBundle,
  type ExactRecord,
} from "@writ/kernel";
import { validateAgainst } from "../../src/artifacts/validate.ts";
import { buildKernelGuard } from "../../src/guard/build.ts";
import {
  changed,
  sampleArtifacts,
  sampleChain,
  type Artifacts,
  type Changes,
  type Role,
} from "../artifacts/samples.ts";

const KEY = new TextEncoder().encode("k".repeat(32));

function guarded(artifacts: Artifacts = sampleArtifacts()): {
  manifest: ExactRecord;
  guard: ExactRecord;
  key: Uint8Array;
  load: (path: string) => ExactJson | undefined;
} {
  const { manifest, load } = sampleChain(artifacts);
  const built = buildKernelGuard(manifest, { key: KEY, keyId: "key-1", nonces: ["0", "1", "2", "3", "4", "5"] });
  if (!built.ok) throw new Error(built.text);
  return { manifest, load, guard: built.guard, key: KEY };
}

describe("building a guard", () => {
  test("gives the published tags", () => {
    const { intent_contract } = sampleArtifacts();
    const intent = changed(intent_contract, {
      intent: { summary: "read repo status" },
      requested_capability: { name: "git_status" },
      target: { host: "repo.example.org" },
    });
    const { manifest } = sampleChain({ intent_contract: intent });
    const built = buildKernelGuard(
      changed(manifest, { created_at: "2026-01-01T00:00:00Z", "entries.0.path": "a.json" }),
      { key: KEY, keyId: "key-1", nonces: ["0".repeat(32)] },
    );
    expect(built).toMatchObject({
      ok: true,
      guard: {
        manifest_metadata_digest: "268ad0a9a06d98a0075f807b8d09fdbf90cf8e27066338e9d04b274d94090911",
        first_tag: "d8cdeba5a007dcbbda8087e3a445cb11d83cc833c86e4c502ba7aab8f85d0ae8",
        root_tag: "7b133a7666704494db8cac8aeb6b5a855d1917b45e9345f4944c6a44e741e443",
      },
    });
  });

  const { manifest } = sampleChain(sampleArtifacts());
  const secret = { key: KEY, keyId: "key-1", nonces: ["0", "1", "2", "3", "4", "5"] };
  test.each<[string, Partial<typeof secret>, Changes]>([
    ["kernel guard key must be at least 32 bytes", { key: KEY.subarray(1) }, {}],
    ["nonce count must match manifest entry count", { nonces: [] }, {}],
    ["kernel guard missing key_id", { keyId: "" }, {}],
    ["unsupported manifest profile: other", {}, { profile: "other" }],
  ])("is refused: %s", (text, given, changes) => {
    expect(buildKernelGuard(changed(manifest, changes), { ...secret, ...given })).toMatchObject({ ok: false, text });
  });
});

describe("a guard", () => {
  test("verifies with its key", () => {
    const bundle = guarded();
    expect(verifyKernelGuard(bundle, { requireLifecycle: true })).toMatchObject({
      ok: true,
      result: {
        status: "passed",
        guard_status: "passed",
        guard_root_tag: bundle.guard["root_tag"],
        key_id: "key-1",
        replay_status: "not_checked",
      },
    });
  });

  test.each<[string, Changes]>([
    ["profile mismatch", { profile: "other" }],
    ["algorithm mismatch", { algorithm: "none" }],
    ["missing key_id", { key_id: undefined }],
    ["missing key_id", { key_id: "" }],
    ["entry_count mismatch", { entry_count: 5 }],
    ["entry_count mismatch", { entry_guards: [] }],
    ["root chain_id mismatch", { chain_id: "other" }],
    ["root root_chain_digest mismatch", { root_chain_digest: "0".repeat(64) }],
    ["root manifest_metadata_digest mismatch", { manifest_metadata_digest: "0".repeat(64) }],
    ["entry[0] key_id mismatch", { key_id: "other" }],
    ["entry[2] seq mismatch", { "entry_guards.2.seq": 1 }],
    ["entry[2] required mismatch", { "entry_guards.2.required": false }],
    ["entry[2] path mismatch", { "entry_guards.2.path": "other" }],
    ["entry[2] tag mismatch", { "entry_guards.2.nonce": "9" }],
    ["entry[2] tag mismatch", { "entry_guards.2.tag": "0".repeat(64) }],
    ["root first_tag mismatch", { first_tag: "0".repeat(64) }],
    ["root last_tag mismatch", { last_tag: "" }],
    ["root_tag mismatch", { root_tag: "0".repeat(64) }],
  ])("is refused: %s", (text, changes) => {
    const bundle = guarded();
    expect(
      verifyKernelGuard({ ...bundle, guard: changed(bundle.guard, changes) }, { requireLifecycle: true }),
    ).toMatchObject({ ok: false, family: "guard", text: `kernel guard ${text}` });
  });

  test("with a field nobody knows, or a root tag that is none, fails its schema", () => {
    const bundle = guarded();
    for (const changes of [{ note: "x" }, { root_tag: "x" }]) {
      expect(
        verifyKernelGuard({ ...bundle, guard: changed(bundle.guard, changes) }, { requireLifecycle: false }),
      ).toMatchObject({ ok: false, text: expect.stringMatching(/^kernel guard schema validation failed:/) as string });
    }
  });

  test("of another key fails at the first tag, and a changed artifact before any", () => {
    const bundle = guarded();
    const key = new TextEncoder().encode("another key of thirty-two bytes!");
    expect(verifyKernelGuard({ ...bundle, key }, { requireLifecycle: true })).toMatchObject({
      text: "kernel guard entry[0] tag mismatch",
    });
    const load = (path: string): ExactJson => changed(bundle.load(path) as ExactRecord, { created_at: "later" });
    expect(verifyKernelGuard({ ...bundle, key, load }, { requireLifecycle: true })).toMatchObject({
      text: "entry[0] descriptor mismatch for intent_contract.json",
    });
  });

  test("any changed member of the manifest or the guard is refused", () => {
    const bundle = guarded();
    const options = { requireLifecycle: true };
    for (const name of Object.keys(bundle.guard)) {
      const guard = changed(bundle.guard, { [name]: "changed" });
      expect(verifyKernelGuard({ ...bundle, guard }, options).ok, `guard.${name}`).toBe(false);
    }
    for (const name of Object.keys(bundle.manifest)) {
      const manifest = changed(bundle.manifest, { [name]: "changed" });
      expect(verifyKernelGuard({ ...bundle, manifest }, options).ok, `manifest.${name}`).toBe(false);
    }
    for (const name of ["role", "path", "required", "tag", "nonce", "previous_tag", "artifact_digest"]) {
      const guard = changed(bundle.guard, { [`entry_guards.3.${name}`]: "changed" });
      expect(verifyKernelGuard({ ...bundle, guard }, options).ok, `entry_guards.3.${name}`).toBe(false);
    }
  });
});

describe("a secure bundle", () => {
  test("passes when guard, lifecycle and ticket use do", () => {
    expect(verifySecureBundle(guarded())).toMatchObject({
      ok: true,
      result: {
        secure_profile: "guarded-strict",
        security_posture: "guarded_domain_auth",
        ticket_use_status: "pass",
        chain_id: "c1",
        ticket_id: "ticket-1",
        fail_closed: true,
      },
    });
  });

  test("that passed has a result document of the closed form", () => {
    const bundle = guarded();
    const verified = verifySecureBundle(bundle);
    if (!verified.ok) throw new Error(verified.text);
    const result = verificationResult(bundle.manifest, verified.result, { policy: "p", verifierVersion: "1" });
    const document = parseJsonExact(JSON.stringify(result));
    const reference = "schemas/verification_result.v1.1.schema.json";
    expect(validateAgainst(document, reference, "result")).toBeUndefined();
    expect(validateAgainst({ ...(document as ExactRecord), note: "x" }, reference, "result")).toBeDefined();
    expect(result).toMatchObject({ status: "pass", ticket_use: "pass", replay: "not_checked" });
  });

  test.each<[string, Partial<Record<Role, Changes>>]>([
    [
      "strict lifecycle verification did not pass",
      { execution_contract: { "target_binding.target_in_scope": undefined } },
    ],
    ["strict lifecycle verification did not pass", { execution_receipt: { "outcome.status": "blocked" } }],
    [
      "ticket-use verification failed:strict ticket profile requires receipt.ticket_use",
      { execution_receipt: { ticket_use: undefined } },
    ],
  ])("is refused: %s", (text, changes) => {
    expect(verifySecureBundle(guarded(sampleArtifacts(changes)))).toMatchObject({ ok: false, text });
  });

  test("says when ticket use does not apply, or cannot be judged", () => {
    const artifacts = sampleArtifacts();
    const older = changed(artifacts.execution_ticket, { schema_version: "v0.2" });
    expect(ticketUseProfile({ ...artifacts, execution_ticket: older }, { strict: true })).toMatchObject({
      status: "review",
      applicability: "not_applicable",
    });
    expect(ticketUseProfile({}, { strict: true })).toMatchObject({ status: "review", applicability: "incomplete" });
  });
});
