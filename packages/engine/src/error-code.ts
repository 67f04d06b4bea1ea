/** Every code this room throws. */
export type EngineErrorCode =
  /** A request or an argument is outside its bounds; `details.field` names it. */
  | "REQUEST_INVALID"
  /** The caller's rights, or its part in the action, do not allow the call. */
  | "FORBIDDEN"
  /** No action of the caller's tenant has this id. */
  | "ACTION_NOT_FOUND"
  /** The id or the answer names another digest than the action's. */
  | "ACTION_DIGEST_MISMATCH"
  /** The hold was answered before; `details` says `by`, `entry` and `state`. */
  | "ACTION_ALREADY_ANSWERED"
  /** The action is not held, so there is nothing to answer. */
  | "ACTION_NOT_HELD"
  /** The action is neither allowed nor released, so it may not happen. */
  | "ACTION_NOT_RELEASED"
  /** The action already happened or ended; `details.state` says how. */
  | "ACTION_SETTLED"
  /** The contract's content was erased: the action can be neither decided again nor run. */
  | "ACTION_ERASED"
  /** The hold's time was over before the answer. */
  | "HOLD_EXPIRED"
  /** The approvals' time was over before the action. */
  | "APPROVAL_EXPIRED"
  /** The proposer, or its credential, answers its own action. */
  | "APPROVER_IS_PROPOSER"
  /** The approver already said yes to this action. */
  | "APPROVER_REPEATED"
  /** No ticket of the caller's tenant has this id. */
  | "TICKET_NOT_FOUND"
  /** The action already has its one ticket. */
  | "TICKET_ISSUED"
  /** The ticket was redeemed before. */
  | "TICKET_SPENT"
  /** The ticket's time was over before it was redeemed. */
  | "TICKET_EXPIRED"
  /** A live ticket for an action that did not ask to run live. */
  | "LIVE_NOT_REQUESTED"
  /** The ticket was not redeemed, or its receipt is already there. */
  | "RECEIPT_REFUSED"
  /** The receipt comes under another fencing number than the run's current one; `details.fence` is that one. */
  | "LEASE_STALE"
  /** The receipt is malformed or bound to something else. */
  | "RECEIPT_INVALID"
  /** The engine was opened without an execution port. */
  | "EXECUTION_UNAVAILABLE"
  /** A governance field has a value that is not in its vocabulary; `details.field`, `details.value`. */
  | "GOVERNANCE_INVALID"
  /** Another change of the same state came first; read again and repeat. */
  | "CONCURRENT_CHANGE"
  /** No token has this id. */
  | "TOKEN_NOT_FOUND"
  /** The token is unknown, revoked or malformed. */
  | "TOKEN_INVALID"
  /** The set given at start is not the pinned one and waits for activation. */
  | "POLICY_NOT_PINNED"
  /** No entry of the caller's tenant has this index. */
  | "ENTRY_NOT_FOUND"
  /** The views contradict the log; rebuild them. */
  | "VIEWS_CORRUPT"
  /** The ledger in use cannot do this. */
  | "LEDGER_UNSUPPORTED"
  /** Too many callers wait at once. */
  | "ENGINE_BUSY"
  | "ENGINE_CLOSED";
