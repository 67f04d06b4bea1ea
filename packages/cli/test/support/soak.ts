import { request as httpRequest, Agent } from "node:http";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { formatUuid, uuidv7 } from "@writ/canon";
import { freePort } from "@writ/testkit";
import type { Installation } from "./installation.ts";

export interface SoakOptions {
  readonly kills: number;
  readonly clients: number;
  readonly onKill?: (count: number) => void;
}

/** What was acknowledged to clients, and what the log says afterwards. */
export interface SoakReport {
  readonly decisions: number;
  readonly approvals: number;
  readonly receipts: number;
  /** Acknowledged and not in the log: must be empty. */
  readonly lost: readonly string[];
  /** Tickets with more than one intent or receipt: must be empty. */
  readonly ranTwice: readonly string[];
}

/** The kill comes when so many answers, drawn anew each time, have come since the start, and a moment later. */
const ANSWERS_MAX = 120;
const MOMENT_MS_MAX = 20;

/** What clients were told, by entry id where the answer names one. */
interface Acknowledged {
  readonly decisions: Set<string>;
  readonly approvals: Set<string>;
  readonly receipts: Set<string>;
}

/** Starts `writ up`, puts it under load, kills it with SIGKILL at a random moment, and again; then reads the whole log. */
export async function soak(writ: Installation, { kills, clients, onKill }: SoakOptions): Promise<SoakReport> {
  const port = await freePort();
  const told: Acknowledged = { decisions: new Set(), approvals: new Set(), receipts: new Set() };
  await writ.run(["posture", "DEFENSE"]);
  const { token } = JSON.parse(
    (await writ.run(["token", "create", "operator", "--principal", "soak", "--json"])).stdout,
  ) as { token: string };
  const { token: agentToken } = JSON.parse(
    (await writ.run(["token", "create", "agent", "--principal", "load", "--json"])).stdout,
  ) as { token: string };
  for (let count = 1; count <= kills; count++) {
    const server = writ.start(["up", "--port", String(port)], { timeoutMs: 120_000 });
    await server.seen(/Writ is up/);
    const stop = { now: false };
    const answers = countDown(1 + Math.floor(Math.random() * ANSWERS_MAX));
    const work = { port, token, agentToken, told, stop, answered: answers.count };
    const load = Array.from({ length: clients }, () => client(work));
    await Promise.race([answers.done, Promise.all(load)]);
    await sleep(Math.random() * MOMENT_MS_MAX);
    server.child.kill("SIGKILL");
    stop.now = true;
    await Promise.all([...load, server.finished]);
    onKill?.(count);
  }
  return compare(writ, told);
}

function countDown(from: number): { readonly count: () => void; readonly done: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = from;
  return { count: () => void ((left -= 1) <= 0 && resolve()), done: promise };
}

/** One client: proposes held and allowed actions, approves, runs dry, and notes only what was acknowledged. */
async function client(work: {
  port: number;
  token: string;
  agentToken: string;
  told: Acknowledged;
  stop: { now: boolean };
  answered: () => void;
}): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const call = (path: string, token: string, body: object): Promise<Record<string, never> | undefined> =>
    post({ ...work, agent, path, token, body }).finally(work.answered);
  try {
    while (!work.stop.now) {
      const held = Math.random() < 0.5;
      const process = { argv: held ? ["git", "push"] : ["true"], cwd: "/tmp" };
      const id = formatUuid(uuidv7(Date.now(), randomBytes(10)));
      const action = (await call("/api/actions", work.agentToken, { id, process })) as
        | { audit_id?: string; state?: string }
        | undefined;
      if (action?.audit_id === undefined) return;
      work.told.decisions.add(action.audit_id);
      if (action.state === "held") {
        const answered = (await call(`/api/actions/${id}/confirm`, work.token, {})) as
          | { hold?: { approvals_given: { entry: string }[] } }
          | undefined;
        if (answered?.hold === undefined) return;
        for (const { entry } of answered.hold.approvals_given) work.told.approvals.add(entry);
      }
      const ran = (await call(`/api/actions/${id}/run`, work.agentToken, {})) as
        | { receipt?: { ticket_id: string } }
        | undefined;
      if (ran?.receipt?.ticket_id === undefined) return;
      work.told.receipts.add(ran.receipt.ticket_id);
    }
  } finally {
    agent.destroy();
  }
}

/** The answer, or undefined when the server went away before it was whole. */
function post(call: {
  port: number;
  agent: Agent;
  path: string;
  token: string;
  body: object;
}): Promise<Record<string, never> | undefined> {
  return new Promise((resolve) => {
    const text = JSON.stringify(call.body);
    const headers = {
      authorization: `Bearer ${call.token}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    };
    const request = httpRequest(
      { host: "127.0.0.1", port: call.port, method: "POST", path: call.path, agent: call.agent, headers },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", () => resolve(undefined));
        response.on("aborted", () => resolve(undefined));
        response.on("end", () =>
          resolve(response.complete ? (JSON.parse(Buffer.concat(parts).toString("utf8")) as never) : undefined),
        );
      },
    );
    request.on("error", () => resolve(undefined));
    request.end(text);
  });
}

interface Page {
  readonly entries: readonly {
    readonly index: number;
    readonly entry: {
      readonly id: string;
      readonly kind: string;
      readonly data: { readonly ticket_id?: string; readonly receipt?: { readonly ticket_id: string } };
    };
  }[];
  readonly next: number | null;
}

async function compare(writ: Installation, told: Acknowledged): Promise<SoakReport> {
  const ids = new Set<string>();
  const intents = new Map<string, number>();
  const receipts = new Map<string, number>();
  const count = (map: Map<string, number>, key: string | undefined): void =>
    void (key !== undefined && map.set(key, (map.get(key) ?? 0) + 1));
  for (let after = -1, more = true; more;) {
    const page = JSON.parse(
      (await writ.run(["log", "list", "--limit", "500", "--after", String(after), "--json"])).stdout,
    ) as Page;
    for (const { index, entry } of page.entries) {
      after = index;
      ids.add(entry.id);
      if (entry.kind === "execution.intent") count(intents, entry.data.ticket_id);
      if (entry.kind === "execution.receipt") count(receipts, entry.data.receipt?.ticket_id);
    }
    more = page.next !== null;
  }
  const lost = [...told.decisions, ...told.approvals].filter((id) => !ids.has(id));
  const lostReceipts = [...told.receipts].filter((ticket) => !receipts.has(ticket));
  const twice = [...intents, ...receipts].filter(([, times]) => times > 1).map(([ticket]) => ticket);
  return {
    decisions: told.decisions.size,
    approvals: told.approvals.size,
    receipts: told.receipts.size,
    lost: [...lost, ...lostReceipts],
    ranTwice: twice,
  };
}
