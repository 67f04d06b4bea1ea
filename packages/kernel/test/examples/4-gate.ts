import { evaluatePreconditions } from "@writ/kernel";
import { contract, digest } from "./1-contract.ts";
import { ticket } from "./3-ticket.ts";

const profile = { name: "sandbox", allowed: true, liveBackendEnabled: true };
const now = Date.parse("2026-01-02T03:05:01Z");

/** Every link is an artifact that is checked here; nothing that merely says "approved" is an input. */
export const opened = evaluatePreconditions({
  contract,
  decision: { entry: ticket.decision, actionDigest: digest, outcome: "allow" },
  ticket,
  // Where your log holds the ticket and the intent that spent it.
  trust: { issued: 10, intent: 12, ticketId: ticket.id, proposer: { type: "agent", id: "claude" } },
  profile,
  live: true,
  now,
});

/** Raw intent: a wish, and nothing behind it. All missing links are named, and only the steps that are missing. */
export const shut = evaluatePreconditions({
  contract,
  decision: null,
  ticket: null,
  trust: null,
  profile,
  live: true,
  now,
});
