import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createApp, createMetrics, listenOnSocket, listenOnTcp, type Listener, type ServerParts } from "@writ/server";
import { isWritError, WritError } from "@writ/canon";
import { pino } from "pino";
import type { Homes } from "../homes.ts";
import { VERSION } from "../version.ts";
import { composeEngine } from "./compose.ts";
import { readPolicySource } from "./policy-source.ts";
import { requestStepDown } from "./step-down.ts";

export interface OwnerOptions {
  readonly homes: Homes;
  readonly trial: boolean;
  /** Present for an owner that stays (`writ up`). */
  readonly tcp?: { readonly host: string; readonly port: number };
  /** Present for an owner in the background: it ends when nobody asked for this long. */
  readonly idleMs?: number;
}

export interface Owner {
  /** The first operator token, made when the log had none; shown once. */
  readonly firstToken: string | undefined;
  /** Resolves when an owner in the background has nothing left to do. */
  readonly idle: Promise<void>;
  close(): Promise<void>;
}

/** Opens the log as its owner and serves it: on the Unix socket always, on TCP when it is to stay. */
export async function startOwner(options: OwnerOptions): Promise<Owner> {
  const level = logLevel(process.env["WRIT_LOG_LEVEL"]);
  const composed = await openOwned(options);
  const idleness = watchIdleness(options.idleMs);
  const stopping = new AbortController();
  const parts: ServerParts = {
    engine: composed.engine,
    metrics: createMetrics(composed.engine, VERSION),
    log: pino({ level }, { write: writeLog }),
    trial: options.trial,
    localOperator: composed.localOperator,
    version: VERSION,
    stepDown: options.idleMs === undefined ? refuseStepDown : idleness.end,
    readPolicies: (folder) => readPolicySource(options.homes, folder),
    touched: idleness.touched,
    hosts: hostRules(options.tcp),
    stopping: stopping.signal,
  };
  const app = createApp(parts);
  const listeners: Listener[] = [];
  const close = async (): Promise<void> => {
    stopping.abort();
    for (const listener of listeners) await listener.close();
    await composed.close();
  };
  try {
    // TCP first: when its port is taken, nothing has been promised on the socket yet.
    if (options.tcp !== undefined) listeners.push(await listenOnTcp(app, options.tcp));
    listeners.push(await listenOnSocket(app, options.homes.socket));
    const firstToken = options.tcp === undefined ? undefined : await firstOperatorToken(parts);
    return { firstToken, idle: idleness.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

function logLevel(level = "warn"): string {
  if (LOG_LEVELS.includes(level)) return level;
  throw new WritError({
    code: "USAGE",
    message: `\`${level}\` in WRIT_LOG_LEVEL is no level`,
    reason: "it says what the owner writes about its own work",
    next: `set it to one of ${LOG_LEVELS.join(", ")}, or unset it`,
  });
}

/** Answers matter more than the lines about them: a log file on a full disk must not turn a typed error into a fault. */
function writeLog(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // The answer says what went wrong.
  }
}

/** An idle owner that steps down closes its log after its socket, and a command may start another in between. */
const TAKE_OVER_MS_MAX = 15_000;

/** An owner that stays takes over from an idle one in the background. */
async function openOwned({ homes, trial, tcp }: OwnerOptions): Promise<Awaited<ReturnType<typeof composeEngine>>> {
  const deadline = performance.now() + TAKE_OVER_MS_MAX;
  for (;;) {
    try {
      return await composeEngine(homes, { trial });
    } catch (error) {
      if (!isWritError(error, "LEDGER_OWNED") || tcp === undefined || performance.now() > deadline) throw error;
      await requestStepDown(homes, error);
      await sleep(20);
    }
  }
}

async function firstOperatorToken({ engine, localOperator }: ServerParts): Promise<string | undefined> {
  const tokens = await engine.listTokens(localOperator);
  if (tokens.some((token) => token.role === "operator" && token.revoked_at === null)) return undefined;
  const created = await engine.createToken(localOperator, { role: "operator", label: "first operator token" });
  return created.token;
}

/** Ends an owner in the background when no request came for `idleMs` and none is under way. */
function watchIdleness(idleMs: number | undefined): {
  touched: () => () => void;
  end: () => void;
  ended: Promise<void>;
} {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  if (idleMs === undefined) return { touched: () => () => {}, end, ended };
  let active = 0;
  // Its sockets keep the process; when they are closed, what is left of the time keeps it no longer.
  let timer = setTimeout(end, idleMs).unref();
  const touched = (): (() => void) => {
    active += 1;
    clearTimeout(timer);
    return () => {
      active -= 1;
      if (active === 0) timer = setTimeout(end, idleMs).unref();
    };
  };
  return { touched, end: () => setTimeout(end, 50), ended };
}

function hostRules(tcp: OwnerOptions["tcp"]): ServerParts["hosts"] {
  if (tcp === undefined) return { hosts: new Set(), origins: new Set() };
  const names = new Set(["127.0.0.1", "localhost", "[::1]", tcp.host.includes(":") ? `[${tcp.host}]` : tcp.host]);
  const hosts = [...names].map((name) => `${name}:${String(tcp.port)}`.toLowerCase());
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `http://${host}`)) };
}

function refuseStepDown(): void {
  throw new WritError({
    code: "OWNER_STAYS",
    message: "the owner of this log is a `writ up` that stays",
    reason: "it serves others and does not end because a command asks",
    next: "stop it with Ctrl-C where it runs, or use commands of its version",
  });
}
