import { succeeded, type Action } from "./actions.ts";
import type { House } from "./house.ts";
import { call, type Answer } from "./http.ts";
import { listen } from "./listener.ts";
import { sampleArtifacts } from "../../../kernel/test/artifacts/samples.ts";

/** One real exchange, as the reference page shows it. */
export interface Example {
  readonly route: string;
  readonly path: string;
  readonly body?: unknown;
  readonly answer: Pick<Answer, "status" | "text"> & { readonly type: string };
}

const transfer = { action: "Transfer 50 SOL to marketing wallet.", tool: "wallet", amount: "5", position: "100" };
const command = { process: { argv: ["git", "status"], cwd: "/srv/app" } };

/** Lives through every route once, in an order that makes sense. */
export async function tellStory(house: House): Promise<readonly Example[]> {
  const examples: Example[] = [];
  const { anna, agent, viewer } = house.tokens;
  const ask = async (route: string, path: string, token: string, body?: unknown): Promise<Answer> => {
    const method = route.split(" ", 1)[0] ?? "GET";
    const accept = { accept: "application/json, text/event-stream" };
    const raw = method === "POST" && body === undefined ? { raw: "{}" } : { body };
    const answer = await call(house, path, { method, token, headers: accept, ...(method === "POST" && raw) });
    const type = answer.headers["content-type"] ?? "";
    examples.push({ route, path, ...(body !== undefined && { body }), answer: { ...answer, type } });
    return answer;
  };
  const action = async (body: object): Promise<Action> =>
    succeeded(await call(house, "/api/actions", { body, token: agent })) as Action;

  await ask("GET /health", "/health", anna);
  await ask("GET /openapi.json", "/openapi.json", anna);
  await ask("POST /api/governance", "/api/governance", anna, { mode: "High Security", posture: "DEFENSE" });
  await ask("GET /api/governance", "/api/governance", viewer);
  await ask("POST /api/governance/check", "/api/governance/check", agent, transfer);
  const listener = await listen(house, viewer);
  await listener.seen("state_snapshot");
  const held = (await ask("POST /api/actions", "/api/actions", agent, transfer)).json() as unknown as Action;
  await listener.seen("action_held");
  listener.socket.terminate();
  const frames = listener.frames.map((frame) => JSON.stringify(frame)).join("\n");
  examples.push({ route: "GET /ws", path: "/ws", answer: { status: 101, text: frames, type: "frames" } });
  await ask("GET /api/actions", "/api/actions?state=held&limit=1", viewer);
  await ask("GET /api/actions/{id}", `/api/actions/${held.id}?wait=answered&timeout_ms=0`, agent);
  const yes = { digest: held.digest, note: "as agreed" };
  await ask("POST /api/actions/{id}/confirm", `/api/actions/${held.id}/confirm`, anna, yes);
  const claim = { outcome: "done", detail: "sent" };
  await ask("POST /api/actions/{id}/complete", `/api/actions/${held.id}/complete`, agent, claim);
  const other = await action(transfer);
  await ask("POST /api/actions/{id}/reject", `/api/actions/${other.id}/reject`, anna, { note: "not this week" });
  await tellRuns(ask, action, { agent, anna });
  await tellClaims(ask, anna);
  await ask("GET /api/log", `/api/log?run=${held.id}&limit=1`, viewer);
  await ask("GET /api/log/{index}", `/api/log/${String(held.index)}`, viewer);
  await ask("GET /api/log/checkpoint", "/api/log/checkpoint", viewer);
  await ask("GET /api/log/status", "/api/log/status", viewer);
  await ask("GET /api/log/proof/{index}", `/api/log/proof/${String(held.index)}`, viewer);
  await ask("GET /api/log/export", `/api/log/export?run=${held.id}`, viewer);
  await ask("GET /api/status", "/api/status", viewer);
  await ask("GET /api/unfinished", "/api/unfinished", viewer);
  await ask("POST /api/recover", "/api/recover", anna, {});
  await ask("GET /api/policies", "/api/policies", viewer);
  await ask("POST /api/policies/activate", "/api/policies/activate", anna, { dry_run: true });
  const made = await ask("POST /api/tokens", "/api/tokens", anna, { role: "agent", principal: "codex", label: "CI" });
  await ask("GET /api/tokens", "/api/tokens", anna);
  const tokenId = String(made.json()["token_id"]);
  await ask("POST /api/tokens/{id}/revoke", `/api/tokens/${tokenId}/revoke`, anna);
  const erasure = { subject: held.id, ground: "a request under Article 17", dry_run: true };
  await ask("POST /api/erase", "/api/erase", anna, erasure);
  const retention = { kind: "policy.decision", days: 365, ground: "a year is over", dry_run: true };
  await ask("POST /api/retain", "/api/retain", anna, retention);
  await ask("POST /api/views/rebuild", "/api/views/rebuild", anna);
  await ask("GET /metrics", "/metrics", viewer);
  const rpc = { jsonrpc: "2.0", id: 1, method: "tools/call" };
  const params = { name: "action_status", arguments: { id: held.id } };
  await ask("POST /mcp", "/mcp", agent, { ...rpc, params });
  await ask("POST /api/owner/step-down", "/api/owner/step-down", anna);
  return examples;
}

