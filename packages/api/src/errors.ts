/** What the doors need to know about an error code: its HTTP status, its exit code, and whether a retry can help. */
export interface ErrorClass {
  readonly status: number;
  readonly exit: ExitCode;
  /** The same request may succeed a moment later; HTTP says so with `Retry-After`. */
  readonly retry?: true;
}

/** ARCHITECTURE §9. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 130;

/** Malformed: no retry helps. */
const usage: ErrorClass = { status: 422, exit: 2 };
const tooLarge: ErrorClass = { status: 413, exit: 2 };
const unauthenticated: ErrorClass = { status: 401, exit: 1 };
const forbidden: ErrorClass = { status: 403, exit: 1 };
const missing: ErrorClass = { status: 404, exit: 1 };
/** Well-formed, but not as things stand. */
const refused: ErrorClass = { status: 409, exit: 1 };
/** Governance stands in the way. */
const held: ErrorClass = { status: 409, exit: 3 };
/** Over in a moment. */
const busy: ErrorClass = { status: 503, exit: 1, retry: true };
/** Over when somebody has repaired something. */
const broken: ErrorClass = { status: 503, exit: 1 };
/** The machine or the installation, or a fault of ours. */
const environment: ErrorClass = { status: 500, exit: 1 };
/** What is recorded contradicts itself. */
const integrity: ErrorClass = { status: 500, exit: 4 };

/**
 * One row for each error code of every room: code → HTTP status → exit code. `docs/reference/errors.md` has a
 * section for each; a test holds that no room has a code without a row. A code that two rooms share stands with the
 * lower one.
 */
