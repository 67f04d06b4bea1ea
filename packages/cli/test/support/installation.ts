import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveHomes } from "../../src/homes.ts";

const bundle = join(import.meta.dirname, "..", "..", "bundle", "writ.mjs");

/** One installation of Writ in folders of its own, driven only through the real command. */
export interface Installation {
  readonly folder: string;
  /** A workspace that an agent could work in. */
  readonly workspace: string;
  /** The home of the person who gives the commands. */
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Starts a command and returns at once; `finished` resolves when it has ended. */
  start(args: readonly string[], options?: RunOptions): Started;
  /** Ends every process that was started here and removes the folders. */
  dispose(): Promise<void>;
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly timeoutMs?: number;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when the pattern has appeared on either stream. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
}

export function createInstallation(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "writ-test-"));
  const workspace = join(folder, "workspace");
  const home = join(folder, "home");
  mkdirSync(join(workspace, "out"), { recursive: true });
  mkdirSync(home);
  const environment = {
    PATH: process.env["PATH"],
    HOME: home,
    LANG: "C.UTF-8",
    WRIT_HOME: join(folder, "data"),
    WRIT_KEY_HOME: join(folder, "config", "keys"),
  };
  const started = new Set<ChildProcess>();
  const start = (args: readonly string[], options: RunOptions = {}): Started => {
    const one = startCommand(args, { workspace, environment, options });
    started.add(one.child);
    void one.finished.then(() => started.delete(one.child));
    return one;
  };
  return {
    folder,
    workspace,
    home,
    environment,
    start,
    run: (args, options) => start(args, options).finished,
    async dispose() {
      for (const child of started) child.kill("SIGKILL");
      await stopOwner(environment);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function startCommand(
  args: readonly string[],
  { workspace, environment, options }: { workspace: string; environment: NodeJS.ProcessEnv; options: RunOptions },
): Started {
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd: options.cwd ?? workspace,
    env: { ...environment, ...options.environment },
    stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdin?.end(options.stdin);
  const text = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (part: string) => {
      text[stream] += part;
      for (const listener of listeners) listener();
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 60_000);
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, ...text });
    });
  });
  const seen = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text.stdout) ?? pattern.exec(text.stderr);
        if (match === null) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      void finished.then(() => {
        look();
        reject(new Error(`ended without ${String(pattern)}: ${text.stdout}${text.stderr}`));
      });
    });
  return { child, finished, seen };
}

/** The owner in the background is nobody's child; it steps down when asked. Resolves when its process has ended. */
export async function stopOwner(environment: NodeJS.ProcessEnv): Promise<void> {
  const { data, socket } = resolveHomes(environment);
  const owner = ownerPid(data);
  if (owner === undefined || !(await askToStepDown(socket))) return;
  for (let attempt = 0; isRunning(owner); attempt++) {
    if (attempt === STOP_TRIES_MAX) throw new Error("an owner that stepped down is still running");
    await sleep(STOP_POLL_MS);
  }
}

/** Far less than an owner waits for commands before it ends by itself. */
const STOP_TRIES_MAX = 2_000;
const STOP_POLL_MS = 5;

function ownerPid(data: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(data, "log.db-owner.json"), "utf8")) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}

function askToStepDown(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: "/api/owner/step-down", method: "POST" }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode === 200));
    });
    call.once("error", () => resolve(false));
    call.end();
  });
}

/** One that has ended may stay listed where nobody waits for it. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, "latin1"));
  } catch {
    return false;
  }
}
