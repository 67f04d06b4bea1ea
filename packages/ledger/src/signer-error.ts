import { WritError, type WritErrorFields } from "@writ/canon";

/** Codes of notes, keys and signers. */
export type SignerErrorCode =
  /** The text is not a C2SP signed note, or over its bounds. */
  | "NOTE_INVALID"
  /** The note's text is not a checkpoint. */
  | "CHECKPOINT_INVALID"
  /** A key, key name, verifier key or key file that does not have the form it must have. */
  | "KEY_INVALID"
  /** A key file or folder that others could read or replace, or that lies with the data. */
  | "KEY_UNSAFE"
  /** There is no key file, and none may be created. */
  | "KEY_MISSING"
  /** The passphrase is wrong, missing, or given for a key that has none. */
  | "KEY_PASSPHRASE"
  /** The memory does not allow this head: smaller, or the same size with another root. `size`, `signed_size`. */
  | "SIGNER_REFUSED"
  /** The signer's memory cannot be read, written or synced; nothing is signed. */
  | "SIGNER_MEMORY"
  /** Another process is signing with this memory, or has this socket. */
  | "SIGNER_BUSY"
  /** The signer's process does not answer. */
  | "SIGNER_UNREACHABLE"
  /** The other side of the socket does not keep the protocol. */
  | "SIGNER_PROTOCOL";

export const SIGNER_ERROR_CODES: readonly SignerErrorCode[] = [
  "NOTE_INVALID",
  "CHECKPOINT_INVALID",
  "KEY_INVALID",
  "KEY_UNSAFE",
  "KEY_MISSING",
  "KEY_PASSPHRASE",
  "SIGNER_REFUSED",
  "SIGNER_MEMORY",
  "SIGNER_BUSY",
  "SIGNER_UNREACHABLE",
  "SIGNER_PROTOCOL",
];

export function signerError(fields: WritErrorFields<SignerErrorCode>): WritError<SignerErrorCode> {
  return new WritError(fields);
}
