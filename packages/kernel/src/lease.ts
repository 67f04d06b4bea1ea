import { canonicalize, formatInstant, parseInstant, sha256Hex, type JsonValue } from "@writ/canon";
import { principal } from "./contract.ts";
import { instant, integer, oneOf, record, refuse, sha256, uuid } from "./fields.ts";
import type { PrincipalRef } from "./records.ts";

/**
 * A runner's leave to carry out one redeemed ticket (spec kernel.md §27 no. 24). `fence` grows with every lease of the
 * ticket: a receipt counts only under the highest one, so a runner that was given up on cannot speak for the run.
 */
export interface Lease {
  readonly schema: "writ.lease.v1";
  /** The entry that granted it: the `execution.intent`. */
  readonly id: string;
  readonly ticket_id: string;
  readonly action_id: string;
  readonly action_digest: string;
  readonly holder: PrincipalRef;
  readonly fence: number;
  readonly granted_at: string;
  /** From here on nothing may start under it, and somebody else may take the run over. */
  readonly expires_at: string;
}

/** Reads a lease strictly. @throws WritError `LEASE_INVALID`. */
export function parseLease(value: JsonValue): Lease {
  const at = { code: "LEASE_INVALID", path: "" } as const;
  const lease = readLease(value, at);
  if (parseInstant(lease.expires_at) <= parseInstant(lease.granted_at)) throw refuse(at, "expires before it begins");
  return lease;
}

/** SHA-256 of the lease's RFC 8785 bytes, 64 lower-case hex digits. */
export function leaseDigest(lease: Lease): string {
  return sha256Hex(canonicalize(lease as unknown as JsonValue));
}

const readLease = record<Lease>({
  schema: oneOf(["writ.lease.v1"]),
  id: uuid,
  ticket_id: uuid,
  action_id: uuid,
  action_digest: sha256,
  holder: principal,
  fence: integer(1, Number.MAX_SAFE_INTEGER),
  granted_at: instant,
  expires_at: instant,
});

/** Fence of the first lease of a ticket. */
export const FIRST_FENCE = 1;

/** Makes a lease; `expiresAt` is UTC milliseconds, as is `now`. @throws WritError `LEASE_INVALID`. */
export function grantLease(
  fields: Pick<Lease, "id" | "ticket_id" | "action_id" | "action_digest" | "holder" | "fence">,
  { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
): Lease {
  return parseLease({
    schema: "writ.lease.v1",
    ...fields,
    holder: { ...fields.holder },
    granted_at: formatInstant(now),
    expires_at: formatInstant(expiresAt),
  });
}

/** Why a lease does not authorise, in the order it is checked: the first that applies is told. */
export type LeaseRefusal = "other_run" | "stale" | "not_yet_valid" | "expired";

/** The run a lease must be for, and the highest fence that was granted for it; null when that is not known. */
export interface LeaseUse {
  readonly intent: string;
  readonly ticketId: string;
  readonly actionId: string;
  readonly actionDigest: string;
  readonly currentFence: number | null;
}

export type LeaseVerdict = { readonly ok: true } | { readonly ok: false; readonly refusal: LeaseRefusal };

/** Whether a lease may start its run now. A fence that nobody can confirm is stale. */
export function checkLease(lease: Lease, use: LeaseUse & { readonly now: number }): LeaseVerdict {
  const ofRun =
    lease.id === use.intent &&
    lease.ticket_id === use.ticketId &&
    lease.action_id === use.actionId &&
    lease.action_digest === use.actionDigest;
  if (!ofRun) return refused("other_run");
  if (!isCurrentFence(lease.fence, use.currentFence)) return refused("stale");
  if (use.now < parseInstant(lease.granted_at)) return refused("not_yet_valid");
  if (use.now >= parseInstant(lease.expires_at)) return refused("expired");
  return { ok: true };
}

/** Whether what carries `fence` still speaks for its run. Expiry does not count: what was measured is evidence until somebody else has taken over. */
export function isCurrentFence(fence: number, current: number | null): boolean {
  return current !== null && fence === current;
}

function refused(refusal: LeaseRefusal): LeaseVerdict {
  return { ok: false, refusal };
}
