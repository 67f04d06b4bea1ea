import { refused } from "./checked.ts";
import { cryptoPort } from "./crypto.ts";
import { concatBytes, fromBase64, toUtf8 } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { isJsonObject } from "./json.ts";
import type { Json } from "./json.ts";

/** A key that may sign envelopes. ECDSA: x || y, 64 bytes; its signatures are r || s. */
export interface EnvelopeKey {
  readonly name: string;
  readonly type: "ed25519" | "ecdsa-p256";
  readonly publicKey: Uint8Array;
}

export type OpenedEnvelope =
  | {
      readonly ok: true;
      readonly payloadType: string;
      /** The bytes that were verified; nothing else of the envelope is to be believed. */
      readonly payload: Uint8Array;
      /** Names of the keys whose signature verified. */
      readonly signers: readonly string[];
    }
  | { readonly ok: false; readonly code: "NO_KNOWN_SIGNATURE"; readonly reason: string };

const SIGNATURES_MAX = 64;

/** DSSE pre-authentication encoding of a payload: what envelope signatures sign. */
export function paeEncode(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = toUtf8(payloadType);
  return concatBytes(toUtf8(`DSSEv1 ${type.length} `), type, toUtf8(` ${payload.length} `), payload);
}

/** Checks a DSSE envelope (parsed JSON) against keys. `ENVELOPE_SYNTAX` or `ENCODING` for what is no envelope. */
export function verifyDsse(envelope: Json, keys: readonly EnvelopeKey[]): OpenedEnvelope {
  if (!isJsonObject(envelope)) throw bad("it is not an object");
  const { payload: encoded, payloadType, signatures } = envelope;
  if (typeof encoded !== "string" || typeof payloadType !== "string") throw bad("payload or payloadType is missing");
  if (!Array.isArray(signatures) || signatures.length === 0) throw bad("it has no signatures");
  if (signatures.length > SIGNATURES_MAX) throw bad(`it has more than ${SIGNATURES_MAX} signatures`);
  const payload = anyBase64(encoded);
  const message = paeEncode(payloadType, payload);
  const signers = new Set<string>();
  for (const item of signatures as readonly Json[]) {
    if (!isJsonObject(item) || typeof item["sig"] !== "string") throw bad("a signature has no `sig`");
    const signature = anyBase64(item["sig"]);
    for (const key of keys) if (isSignedBy(key, message, signature)) signers.add(key.name);
  }
  if (signers.size === 0) return refused("NO_KNOWN_SIGNATURE", "no signature of the envelope is by a known key");
  return { ok: true, payloadType, payload, signers: [...signers] };
}

function isSignedBy(key: EnvelopeKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  if (key.type === "ed25519") return cryptoPort().ed25519Verify(key.publicKey, message, signature);
  return key.publicKey.length === 64 && cryptoPort().ecdsaP256Verify(key.publicKey, message, signature);
}

/** DSSE lets writers choose the standard or the URL-safe alphabet. */
function anyBase64(text: string): Uint8Array {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

function bad(reason: string): Error {
  return malformed("ENVELOPE_SYNTAX", "this is not a DSSE envelope", reason);
}