export const ERROR_TABLE = {
  // canon
  JSON_SYNTAX: usage,
  JSON_DUPLICATE_KEY: usage,
  JSON_DEPTH: usage,
  JSON_SIZE: tooLarge,
  JSON_UTF8: usage,
  JSON_SURROGATE: usage,
  JSON_NUMBER: usage,
  CANON_NOT_JSON: usage,
  CANON_NUMBER: usage,
  CANON_SURROGATE: usage,
  CANON_DEPTH: usage,
  HEX_INVALID: usage,
  BASE64_INVALID: usage,
  UUID_INVALID: usage,
  INSTANT_INVALID: usage,
  DIGEST_BOUNDS: environment,
  // kernel
  CONTRACT_INVALID: usage,
  GOVERNANCE_RECORD_INVALID: usage,
  APPROVAL_INVALID: usage,
  TICKET_INVALID: usage,
  LEASE_INVALID: usage,
  RECEIPT_INVALID: usage,
  SECURITY_PROFILE_INVALID: usage,
  EXECUTION_SPEC_INVALID: usage,
  LEGACY_VALUE: usage,
  CONFORMANCE_CASES_INVALID: usage,
  // policy
  POLICY_SYNTAX: usage,
  POLICY_INVALID: usage,
  POLICY_ID_MISSING: usage,
  POLICY_ID_DUPLICATE: usage,
  POLICY_ANNOTATION: usage,
  POLICY_TOO_LARGE: tooLarge,
  POLICY_SCHEMA: usage,
  POLICY_TEMPLATE: usage,
  POLICY_UNSUPPORTED: usage,
  POLICY_UNREADABLE: environment,
  POLICY_REQUEST: usage,
  POLICY_ENTITIES: usage,
  POLICY_BATCH: usage,
  POLICY_CASES: usage,
  POLICY_ENGINE: environment,
  POLICY_SHIPPED_MISSING: environment,
  POLICY_SHIPPED_UNREADABLE: environment,
  EFFECT_TEXT_TOO_LONG: tooLarge,
  // store
  STORE_BUSY: busy,
  STORE_FULL: broken,
  STORE_IO: broken,
  STORE_OUTCOME_UNKNOWN: busy,
  STORE_LOST: busy,
  STORE_CONSTRAINT: environment,
  STORE_SETTINGS: environment,
  STORE_FORMAT: integrity,
  STORE_VALUE: environment,
  STORE_STATEMENT: environment,
  STORE_READ_ONLY: environment,
  STORE_CLOSED: busy,
  // ledger
  LEDGER_OWNED: broken,
  LEDGER_BUSY: busy,
  LEDGER_FULL: broken,
  LEDGER_FAILED: broken,
  LEDGER_FORKED: integrity,
  LEDGER_CLOSED: busy,
  LEDGER_SETTINGS: environment,
  LEDGER_CORRUPT: integrity,
  LEDGER_READ_ONLY: environment,
  ROLLBACK_DETECTED: integrity,
  ADOPT_REFUSED: refused,
  ID_REUSED: refused,
  SEQUENCE_GAP: refused,
  ENTRY_INVALID: usage,
  ENTRY_TOO_LARGE: tooLarge,
  ENTRY_PERSONAL_DATA: usage,
  INDEX_OUT_OF_RANGE: missing,
  NOTE_INVALID: usage,
  CHECKPOINT_INVALID: usage,
  KEY_INVALID: environment,
  KEY_UNSAFE: environment,
  KEY_MISSING: environment,
  KEY_PASSPHRASE: environment,
  SIGNER_REFUSED: integrity,
  SIGNER_MEMORY: broken,
  SIGNER_BUSY: busy,
  SIGNER_UNREACHABLE: busy,
  SIGNER_PROTOCOL: environment,
  // engine
  REQUEST_INVALID: usage,
  FORBIDDEN: forbidden,
  ACTION_NOT_FOUND: missing,
  ACTION_DIGEST_MISMATCH: refused,
  ACTION_ALREADY_ANSWERED: refused,
  ACTION_NOT_HELD: refused,
  ACTION_NOT_RELEASED: held,
  ACTION_SETTLED: refused,
  ACTION_ERASED: refused,
  HOLD_EXPIRED: refused,
  APPROVAL_EXPIRED: held,
  APPROVER_IS_PROPOSER: forbidden,
  APPROVER_REPEATED: refused,
  TICKET_NOT_FOUND: missing,
  TICKET_ISSUED: refused,
  TICKET_SPENT: refused,
  TICKET_EXPIRED: refused,
  LIVE_NOT_REQUESTED: refused,
  RECEIPT_REFUSED: refused,
  LEASE_STALE: refused,
  EXECUTION_UNAVAILABLE: broken,
  GOVERNANCE_INVALID: usage,
  CONCURRENT_CHANGE: { status: 409, exit: 1, retry: true },
  TOKEN_NOT_FOUND: missing,
  TOKEN_INVALID: unauthenticated,
  POLICY_NOT_PINNED: broken,
  ENTRY_NOT_FOUND: missing,
  VIEWS_CORRUPT: integrity,
  LEDGER_UNSUPPORTED: environment,
  ENGINE_BUSY: busy,
  ENGINE_CLOSED: busy,
  // runner
  RUNNER_EXECUTION_INVALID: usage,
  RUNNER_NOT_AUTHORISED: held,
  RUNNER_LEASE_STALE: held,
  RUNNER_NOT_A_PROCESS: refused,
  RUNNER_NO_SANDBOX: environment,
  RUNNER_STDIN_MISMATCH: refused,
  RUNNER_ENVIRONMENT_INVALID: usage,
  RUNNER_PROGRAM_MISSING: refused,
  RUNNER_DIRECTORY_MISSING: refused,
  RUNNER_SCOPE_MISSING: refused,
  RUNNER_SCOPE_UNSAFE: refused,
  RUNNER_SCOPE_BUSY: busy,
  RUNNER_DESCRIPTORS_SHORT: broken,
  RUNNER_SETUP_FAILED: environment,
  // server
  REQUEST_MEDIA_TYPE: { status: 415, exit: 2 },
  REQUEST_TOO_LARGE: tooLarge,
  REQUEST_INCOMPLETE: { status: 400, exit: 1 },
  REQUEST_MALFORMED: { status: 400, exit: 2 },
  REQUEST_HEAD_TOO_LARGE: { status: 431, exit: 2 },
  REQUEST_TIMEOUT: { status: 408, exit: 1 },
  ROUTE_NOT_FOUND: { status: 404, exit: 2 },
  METHOD_NOT_ALLOWED: { status: 405, exit: 2 },
  HOST_REFUSED: { status: 421, exit: 1 },
  ORIGIN_REFUSED: forbidden,
  TOKEN_MISSING: unauthenticated,
  SERVER_BUSY: busy,
  PORT_TAKEN: environment,
  ADDRESS_UNAVAILABLE: environment,
  INTERNAL: environment,
  // cli
  USAGE: usage,
  FILE_UNREADABLE: environment,
  OUTPUT_FAILED: environment,
  HOME_UNSAFE: environment,
  CLOCK_INVALID: environment,
  STDIN_TOO_LARGE: tooLarge,
  APPROVAL_BY_AGENT: forbidden,
  APPROVAL_NEEDS_TERMINAL: forbidden,
  OWNER_STAYS: refused,
  OWNER_UNREACHABLE: busy,
  OWNER_SILENT: busy,
  REDEMPTION_UNKNOWN: broken,
  ANSWER_INVALID: environment,
  INTERRUPTED: { status: 503, exit: 130 },
} as const satisfies Record<string, ErrorClass>;
