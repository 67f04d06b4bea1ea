/** Codes of malformed records; `details.field` is the path to the field. */
export type KernelErrorCode =
  /** A contract, or the request it is shaped from, is malformed. */
  | "CONTRACT_INVALID"
  /** An approval is malformed. */
  | "APPROVAL_INVALID"
  /** A ticket is malformed. */
  | "TICKET_INVALID"
  /** A receipt is malformed. */
  | "RECEIPT_INVALID";
