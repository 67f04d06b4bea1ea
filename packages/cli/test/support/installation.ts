import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const bundle = join(import.meta.dirname, "..", "..", "bundle", "writ.mjs");

/** One installation of Writ in folders of its own, driven only through the real command. */
export interface Installation {
  readonly folder: string;
  /** A workspace that an agent could work in. */
  readonly workspace: string;
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
  mkdirSync(join(workspace, "out"), { recursive: true });
  const environment = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
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

/** A port of 127.0.0.1 that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
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

/** The owner in the background is nobody's child; it steps down when asked. */
export async function stopOwner(environment: NodeJS.ProcessEnv): Promise<void> {
  const socket = join(environment["WRIT_HOME"] ?? "/nowhere", "run", "owner.sock");
  await fetchSocket(socket, "/api/owner/step-down").catch(() => {});
  for (let attempt = 0; attempt < 100; attempt++) {
    const alive = await fetchSocket(socket, "/health").then(
      () => true,
      () => false,
    );
    // Its socket goes first, its lock a moment later.
    if (!alive) return new Promise((resolve) => setTimeout(resolve, 300));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function fetchSocket(socketPath: string, path: string): Promise<void> {
  const { request } = await import("node:http");
  await new Promise<void>((resolve, reject) => {
    const call = request({ socketPath, path, method: path === "/health" ? "GET" : "POST" }, (response) => {
      response.resume();
      response.once("end", () => resolve());
    });
    call.once("error", reject);
    call.end();
  });
}
