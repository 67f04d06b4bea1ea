import { spawn } from "node:child_process";
import { join } from "node:path";

import { createInstallation } from "./installation.ts";
import { interleave, medianOf } from "./measure.ts";
import type { Sample } from "./measure.ts";
import { atLeast, atMost, figure } from "./report.ts";
import type { Context, Report } from "./report.ts";

const CALLERS = 64;
const BODY = { process: { argv: ["true"], cwd: "/tmp" } };

/** Propose over HTTP to a durable decision, against a bare server that reads and answers the same (ARCHITECTURE §8). */
export async function httpBenchmark(context: Context): Promise<Report> {
  const writ = createInstallation(context.folder());
  writ.run("posture", "DEFENSE");
  const { token } = JSON.parse(writ.run("token", "create", "agent", "--principal", "bench", "--json")) as {
    token: string;
  };
  const up = await writ.up();
  const bare = await startBare();
  const wrong = new Set<string>();
  const ms = context.quick ? 300 : 2500;
  let proposed = 0;
  const load = async (port: number, callers: number, expect: string): Promise<Sample> => {
    const answer = await client({ port, token, callers, ms, body: JSON.stringify(BODY), expect });
    if (answer.bad > 0) wrong.add(`an answer was not ${expect}: ${answer.sample}`);
    if (port === up.port) proposed += answer.good;
    return answer;
  };
  const sizeOf = (): number => (JSON.parse(writ.run("status", "--json")) as { log: { size: number } }).log.size;
  try {
    const before = sizeOf();
    const series = await interleave(
      { rounds: context.rounds },
      {
        bareOne: () => load(bare.port, 1, '"bare":true'),
        one: () => load(up.port, 1, '"state":"open"'),
        bareMany: () => load(bare.port, CALLERS, '"bare":true'),
        many: () => load(up.port, CALLERS, '"state":"open"'),
      },
    );
    const grown = sizeOf() - before;
    if (grown < proposed) wrong.add(`${proposed} proposals were answered, the log grew by ${grown}`);
    return {
      title: "Propose over HTTP",
      how: [
        "`writ up` in a process of its own, with SQLite, signing each commit; a client in another process keeps 1 or 64 connections and proposes a command on each. An answer counts when it says that the action is allowed, and at the end the log must have grown by as many entries.",
        "The bare server is `node:http` alone: it reads and parses the same request and answers as many bytes, without storing anything. Client, server and disk share this machine's cores.",
      ],
      figures: [
        figure("bare server, 1 caller", series.bareOne),
        figure("propose, 1 caller", series.one, { of: "bare server", series: series.bareOne }),
        figure(`bare server, ${CALLERS} callers`, series.bareMany),
        figure(`propose, ${CALLERS} callers`, series.many, { of: "bare server", series: series.bareMany }),
      ],
      goals: [
        atLeast("proposals", medianOf(series.many, "perSecond"), 5000, { unit: "/s" }),
        atMost(`p99 with ${CALLERS} callers`, medianOf(series.many, "p99") / 1000, 20, { unit: " ms" }),
        atMost("added to an agent's tool call, p50", medianOf(series.one, "p50") / 1000, 10, { unit: " ms" }),
        atMost("added to an agent's tool call, p99", medianOf(series.one, "p99") / 1000, 25, { unit: " ms" }),
      ],
      wrong: [...wrong],
    };
  } finally {
    await up.stop();
    bare.child.kill("SIGKILL");
  }
}

interface Answered extends Sample {
  readonly good: number;
  readonly bad: number;
  readonly sample: string;
}

function client(order: object): Promise<Answered> {
  const { child } = start("http-client.ts", [JSON.stringify(order)]);
  let text = "";
  child.stdout.on("data", (part: Buffer) => void (text += part.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(text) as Answered);
      else reject(new Error(`the client ended with ${code}`));
    });
  });
}

async function startBare(): Promise<{ readonly port: number; readonly child: ReturnType<typeof start>["child"] }> {
  const { child } = start("http-bare.ts", []);
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (part: Buffer) => resolve(Number(part.toString())));
    child.once("error", reject);
  });
  return { port, child };
}

function start(script: string, args: readonly string[]) {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child };
}
