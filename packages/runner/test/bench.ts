import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatInstant, formatUuid, uuidv7 } from "@writ/canon";
import {
  contractDigest,
  FIRST_FENCE,
  grantLease,
  issueTicket,
  shapeProcess,
  type Contract,
  type Receipt,
  type Refusal,
} from "@writ/kernel";
import { createRunner, type Execution, type ProcessInput, type RunnerOptions } from "@writ/runner";

export interface Asked {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly write?: readonly string[];
  readonly read?: readonly string[];
  readonly network?: "none" | "host";
  readonly environment?: readonly string[];
  readonly stdin?: { readonly sha256: string; readonly bytes: number };
  readonly timeMs?: number;
  readonly outputBytes?: number;
  readonly processes?: number;
}

export interface Ran {
  readonly receipt: Receipt;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home with a key, a project with `out/`, and a runner for them; all of it is gone after `close`. */
export function openBench(options: Partial<RunnerOptions> = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "writ-runner-")));
  const home = join(folder, "home");
  const project = join(folder, "project");
  const out = join(project, "out");
  mkdirSync(out, { recursive: true });
  mkdirSync(join(home, ".ssh"), { recursive: true });
  const runner = createRunner({ hidden: [join(folder, "keys")], home, environmentNames: ["PATH"], ...options });
  const contractOf = (asked: Asked): Contract => contractFor({ cwd: project, ...asked });
  return {
    folder,
    home,
    project,
    out,
    runner,
    contractOf,
    plan: (asked: Asked, input: Partial<ProcessInput> = {}) => runner.plan({ contract: contractOf(asked), ...input }),
    run: (asked: Asked, extra: Partial<Execution> = {}): Promise<Ran> =>
      collect((streams) => runner.run({ ...executionFor(contractOf(asked)), ...streams, ...extra })),
    /** A shell script under a contract that may write `out/` and nothing else. */
    script: (text: string, asked: Partial<Asked> = {}, extra: Partial<Execution> = {}): Promise<Ran> =>
      collect((streams) =>
        runner.run({
          ...executionFor(contractOf({ argv: ["/bin/sh", "-c", text], write: [out], ...asked })),
          ...streams,
          ...extra,
        }),
      ),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Bench = ReturnType<typeof openBench>;

export function contractFor(asked: Asked & { readonly cwd: string }): Contract {
  return shapeProcess({
    tenant: "local",
    principal: { type: "agent", id: "agent-1" },
    onBehalfOf: [{ type: "operator", id: "local" }],
    effects: ["execution"],
    argv: asked.argv,
    cwd: asked.cwd,
    environment: asked.environment ?? [],
    stdin: asked.stdin ?? null,
    scope: { write: asked.write ?? [], read: asked.read ?? [], network: asked.network ?? "none" },
    limits: {
      time_ms: asked.timeMs ?? 30_000,
      output_bytes: asked.outputBytes ?? 1_000_000,
      processes: asked.processes ?? 256,
    },
  });
}

export function executionFor(contract: Contract, mode: "dry" | "live" = "live"): Execution {
  const now = Date.now();
  const ticket = issueTicket(
    {
      id: newId(),
      action_id: newId(),
      action_digest: contractDigest(contract),
      decision: newId(),
      approvals: [],
      mode,
    },
    { now, lifeMs: 60_000 },
  );
  const intent = newId();
  const names = { ticket_id: ticket.id, action_id: ticket.action_id, action_digest: ticket.action_digest };
  const lease = grantLease(
    { id: intent, ...names, holder: { type: "operator", id: "local" }, fence: FIRST_FENCE },
    { now, expiresAt: now + 120_000 },
  );
  return {
    ticket,
    contract,
    intent,
    lease,
    currentFence: () => Promise.resolve(FIRST_FENCE),
    evidence: {
      decision: { entry: ticket.decision, actionDigest: ticket.action_digest, outcome: "allow" },
      trust: { issued: 1, intent: 3, ticketId: ticket.id, proposer: contract.principal },
    },
    deadline: formatInstant(now + 120_000),
  };
}

export function newId(): string {
  return formatUuid(uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10))));
}

/** Refusals that are attempts of the process, without the variables it never had. */
export function attempts({ refusals }: Receipt): readonly Refusal[] {
  return refusals.filter(({ kind }) => kind !== "environment");
}

async function collect(run: (streams: Pick<Execution, "onStdout" | "onStderr">) => Promise<Receipt>): Promise<Ran> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const receipt = await run({ onStdout: (chunk) => stdout.push(chunk), onStderr: (chunk) => stderr.push(chunk) });
  return { receipt, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}
