import type { requests } from "./schemas.ts";

/** One route of the wire, as data: the OpenAPI document and the reference page are made from these. */
export interface Route {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  /** Whose tokens may call it, or `none` where no token is asked. Agents see their own actions alone. */
  readonly rights: "none" | readonly Role[];
  readonly body?: keyof ReturnType<typeof requests>;
  readonly query?: keyof ReturnType<typeof requests>;
  readonly answer: string;
  /** Status of the answer when it is no error; 200 where nothing is said. */
  readonly status?: 101 | 201;
  /** Media types of the answer; JSON where nothing is said. */
  readonly types?: readonly string[];
}

export type Role = "operator" | "agent" | "viewer";

const everyone: readonly Role[] = ["operator", "agent", "viewer"];
/** Who may ask for leave to act. */
const proposers: readonly Role[] = ["operator", "agent"];
/** Who may read what belongs to others. */
const readers: readonly Role[] = ["operator", "viewer"];
const operators: readonly Role[] = ["operator"];

export const ROUTES: readonly Route[] = [
  {
    method: "get",
    path: "/health",
    summary: "Whether the server answers.",
    rights: "none",
    answer: "`{status, version, trial}`",
  },
  { method: "get", path: "/openapi.json", summary: "This document.", rights: "none", answer: "OpenAPI 3.1" },
  {
    method: "get",
    path: "/metrics",
    summary: "Prometheus metrics.",
    rights: everyone,
    answer: "Prometheus text",
    types: ["text/plain"],
  },
  {
    method: "get",
    path: "/ws",
    summary: "Events as they are committed (WebSocket).",
    rights: everyone,
    answer: "`{type, payload}` frames",
    status: 101,
  },
  {
    method: "post",
    path: "/mcp",
    summary: "Model Context Protocol, streamable HTTP.",
    rights: everyone,
    answer: "JSON-RPC",
    types: ["application/json", "text/event-stream"],
  },
  {
    method: "post",
    path: "/api/actions",
    summary: "Propose an action: decided, recorded, held if policy says so. Runs nothing.",
    rights: proposers,
    body: "propose",
    answer: "the action",
  },
  {
    method: "get",
    path: "/api/actions",
    summary: "Actions, newest first, in pages.",
    rights: everyone,
    query: "listActions",
    answer: "`{actions, next}`",
  },
  {
    method: "get",
    path: "/api/actions/{id}",
    summary: "One action; with `wait`, when it is answered or settled.",
    rights: everyone,
    query: "wait",
    answer: "the action",
  },
  {
    method: "post",
    path: "/api/actions/{id}/confirm",
    summary: "Approve a held action.",
    rights: operators,
    body: "confirm",
    answer: "the action",
  },
  {
    method: "post",
    path: "/api/actions/{id}/reject",
    summary: "Reject a held action.",
    rights: operators,
    body: "reject",
    answer: "the action",
  },
  {
    method: "post",
    path: "/api/actions/{id}/complete",
    summary: "The proposer's word that it did the action itself.",
    rights: proposers,
    body: "complete",
    answer: "the action",
  },
  {
    method: "post",
    path: "/api/actions/{id}/run",
    summary: "Run an allowed or approved command: dry unless `live` is true.",
    rights: proposers,
    body: "run",
    answer: "the action with its receipt",
  },
  {
    method: "post",
    path: "/api/actions/{id}/ticket",
    summary: "Issue the single-use ticket of an allowed or approved action.",
    rights: proposers,
    body: "ticket",
    answer: "`{ticket}`",
  },
  {
    method: "post",
    path: "/api/tickets/{id}/redeem",
    summary: "Spend a ticket; the intent is durable before the answer.",
    rights: operators,
    body: "redeem",
    answer: "`{ticket, contract, intent, deadline, lease}`",
  },
  {
    method: "post",
    path: "/api/tickets/{id}/receipt",
    summary: "Seal the receipt of a spent ticket, under the fencing number of its lease.",
    rights: operators,
    body: "seal",
    answer: "the action",
  },
  {
    method: "post",
    path: "/api/scoped-tickets/use",
    summary: "Claim the next use of a scoped ticket of an earlier kernel; at most as many as it permits.",
    rights: operators,
    body: "useScopedTicket",
    answer: "`{status, ticket_id, use_count, max_uses}`, or `{status, reason_code}` when refused",
  },
  {
    method: "post",
    path: "/api/replays",
    summary: "Record the sighting of a guarded bundle; `fresh` once, then `replayed`.",
    rights: operators,
    body: "recordReplay",
    answer: "`{status, allowed, replay_status, record, first_seen, blocker, next_action}`",
  },
  {
    method: "post",
    path: "/api/governance/check",
    summary: "Decide without opening anything; audited.",
    rights: proposers,
    body: "check",
    answer: "the decision",
  },
  {
    method: "get",
    path: "/api/governance",
    summary: "Mode, posture, role and the other settings.",
    rights: everyone,
    answer: "the 13 fields and `version`",
  },
  {
    method: "post",
    path: "/api/governance",
    summary: "Change settings; open and released actions are decided again.",
    rights: operators,
    body: "governance",
    answer: "the 13 fields and `version`",
  },
  {
    method: "get",
    path: "/api/log",
    summary: "Entries in pages.",
    rights: readers,
    query: "listEntries",
    answer: "`{entries, next}`",
  },
  {
    method: "get",
    path: "/api/log/{index}",
    summary: "One entry with what is still open of its private fields.",
    rights: readers,
    answer: "the entry",
  },
  {
    method: "get",
    path: "/api/log/checkpoint",
    summary: "The newest signed head.",
    rights: everyone,
    answer: "a C2SP checkpoint",
    types: ["text/plain"],
  },
  {
    method: "get",
    path: "/api/log/status",
    summary: "How the log stands: size, checkpoints, signer, durability settings.",
    rights: readers,
    answer: "the log's status",
  },
  {
    method: "get",
    path: "/api/log/proof/{index}",
    summary: "A stand-alone proof that an entry is in the log.",
    rights: readers,
    answer: "a C2SP tlog-proof",
    types: ["text/plain"],
  },
  {
    method: "get",
    path: "/api/log/export",
    summary: "A bundle that anyone can verify offline.",
    rights: readers,
    query: "exportLog",
    answer: "JSON lines",
    types: ["application/jsonl"],
  },
  {
    method: "get",
    path: "/api/status",
    summary: "Log, governance, policies, holds and unfinished runs.",
    rights: everyone,
    answer: "the status",
  },
  {
    method: "get",
    path: "/api/unfinished",
    summary: "Intents without a receipt.",
    rights: readers,
    answer: "`{unfinished}`",
  },
  {
    method: "post",
    path: "/api/recover",
    summary: "Settle unfinished intents.",
    rights: operators,
    body: "recover",
    answer: "`{settled}`",
  },
  {
    method: "get",
    path: "/api/policies",
    summary: "The active policy set.",
    rights: readers,
    answer: "digest, engine and policies",
  },
  {
    method: "post",
    path: "/api/policies/activate",
    summary: "Decide by the policy set of a folder, or with `dry_run` say what that would change (local socket only).",
    rights: operators,
    body: "activatePolicies",
    answer: "the active policy set, or the change",
  },
  {
    method: "get",
    path: "/api/tokens",
    summary: "Tokens, never their texts.",
    rights: operators,
    answer: "`{tokens}`",
  },
  {
    method: "post",
    path: "/api/tokens",
    summary: "Create a token; its text is shown this once.",
    rights: operators,
    body: "createToken",
    answer: "`{token, token_id}`",
    status: 201,
  },
  {
    method: "post",
    path: "/api/tokens/{id}/revoke",
    summary: "Revoke a token at once.",
    rights: operators,
    body: "nothing",
    answer: "the token",
  },
  {
    method: "post",
    path: "/api/erase",
    summary: "Erase what is private about a subject, or with `dry_run` list it.",
    rights: operators,
    body: "erase",
    answer: "what was or would be erased",
  },
  {
    method: "post",
    path: "/api/retain",
    summary: "Erase what is private in entries of a kind and older than so many days, or with `dry_run` list it.",
    rights: operators,
    body: "retain",
    answer: "what was or would be erased",
  },
  {
    method: "post",
    path: "/api/views/rebuild",
    summary: "Make the views again from the log.",
    rights: operators,
    body: "nothing",
    answer: "`{entries}`",
  },
  {
    method: "post",
    path: "/api/owner/step-down",
    summary: "Ask an idle owner to end (local socket only).",
    rights: operators,
    body: "nothing",
    answer: "`{stepping_down}`",
  },
];
