/** The four answers every Writ error gives, and the code callers match on. */
export interface WritErrorFields<Code extends string> {
  /** Stable, upper snake case; the only thing callers match on. */
  readonly code: Code;
  /** What happened: a lower-case sentence, the user's values in backticks, never a secret. */
  readonly message: string;
  /** Why it is refused or failed. */
  readonly reason: string;
  /** What to do now. */
  readonly next: string;
  /** What was underneath; for the log, never for the outside. */
  readonly cause?: unknown;
  /** Machine-readable detail that is safe to show: positions, bounds, indexes. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Malformed input or a broken environment. Expected outcomes (a denial, a refused transition, a failed
 * proof) are values, not exceptions.
 */
export class WritError<Code extends string = string> extends Error {
  override readonly name = "WritError";
  readonly code: Code;
  readonly reason: string;
  readonly next: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(fields: WritErrorFields<Code>) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    this.reason = fields.reason;
    this.next = fields.next;
    this.details = fields.details ?? {};
  }
}

/** True for a `WritError`, narrowed to `code` when one is given. */
export function isWritError<Code extends string>(error: unknown, code?: Code): error is WritError<Code> {
  return error instanceof WritError && (code === undefined || error.code === code);
}
