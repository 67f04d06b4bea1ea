import type { ExactJson } from "@writ/canon";
import { countCodePoints } from "../compat/code-points.ts";
import { member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { PolicyActivation } from "../policy-pack/activation.ts";
import type { GovernanceRequest } from "./request.ts";
import { closedRecord, digestOf, epochOf, instantMs, textOf, utcText, versionOf } from "./v1-record.ts";

/** What a host asks of a decision that allows: one use, soon over. */
export interface AuthorizationAsked {
  readonly nonce: string;
  /** RFC 3339 with an offset. */
  readonly expires_at: string;
}

/** The longest an authorization may hold: it is consumed right before I/O (spec kernel.md §23.3). */
const LIFETIME_MAX_MS = 60_000;
const NONCE_MAX = 256;

/** The one-use authority of an allowed decision. Throws `GOVERNANCE_RECORD_INVALID`. */
export function issueAuthorization(
  request: GovernanceRequest,
  asked: AuthorizationAsked,
  given: { readonly decisionId: string; readonly nowMs: number; readonly activation: PolicyActivation },
): ExactRecord {
  const nonce = nonceOf({ nonce: asked.nonce });
  const to = expiryOf({ expires_at: asked.expires_at });
  checkLifetime(given.nowMs, to);
  const { approval_attestation: approval } = request;
  if (to > instantMs(given.activation.expires_at, "invalid_policy_activation_expires_at"))
    throw recordRefusal("authorization_outlives_policy_activation");
  if (approval !== null && to > instantMs(approval.expires_at, "invalid_approval_expires_at"))
    throw recordRefusal("authorization_outlives_approval");
  return {
    authorization_id: `gov-auth:${given.decisionId}`,
    ...authorizedFacts(request),
    issued_at: utcText(given.nowMs),
    expires_at: utcText(to),
    nonce,
    consume_once: true,
    schema_version: "v1",
  };
}

/** The facts an authorization repeats of its request; consumption compares each with what is about to run. */
export function authorizedFacts(request: GovernanceRequest): ExactRecord {
  return {
    operation_id: request.operation_id,
    step_id: request.step_id,
    attempt_id: request.attempt_id,
    runtime_instance_id: request.runtime_instance_id,
    lease_id: request.lease_id,
    lease_epoch: request.lease_epoch,
    fencing_token_digest: request.fencing_token_digest,
    execution_spec_digest: request.execution_spec_digest,
    payload_digest: request.payload_digest,
    requested_scope_digest: request.requested_scope_digest,
    capability_inventory_digest: request.capability_inventory_digest,
    inventory_epoch: memberOrNull(request.capability_inventory, "inventory_epoch"),
    policy_pack_digest: request.policy_pack_digest,
    policy_epoch: request.policy_epoch,
  };
}

/** Reads the authorization of a decision, in the reference's order. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAuthorization(value: ExactJson): ExactRecord {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_governance_authorization",
    unknown: "unknown_governance_authorization_field",
  });
  const once = member(record, "consume_once");
  if (once !== true)
    throw recordRefusal("authorization_must_be_consume_once", typeof once === "boolean" ? undefined : 11);
  const parsed = {
    ...Object.fromEntries(BOUND.map((key) => [key, boundOf(record, key)])),
    issued_at: textOf(record, "issued_at", "missing_authorization_issued_at"),
    expires_at: textOf(record, "expires_at", "missing_authorization_expires_at"),
    nonce: nonceOf(record),
    consume_once: true,
    schema_version: versionOf(record, "governance_authorization"),
  };
  const from = instantMs(parsed.issued_at, "invalid_authorization_issued_at");
  checkLifetime(from, instantMs(parsed.expires_at, "invalid_authorization_expires_at"));
  return parsed;
}

function boundOf(record: ExactRecord, key: string): ExactJson {
  if (key === "authorization_id") return textOf(record, key, "missing_governance_authorization_id");
  if (TEXTS.has(key)) return textOf(record, key, `missing_governance_authorization_${key}`);
  return EPOCHS.has(key)
    ? epochOf(record, key, `invalid_authorization_${key}`)
    : digestOf(record, key, `authorization_${key}`);
}

function checkLifetime(fromMs: number, toMs: number): void {
  if (toMs <= fromMs) throw recordRefusal("authorization_expiry_not_after_issue");
  if (toMs - fromMs > LIFETIME_MAX_MS) throw recordRefusal("authorization_lifetime_exceeded");
}

function nonceOf(record: ExactRecord): string {
  const nonce = textOf(record, "nonce", "authorization_nonce_required");
  // The reference looks at the length of a nonce only where it issues one.
  if (countCodePoints(nonce) > NONCE_MAX) throw recordRefusal("authorization_nonce_too_long", 12);
  return nonce;
}

function expiryOf(record: ExactRecord): number {
  const text = textOf(record, "expires_at", "authorization_expiry_required");
  return instantMs(text, "authorization_expiry_timezone_required");
}

const TEXTS: ReadonlySet<string> = new Set("operation_id step_id attempt_id runtime_instance_id lease_id".split(" "));
const EPOCHS: ReadonlySet<string> = new Set(["lease_epoch", "inventory_epoch", "policy_epoch"]);

/** What an authorization is bound to, in the order of the record. */
const BOUND: readonly string[] = (
  "authorization_id operation_id step_id attempt_id runtime_instance_id lease_id lease_epoch fencing_token_digest " +
  "execution_spec_digest payload_digest requested_scope_digest capability_inventory_digest inventory_epoch " +
  "policy_pack_digest policy_epoch"
).split(" ");
const FIELDS: ReadonlySet<string> = new Set([
  ...BOUND,
  ..."issued_at expires_at nonce consume_once schema_version".split(" "),
]);
