/** Codes of malformed records; `details.field` is the path to the field. */
export type KernelErrorCode =
  /** A contract, or the request it is shaped from, is malformed. */
  | "CONTRACT_INVALID"
  /** An approval is malformed. */
  | "APPROVAL_INVALID"
  /** A ticket is malformed. */
  | "TICKET_INVALID"
  /** A lease is malformed. */
  | "LEASE_INVALID"
  /** A receipt is malformed. */
  | "RECEIPT_INVALID"
  /** A tool registry, a capability recipe, an action or a signal of the security profile is malformed. */
  | "SECURITY_PROFILE_INVALID"
  /** A prepared or approved execution spec is malformed, or is not what its digest says. */
  | "EXECUTION_SPEC_INVALID";
