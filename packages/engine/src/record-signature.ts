import { signingText, type SignatureVerification, type SignerPort, type VerifierPort } from "@writ/kernel";
import { fromBase64, isWritError, toBase64 } from "@writ/canon";
import { openNote, signNote, type NoteSigningKey, type VerifierKey } from "@writ/ledger";

const MODE = "detached_signature";
const ALGORITHM = "ed25519-note";

/** A key that records of one signer are checked with. Rotation is two keys of one signer; a revoked one counts never. */
export interface TrustedSigner {
  readonly signerId: string;
  readonly key: VerifierKey;
  readonly revoked?: boolean;
}

/** The built-in signer of records (spec kernel.md §19.2): Ed25519 in a signed note, so that the key is named by its id. */
export function recordSigner(signerId: string, key: NoteSigningKey): SignerPort {
  return {
    sign: ({ descriptor, purpose, metadata }) => ({
      status: "signed",
      reason_code: "ok",
      signature: {
        mode: MODE,
        signer_id: signerId,
        // In base64, because a signature is one word of a record and a note has lines.
        signature: toBase64(new TextEncoder().encode(signNote(signingText(descriptor, purpose, signerId), [key]))),
        binds_digest: descriptor.digest,
        algorithm: ALGORITHM,
        metadata: { ...metadata, purpose },
      },
    }),
  };
}

/** The built-in verifier. It knows `signers` and nobody else; what it does not know it denies (§27 no. 1, no. 23). */
export function recordVerifier(signers: readonly TrustedSigner[]): VerifierPort {
  return {
    verify: (descriptor, signature) => {
      const { mode, algorithm, signer_id: signerId, metadata } = signature;
      if (mode !== MODE || algorithm !== ALGORITHM) return denied("unsupported_signature_mode");
      if (signature.binds_digest !== descriptor.digest) return denied("signature_digest_mismatch");
      const known = signers.filter((signer) => signer.signerId === signerId);
      if (known.length === 0) return denied("unknown_signer");
      const purpose = metadata["purpose"];
      if (typeof purpose !== "string") return denied("signature_purpose_missing");
      const text = signingText(descriptor, purpose, signerId);
      return checked(signature.signature, text, known);
    },
  };
}

function checked(note: string, text: string, known: readonly TrustedSigner[]): SignatureVerification {
  const found = signedBy(note, text, known);
  if (found === undefined) return denied("signature_value_mismatch");
  if (found.revoked === true) return denied("signer_key_revoked");
  const verifier_id = `${found.key.name}+${found.key.id}`;
  return { status: "passed", trust_status: "trusted", reason_code: "ok", verifier_id, metadata: {} };
}

/** Whose key made the note of exactly this text; a key that counts comes before a revoked one. */
function signedBy(note: string, text: string, known: readonly TrustedSigner[]): TrustedSigner | undefined {
  try {
    const opened = openNote(
      fromBase64(note),
      known.map(({ key }) => key),
    );
    if (!opened.ok || opened.text !== text) return undefined;
    const signed = known.filter(({ key }) => opened.verified.some((line) => line.key === key));
    return signed.find(({ revoked }) => revoked !== true) ?? signed[0];
  } catch (error) {
    if (isWritError(error)) return undefined;
    throw error;
  }
}

function denied(reason_code: string): SignatureVerification {
  return { status: "failed", trust_status: "denied", reason_code, verifier_id: "", metadata: {} };
}
