import { isWritError, WritError } from "@writ/canon";
import type { Contract, Receipt, Ticket } from "@writ/kernel";
import type { ExitCode } from "@writ/api/client";
import { detectSandbox } from "@writ/runner";
import type { WireAction } from "@writ/server";
import { withSession, type CommonOptions, type Session } from "../command.ts";
import { outcomeExit } from "../outcome-exit.ts";
import { runTicket } from "../run-ticket.ts";
import { requireExactArguments } from "../terminal/exact-arguments.ts";
import { hasUnreadInput, readStandardInput, type StandardInput } from "../terminal/standard-input.ts";
import { actionLines, receiptLines } from "../terminal/action-text.ts";
import { workingFolder } from "../working-folder.ts";

export interface RunOptions extends CommonOptions {
  readonly write?: readonly string[];
  readonly read?: readonly string[];
  readonly net?: boolean;
  readonly env?: readonly string[];
  readonly stdin?: boolean;
  readonly effect?: readonly string[];
  readonly time?: string;
  readonly outputMax?: string;
  readonly processes?: string;
  readonly run?: string;
  readonly action?: string;
  readonly dryRun?: boolean;
  /** Commander's form of `--no-wait`. */
  readonly wait?: boolean;
}

/** What `writ run --json` prints; `receipt` is present exactly when it ran, dry or live. */
interface RunDocument {
  readonly action: WireAction;
  readonly decision: WireAction["decision"];
  readonly contract: Contract | null;
  readonly ticket: Ticket | null;
  readonly receipt?: Receipt;
  /** When it had ended before this command, which then ran nothing; absent where this command ran it, or nobody did. */
  readonly ran_before?: string;
  readonly entries: WireAction["entries"];
  readonly checkpoint: string;
}

/** `writ run -- command`: propose, wait for a yes where policy holds it, run exactly that once, seal the receipt. */
export async function run(command: readonly string[], options: RunOptions): Promise<number> {
  requireExactArguments(command);
  // Its answer is remembered: the sandbox is tried while the log decides, not after.
  if (options.dryRun !== true) void detectSandbox();
  const stdin = options.stdin === true ? await readStandardInput() : undefined;
  return withSession(options, async (session) => {
    if (stdin === undefined && hasUnreadInput()) session.output.note(NOT_HANDED_ON);
    const proposed = await session.client.post<WireAction>("/api/actions", requestBody(command, options, stdin));
    const answered = await waitForAnswer(session, proposed, options.wait !== false);
    if (answered.state !== "open" && answered.state !== "released") {
      if (answered.receipt !== null) session.output.note(ranBefore(answered.receipt));
      await report(session, answered, answered.receipt?.ended_at);
      return settledExit(answered);
    }
    const settled = await runTicket(session, answered, { dry: options.dryRun === true, stdin: stdin?.content });
    await report(session, settled);
    return settledExit(settled);
  });
}

/** The same for a receipt of now and one of before; without one the action ended before anything could run. */
function settledExit({ state, receipt }: WireAction): ExitCode {
  if (receipt?.outcome === "interrupted") return 130;
  if (state === "executed") return 0;
  return state === "failed" || receipt !== null ? 1 : outcomeExit("deny");
}

function ranBefore({ outcome, ended_at }: Receipt): string {
  const what = outcome === "dry_run" ? "was tried dry" : outcome === "not_started" ? "was given up" : "ran";
  return `note: this action ${what} already, until ${ended_at}; this command ran nothing`;
}

const NOT_HANDED_ON = "note: standard input is not handed on to the command; `--stdin` binds it to the contract";

function requestBody(command: readonly string[], options: RunOptions, stdin: StandardInput | undefined): object {
  return {
    id: options.action,
    run: options.run,
    process: {
      argv: command,
      cwd: workingFolder(),
      environment: options.env ?? [],
      stdin: stdin === undefined ? null : { sha256: stdin.sha256, bytes: stdin.content.byteLength },
    },
    scope: { write: options.write ?? [], read: options.read ?? [], network: options.net === true ? "host" : "none" },
    limits: {
      time_ms: wholeNumber("--time", options.time, 1000),
      output_bytes: wholeNumber("--output-max", options.outputMax, 1),
      processes: wholeNumber("--processes", options.processes, 1),
    },
    effects: options.effect,
    live: options.dryRun !== true,
  };
}

/** Waits while the action is held; Ctrl-C ends the waiting and leaves the action in the inbox. */
async function waitForAnswer(session: Session, action: WireAction, wait: boolean): Promise<WireAction> {
  const { output } = session;
  if (action.state !== "held" || !wait) return action;
  output.note(`held ${action.id}: ${holders(action)}`);
  output.note(`  waiting for: writ approve ${action.id}   (Ctrl-C leaves it in the inbox)`);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  try {
    for (let now = action; ;) {
      if (now.state !== "held") return now;
      now = await askAgain(session, action.id, interrupt.signal);
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new WritError({
      code: "INTERRUPTED",
      message: `stopped waiting; \`${action.id}\` stays in the inbox`,
      reason: "Ctrl-C",
      next: `writ approve ${action.id}, then the same command with --action ${action.id}`,
      cause: error,
    });
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** Its state, when it is answered or after half a minute. An owner that was killed meanwhile is started anew. */
async function askAgain({ client, connection }: Session, id: string, signal: AbortSignal): Promise<WireAction> {
  const query = { wait: "answered", timeout_ms: 30_000 };
  try {
    return await client.get<WireAction>(`/api/actions/${id}`, query, signal);
  } catch (error) {
    if (signal.aborted || !isWritError(error, "OWNER_UNREACHABLE")) throw error;
    await Promise.race([connection.reach(), aborted(signal)]);
    return client.get<WireAction>(`/api/actions/${id}`, query, signal);
  }
}

/** Rejects when `signal` does. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
}

async function report({ client, output }: Session, action: WireAction, endedBefore?: string): Promise<void> {
  const checkpoint = await client.text("/api/log/checkpoint");
  const document: RunDocument = {
    action,
    decision: action.decision,
    contract: action.contract,
    ticket: action.ticket,
    ...(action.receipt !== null && { receipt: action.receipt }),
    ...(endedBefore !== undefined && { ran_before: endedBefore }),
    entries: action.entries,
    checkpoint,
  };
  if (output.json) return output.result(document, () => []);
  // Stdout belongs to the command that ran.
  for (const line of action.receipt === null ? actionLines(action) : runLines(action, action.receipt))
    output.note(line);
}

function runLines(action: WireAction, receipt: Receipt): string[] {
  const entries = action.entries.map(({ index }) => index).join(", ");
  return [`writ ${action.id}  ${action.state}`, ...receiptLines(receipt, action.agreement), `entries   ${entries}`];
}

function holders(action: WireAction): string {
  return action.rules
    .filter((rule) => rule.vote === "hold")
    .map((rule) => `${rule.id} (${rule.text})`)
    .join("; ");
}

function wholeNumber(option: string, text: string | undefined, factor: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text) * factor;
  if (/^\d{1,12}(\.\d+)?$/.test(text) && Number.isInteger(value)) return value;
  throw new WritError({
    code: "USAGE",
    message: `\`${option} ${text}\` is not a number`,
    reason: "limits are positive numbers",
    next: `for example \`${option} 60\``,
  });
}
