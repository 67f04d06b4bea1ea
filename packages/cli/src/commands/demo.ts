import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionView, Caller, Engine } from "@writ/engine";
import { detectSandbox } from "@writ/runner";
import { verifyBundle, parsePolicy } from "@writ/verify";
import { outputFor, type CommonOptions } from "../command.ts";
import { composeEngine, LOCAL_OPERATOR } from "../owner/compose.ts";
import { firstSignal } from "../terminal/first-signal.ts";

interface Step {
  readonly step: string;
  readonly entry: number | null;
  readonly text: string;
}

/** The agent of the demonstration: it works for the local operator and can never approve. */
const DEMO_AGENT: Caller = {
  tenant: "local",
  principal: { type: "agent", id: "demo-agent" },
  onBehalfOf: [LOCAL_OPERATOR.principal],
  rights: "agent",
  auth: "socket",
  credential: "demo-agent",
};

/** `writ demo`: one governed action end to end, in a log of its own that is removed afterwards. */
export async function demo(options: CommonOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "writ-demo-"));
  void firstSignal().then((signal) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(signal === "SIGINT" ? 130 : 1);
  });
  const output = outputFor(options);
  const steps: Step[] = [];
  const show = (step: string, entry: number | null, text: string): void => {
    steps.push({ step, entry, text });
    if (!output.json)
      process.stdout.write(
        `${step.padEnd(9)} ${entry === null ? "         " : `entry ${String(entry).padStart(3)}`}  ${text}\n`,
      );
  };
  try {
    const verified = await play(folder, show);
    const last = verified ? "verified" : "NOT verified";
    output.result({ steps, verified }, () => [last]);
    return verified ? 0 : 4;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(
  folder: string,
  show: (step: string, entry: number | null, text: string) => void,
): Promise<boolean> {
  const workspace = prepareWorkspace(folder);
  const homes = {
    data: join(folder, "data"),
    keys: join(folder, "keys"),
    policies: join(folder, "policies"),
    socket: join(folder, "s"),
  };
  const composed = await composeEngine(homes, { trial: false });
  const { engine } = composed;
  try {
    const governance = await engine.setGovernance(LOCAL_OPERATOR, { mode: "None (Unrestricted)", posture: "DEFENSE" });
    show(
      "governed",
      (await engine.head(LOCAL_OPERATOR)).size - 1,
      `mode ${governance.mode}, posture ${governance.posture}`,
    );
    const sandbox = await detectSandbox();
    const held = await propose(engine, workspace, sandbox.available);
    show("proposed", entryOf(held, "policy.decision"), `demo-agent asks to run: ${held.summary}`);
    show(
      "held",
      entryOf(held, "approval.requested"),
      held.decision.rules
        .filter((rule) => rule.vote === "hold")
        .map((rule) => `${rule.id}: ${rule.text}`)
        .join("; "),
    );
    const released = await engine.approve(LOCAL_OPERATOR, held.id, { digest: held.digest });
    show("approved", entryOf(released, "approval.given"), `operator local says yes to ${held.digest.slice(0, 16)}…`);
    const mode = sandbox.available ? "live" : "dry";
    const done = await engine.run(LOCAL_OPERATOR, held.id, { mode });
    show(
      "ticketed",
      entryOf(done, "ticket.issued"),
      `single use, for this digest alone; spent as entry ${String(entryOf(done, "ticket.spent"))}`,
    );
    show(
      "run",
      entryOf(done, "execution.intent"),
      sandbox.available ? `in ${done.receipt?.sandbox ?? "a sandbox"}` : `dry: ${sandbox.reason}`,
    );
    show("receipted", entryOf(done, "execution.receipt"), receiptText(done));
    return await verifyAll(engine, show);
  } finally {
    await composed.close();
  }
}

function prepareWorkspace(folder: string): string {
  const workspace = join(folder, "workspace");
  mkdirSync(join(workspace, "out"), { recursive: true });
  writeFileSync(join(workspace, "out", "old-report.txt"), "superseded\n");
  return workspace;
}

function propose(engine: Engine, workspace: string, live: boolean): Promise<ActionView> {
  return engine.propose(DEMO_AGENT, {
    action: "process.exec",
    process: { argv: ["rm", "out/old-report.txt"], cwd: workspace },
    scope: { write: [join(workspace, "out")] },
    live,
  });
}

/** A stranger's view: the exported bundle and the public key, nothing else. */
async function verifyAll(
  engine: Engine,
  show: (step: string, entry: number | null, text: string) => void,
): Promise<boolean> {
  const { signer } = await engine.status(LOCAL_OPERATOR);
  const lines: Uint8Array[] = [];
  for await (const line of engine.exportRun(LOCAL_OPERATOR)) lines.push(Buffer.from(line));
  const result = await verifyBundle(lines, { policy: parsePolicy(`${signer ?? ""}\n`) });
  show("checked", null, `${String(lines.length)} lines of evidence, offline, with the public key alone`);
  for (const finding of result.findings) show("finding", null, `${finding.code}: ${finding.what}`);
  return result.ok;
}

function receiptText({ receipt, agreement }: ActionView): string {
  if (receipt === null) return "no receipt";
  const files = receipt.files.map(({ change, path }) => `${change} ${path}`).join(", ");
  return [receipt.outcome.replaceAll("_", " "), agreement?.replaceAll("_", " "), files]
    .filter((part) => part !== "" && part !== undefined)
    .join(", ");
}

function entryOf(action: ActionView, kind: string): number | null {
  return action.entries.find((entry) => entry.kind === kind)?.index ?? null;
}
