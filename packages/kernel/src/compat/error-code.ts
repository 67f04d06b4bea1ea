/** Codes of the compatibility layer; each carries `details.reason`, the reference's own code. */
export type CompatErrorCode =
  /** A value that a legacy digest recipe cannot write. */
  | "LEGACY_VALUE"
  /** A list of conformance cases that cannot be read; `details.reason` is `invalid_cases`. */
  | "CONFORMANCE_CASES_INVALID";