/** Uses and sightings of what an earlier kernel left. */
async function tellClaims(ask: Ask, token: string): Promise<void> {
  const validity = { "validity.not_before": "2000-01-01T00:00:00Z", "validity.not_after": "2100-01-01T00:00:00Z" };
  const { execution_ticket: ticket, execution_contract: contract } = sampleArtifacts({ execution_ticket: validity });
  const use = { ticket: JSON.stringify(ticket), contract: JSON.stringify(contract), runtime: "runtime:r" };
  await ask("POST /api/scoped-tickets/use", "/api/scoped-tickets/use", token, use);
  const seen = { root_tag: "tag-1", chain_id: "chain-1", key_id: "key-a" };
  await ask("POST /api/replays", "/api/replays", token, seen);
}

type Ask = (route: string, path: string, token: string, body?: unknown) => Promise<Answer>;

async function tellRuns(
  ask: Ask,
  action: (body: object) => Promise<Action>,
  tokens: { readonly agent: string; readonly anna: string },
): Promise<void> {
  const { agent: token, anna } = tokens;
  const whole = await action(command);
  await ask("POST /api/actions/{id}/run", `/api/actions/${whole.id}/run`, token, { live: false });
  const parts = await action(command);
  const issued = await ask("POST /api/actions/{id}/ticket", `/api/actions/${parts.id}/ticket`, token, { mode: "dry" });
  const { ticket } = issued.json() as { ticket: { id: string; issued_at: string } };
  const leave = { action_digest: parts.digest };
  const redeemed = await ask("POST /api/tickets/{id}/redeem", `/api/tickets/${ticket.id}/redeem`, anna, leave);
  const nothing = {
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    bytes: 0,
    truncated: false,
  };
  const receipt = {
    schema: "writ.receipt.v1",
    id: parts.id,
    ticket_id: ticket.id,
    action_id: parts.id,
    action_digest: parts.digest,
    intent: redeemed.json()["intent"],
    mode: "dry",
    outcome: "not_started",
    exit_code: null,
    signal: null,
    started_at: ticket.issued_at,
    ended_at: ticket.issued_at,
    stdout: nothing,
    stderr: nothing,
    files: [],
    files_truncated: false,
    refusals: [{ kind: "sandbox", target: "bubblewrap", detail: "no sandbox on this machine" }],
    sandbox: null,
  };
  await ask("POST /api/tickets/{id}/receipt", `/api/tickets/${ticket.id}/receipt`, anna, { receipt, fence: 1 });
}
