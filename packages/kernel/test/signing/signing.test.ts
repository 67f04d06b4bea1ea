import { describe, expect, test } from "vitest";
import { opaqueReference, trustTransition } from "@writ/kernel";

test.each([
  "nocolon",
  ":x",
  "a:",
  "a:--",
  "1a:x",
  "a:x y",
  "a:\u200bx",
  "p.e-m:x",
  "data:x",
  "PKCS8:abc",
  "a:-----BEGIN_PRIVATE_KEY-----",
  "a:x-----PRIVA-----TEKEY-----",
  `a:${"x".repeat(2_047)}`,
])("%#: no reference", (text) => {
  expect(opaqueReference(text)).toBeUndefined();
});

test.each(["host-key://owner/current", "a:1", `a:${"x".repeat(2_046)}`])("%#: a reference", (text) => {
  expect(opaqueReference(text)).toBe(text);
});

describe("from unsigned to trusted", () => {
  const signature = { mode: "detached_signature", signature: "s", signer_id: "a", binds_digest: "d" };
  const passed = { status: "passed", trust_status: "trusted" };
  const policy = { require_signature: true, required_signer_ids: ["a"] };
  test.each([
    [[], {}],
    [["signature_mode_not_allowed"], { signature: { ...signature, mode: "odd" } }],
    [["signature_required"], { signature: { signer_id: "a" }, verification: null }],
    [["signer_not_allowed"], { signature: { ...signature, signer_id: "b" } }],
    [["signature_digest_mismatch"], { digest: "other" }],
    [["signature_missing_digest_binding"], { signature: { ...signature, binds_digest: "" } }],
    [["trust_decision_required"], { verification: null }],
    [["verification_status_not_passed"], { verification: { ...passed, status: "failed" } }],
    [["trust_status_not_allowed"], { verification: { ...passed, trust_status: "denied" } }],
  ])("%j", (blockers, more) => {
    const given = { digest: "d", signature, verification: passed, policy, allowedTrustStatuses: ["trusted"], ...more };
    const required = blockers.some((blocker) => blocker === "signature_required");
    const denied = required ? "signature_required" : "trust_denied";
    expect(trustTransition(given)).toMatchObject({ blockers, reason_code: blockers.length === 0 ? "ok" : denied });
  });
});
