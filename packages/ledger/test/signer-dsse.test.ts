import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { createSigner, dssePreAuthentication, noteSigningKey, sealEnvelope, volatileMemory } from "@writ/ledger";
import { describeWithVectors } from "@writ/testkit";
import { expect, test } from "vitest";

import { codeOf } from "./signer-refusal.ts";

const key = noteSigningKey("writ.example/log", new Uint8Array(32).fill(7));
const TYPE = "application/vnd.in-toto+json";

test("an envelope is signed over type and payload", () => {
  const signer = createSigner({ origin: "writ.example/log", keys: [key], memory: volatileMemory() });
  const payload = new TextEncoder().encode('{"é":1}');
  const envelope = signer.attest(TYPE, payload);
  expect(envelope).toMatchObject({ payloadType: TYPE, payload: Buffer.from(payload).toString("base64") });
  const x = Buffer.from(key.verifier.publicKey).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signature = Buffer.from(envelope.signatures[0]?.sig ?? "", "base64");
  expect(verify(null, dssePreAuthentication(TYPE, payload), publicKey, signature)).toBe(true);
  expect(verify(null, dssePreAuthentication(`${TYPE}x`, payload), publicKey, signature)).toBe(false);
});

test("lengths are counted in bytes", () => {
  const bytes = dssePreAuthentication("é", Uint8Array.of(0xff));
  expect(Buffer.from(bytes).toString("latin1")).toBe("DSSEv1 2 \u00c3\u00a9 1 \u00ff");
});

test.each([
  ["no type", "", new Uint8Array(1)],
  ["a type that has no UTF-8 form", "\ud800", new Uint8Array(1)],
  ["too long a payload", TYPE, new Uint8Array(4_194_305)],
])("refuses %s", (_name, type, payload) => {
  expect(codeOf(() => sealEnvelope(type, payload, [key]))).toBe("NOTE_INVALID");
});

describeWithVectors("the example of DSSE", (folder) => {
  const vector: { serialized_body_utf8: string; payload_type: string; pae_utf8: string } = JSON.parse(
    readFileSync(join(folder, "dsse/ecdsa-p256-hello-world.json"), "utf8"),
  );

  test("has the same pre-authentication encoding", () => {
    const bytes = dssePreAuthentication(vector.payload_type, new TextEncoder().encode(vector.serialized_body_utf8));
    expect(Buffer.from(bytes).toString()).toBe(vector.pae_utf8);
  });
});
