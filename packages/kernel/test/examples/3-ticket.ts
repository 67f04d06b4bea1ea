import { checkTicket, contractDigest, issueTicket } from "@writ/kernel";
import { contract, digest } from "./1-contract.ts";

const actionId = "01926f5e-7c00-7000-8000-000000000001";
const issued = Date.parse("2026-01-02T03:05:00Z");

/** Time and ids are arguments: the kernel has neither a clock nor randomness. */
export const ticket = issueTicket(
  {
    id: "01926f5e-7c00-7000-8000-000000000002",
    action_id: actionId,
    action_digest: digest,
    decision: "01926f5e-7c00-7000-8000-000000000003",
    approvals: [],
    mode: "live",
  },
  { now: issued, lifeMs: 300_000 },
);

const use = { actionId, contractDigest: digest, now: issued + 1_000, spent: false };

/** `{ ok: true }`. */
export const first = checkTicket(ticket, use);
/** `spent` comes from your store: claim it under a unique key in the transaction that starts the run. */
export const second = checkTicket(ticket, { ...use, spent: true });
/** Another action under the same ticket is another digest. */
export const swapped = checkTicket(ticket, {
  ...use,
  contractDigest: contractDigest({ ...contract, tenant: "other" }),
});
/** The end of its life is outside it. */
export const late = checkTicket(ticket, { ...use, now: issued + 300_000 });
