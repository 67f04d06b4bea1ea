/**
 * Why something could not be read or checked at all. Failed checks are values (`Finding`, `Checked`); these are thrown.
 *
 * - `ENCODING`: text that is not UTF-8, base64 or hex in its one allowed spelling.
 * - `JSON_SYNTAX`, `JSON_DUPLICATE_KEY`, `JSON_DEPTH`, `JSON_SIZE`, `JSON_NUMBER`, `JSON_SURROGATE`: `details.position` is
 *   the offset in UTF-16 code units.
 * - `NOT_CANONICAL`: JSON that is not its own RFC 8785 form; `details.position` as above.
 * - `HASH_SIZE`: a hash that is not 32 bytes.
 * - `KEY_SYNTAX`, `KEY_ID`, `KEY_UNSUPPORTED`, `KEY_WEAK`, `KEY_AMBIGUOUS`: a verifier key that is refused.
 * - `NOTE_SYNTAX`, `NOTE_SIZE`, `CHECKPOINT_SYNTAX`, `PROOF_SYNTAX`, `TILE_PATH`, `POLICY_SYNTAX`, `ENVELOPE_SYNTAX`,
 *   `ENTRY_SYNTAX`, `BUNDLE_SYNTAX`: a text that is not of its format.
 * - `LINE_SIZE`: a line over its limit.
 * - `FILE_UNREADABLE`, `FILE_UNKNOWN`: a file that cannot be read, or is none that can be checked.
 * - `CRYPTO_MISSING`: no implementation of SHA-256 and Ed25519 in this runtime; see `useCrypto`.
 * - `USAGE`: a command line that means nothing.
 */
export type VerifyErrorCode =
  | "ENCODING"
  | "JSON_SYNTAX"
  | "JSON_DUPLICATE_KEY"
  | "JSON_DEPTH"
  | "JSON_SIZE"
  | "JSON_NUMBER"
  | "JSON_SURROGATE"
  | "NOT_CANONICAL"
  | "HASH_SIZE"
  | "KEY_SYNTAX"
  | "KEY_ID"
  | "KEY_UNSUPPORTED"
  | "KEY_WEAK"
  | "KEY_AMBIGUOUS"
  | "NOTE_SYNTAX"
  | "NOTE_SIZE"
  | "CHECKPOINT_SYNTAX"
  | "PROOF_SYNTAX"
  | "TILE_PATH"
  | "POLICY_SYNTAX"
  | "ENVELOPE_SYNTAX"
  | "ENTRY_SYNTAX"
  | "BUNDLE_SYNTAX"
  | "LINE_SIZE"
  | "FILE_UNREADABLE"
  | "FILE_UNKNOWN"
  | "CRYPTO_MISSING"
  | "USAGE";

export interface VerifyErrorParts {
  readonly code: VerifyErrorCode;
  /** What happened: one lower-case sentence, values in backticks. */
  readonly message: string;
  /** Why that is refused. */
  readonly reason: string;
  /** What to do now. */
  readonly next?: string;
  readonly cause?: unknown;
  readonly details?: { readonly [key: string]: string | number };
}

/** Malformed input or a broken environment. `code` is the only part that callers match on. */
export class VerifyError extends Error {
  readonly code: VerifyErrorCode;
  readonly reason: string;
  readonly next: string;
  readonly details: { readonly [key: string]: string | number };

  constructor(parts: VerifyErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "VerifyError";
    this.code = parts.code;
    this.reason = parts.reason;
    this.next = parts.next ?? "get the input again from where it was made";
    this.details = parts.details ?? {};
  }
}

/** A shorthand for the commonest case: input that is not of its format. */
export function malformed(code: VerifyErrorCode, message: string, reason: string, position?: number): VerifyError {
  return new VerifyError({ code, message, reason, ...(position === undefined ? {} : { details: { position } }) });
}
