import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { LEASE_STATES, type LeaseState } from "./lease-state.ts";

/** A host's leave for one runner to serve one request (spec kernel.md §15). The product's own lease is `Lease`. */
export interface RunnerLease {
  readonly lease_id: string;
  readonly request_id: string;
  readonly runner_profile: string;
  readonly state: LeaseState;
  readonly expires_at: string;
  readonly metadata: ExactRecord;
}

/** Reads a lease; an unknown state is refused, never active. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRunnerLease(value: ExactJson): RunnerLease {
  const record = recordOf(value, "invalid_runner_lease");
  const lease = {
    lease_id: requiredText(record, ["lease_id", "id"], "missing_runner_lease_id"),
    request_id: requiredText(record, "request_id", "missing_runner_lease_request_id"),
    runner_profile: textField(record, "runner_profile", "dry-run"),
    state: oneOf(LEASE_STATES, textField(record, "state", "active"), "unknown_runner_lease_state", 10),
    expires_at: textField(record, "expires_at"),
    metadata: mapField(record, "metadata", "invalid_supervision_metadata"),
  };
  refuseForbiddenKeys("supervision", lease.metadata);
  return lease;
}

/** The lease a host grants for a request; its id is the request's unless another is given. */
export function runnerLeaseFor(
  requestId: string,
  more: Partial<Omit<RunnerLease, "request_id" | "state">> = {},
): RunnerLease {
  return parseRunnerLease({ lease_id: `${requestId}:lease`, ...more, request_id: requestId });
}
