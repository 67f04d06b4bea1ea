import { toBase64 } from "@writ/canon";

import type { NoteSigningKey } from "./note-signature.ts";
import { signerError } from "./signer-error.ts";

/** A DSSE envelope (secure-systems-lab/dsse `envelope.md`): a document, so its keys are the standard's. */
export interface DsseEnvelope {
  readonly payloadType: string;
  /** base64 of the payload's bytes. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Longest payload of an attestation: subjects and counts, not contents. */
export const ENVELOPE_BYTES_MAX = 4_194_304;

/**
 * What an envelope's signatures cover (DSSE `protocol.md`, PAE). It begins with `DSSEv1 `, which no note of ours
 * does, since key names hold no space: so one key can sign both.
 */
export function dssePreAuthentication(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = new TextEncoder().encode(payloadType);
  const head = new TextEncoder().encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** The envelope of a payload, signed by each key; `keyid` is the key's note id, a hint. Throws `NOTE_INVALID`. */
export function sealEnvelope(payloadType: string, payload: Uint8Array, keys: readonly NoteSigningKey[]): DsseEnvelope {
  if (payload.length > ENVELOPE_BYTES_MAX || payloadType === "" || !payloadType.isWellFormed()) throw invalid();
  const message = dssePreAuthentication(payloadType, payload);
  const signatures = keys.map((key) => ({ keyid: key.verifier.id, sig: toBase64(key.sign(message)) }));
  return { payloadType, payload: toBase64(payload), signatures };
}

function invalid(): Error {
  return signerError({
    code: "NOTE_INVALID",
    message: "the payload has no type, or is longer than an attestation may be",
    reason: `an envelope holds up to \`${ENVELOPE_BYTES_MAX}\` bytes of a named type`,
    next: "attest digests of what is large",
  });
}
