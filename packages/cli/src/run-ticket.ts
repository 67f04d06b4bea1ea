import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { formatUuid, isWritError, uuidv7, WritError } from "@writ/canon";
import type { RedeemedTicket } from "@writ/engine";
import type { Contract, DecisionEvidence, Receipt, Ticket, TrustEvidence } from "@writ/kernel";
import type { Runner } from "@writ/runner";
import type { WireAction } from "@writ/server";
import type { Session } from "./command.ts";
import { connect } from "./owner/connect.ts";
import { createExecution } from "./owner/execution.ts";
import { commandOutput } from "./terminal/command-output.ts";
import { SIGNALS } from "./terminal/first-signal.ts";
import { patiently } from "./terminal/patience.ts";
import { planLines } from "./terminal/plan-text.ts";

interface RunEvidence {
  readonly decision: DecisionEvidence;
  readonly trust: TrustEvidence;
}

/** How long a receipt is offered to an owner that went away; after it `writ recover` settles the intent. */
const SEAL_MS_MAX = 20_000;

/**
 * Ticket, redemption, run, receipt: the second half of an action's life, with the process run here, where the
 * terminal is. The intent is durable before the process starts.
 */
export async function runTicket(
  session: Session,
  action: WireAction,
  how: { readonly dry: boolean; readonly stdin: Uint8Array | undefined },
): Promise<WireAction> {
  const { client, homes, output } = session;
  const runner = createExecution(homes, (line) => output.note(line));
  if (action.contract !== null) await prepare(session, runner, { contract: action.contract, ...how });
  const { ticket } = await client.post<{ readonly ticket: Ticket }>(`/api/actions/${action.id}/ticket`, {
    mode: how.dry ? "dry" : "live",
  });
  const stdout = commandOutput(output.json ? process.stderr : process.stdout);
  const stderr = commandOutput(process.stderr);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  // From here on a signal owes a receipt: the ticket may be spent before its redemption is answered.
  for (const name of SIGNALS) process.on(name, stop);
  try {
    const redeemed = await redeem(session, action, ticket);
    const receipt = await runner.run({
      ...redeemed,
      evidence: await patiently(() => evidence(session, action.id, ticket)),
      currentFence: async () => (await client.get<WireAction>(`/api/actions/${action.id}`)).fence,
      receiptId: newId(),
      environment: namedValues(redeemed),
      ...(how.stdin !== undefined && { stdin: how.stdin }),
      onStdout: stdout.write,
      onStderr: stderr.write,
      signal: interrupt.signal,
    });
    return await patiently((signal) => seal(session, redeemed, { receipt, signal }));
  } finally {
    for (const shown of [stdout, stderr]) shown.end();
    for (const name of SIGNALS) process.removeListener(name, stop);
  }
}

/** A dry run is told in full; a live one that could not start must not spend its ticket. */
async function prepare(
  { output }: Session,
  runner: Runner,
  how: { readonly contract: Contract; readonly dry: boolean; readonly stdin: Uint8Array | undefined },
): Promise<void> {
  const input = { contract: how.contract, ...(how.stdin !== undefined && { stdin: how.stdin }) };
  if (how.dry) {
    if (!output.json) for (const line of planLines(await runner.plan(input))) output.note(line);
    return;
  }
  const ready = await runner.preflight(input);
  if (ready.ready) return;
  const { code, reason, next } = ready;
  throw new WritError({ code, message: `it cannot run here: ${reason}`, reason: "its ticket was not spent", next });
}

/**
 * Spends the ticket. Asked once: a second time would be refused as spent where the first was carried out.
 *
 * @throws WritError `REDEMPTION_UNKNOWN` when nobody answered, else the server's own refusal.
 */
async function redeem({ client }: Session, { id, digest }: WireAction, ticket: Ticket): Promise<RedeemedTicket> {
  try {
    return await patiently((signal) =>
      client.post<RedeemedTicket>(`/api/tickets/${ticket.id}/redeem`, { action_digest: digest }, signal),
    );
  } catch (cause) {
    const unanswered = ["OWNER_UNREACHABLE", "OWNER_SILENT", "INTERRUPTED", "ANSWER_INVALID"];
    if (!unanswered.some((code) => isWritError(cause, code))) throw cause;
    throw new WritError({
      code: "REDEMPTION_UNKNOWN",
      message: `whether the ticket of \`${id}\` was spent is unknown; nothing was run`,
      reason: `its redemption was not answered: ${(cause as WritError).message}`,
      next: `\`writ show ${id}\`; if it was, \`writ recover\` ends it; then run the command again`,
      cause,
    });
  }
}

/** The entries that the runner's gate asks for, as the log has them now. */
async function evidence({ client }: Session, id: string, ticket: Ticket): Promise<RunEvidence> {
  const { digest, entries, principal } = await client.get<WireAction>(`/api/actions/${id}`);
  const indexOf = (kind: string): number => entries.find((entry) => entry.kind === kind)?.index ?? -1;
  return {
    decision: { entry: ticket.decision, actionDigest: digest, outcome: "allow" },
    trust: {
      issued: indexOf("ticket.issued"),
      intent: indexOf("execution.intent"),
      ticketId: ticket.id,
      proposer: principal,
    },
  };
}

/** The process has run: its receipt must reach the log, also when the owner was killed meanwhile. */
async function seal(
  session: Session,
  { ticket, lease }: RedeemedTicket,
  { receipt, signal }: { readonly receipt: Receipt; readonly signal: AbortSignal },
): Promise<WireAction> {
  const path = `/api/tickets/${ticket.id}/receipt`;
  const deadline = performance.now() + SEAL_MS_MAX;
  let { client } = session;
  for (;;) {
    try {
      return await client.post<WireAction>(path, { receipt, fence: lease.fence }, signal);
    } catch (error) {
      if (!isWritError(error, "OWNER_UNREACHABLE") || performance.now() > deadline) throw error;
      await sleep(100, undefined, { signal });
      client = (await connect({ homes: session.homes, inProcess: false, environment: process.env })).client;
    }
  }
}

function namedValues({ contract }: RedeemedTicket): Record<string, string> {
  if (contract.shape.kind !== "process") return {};
  const pairs = contract.shape.environment.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

function newId(): string {
  return formatUuid(uuidv7(Date.now(), randomBytes(10)));
}
