import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** The bundled command as the launcher starts it, and the launcher itself. */
export const BUNDLE: string = join(ROOT, "packages", "cli", "bundle", "writ.mjs");
export const LAUNCHER: string = join(ROOT, "packages", "cli", "bin", "writ.cjs");

/** Folders of its own for one installation, driven by the real command alone. */
export interface Installation {
  readonly environment: NodeJS.ProcessEnv;
  readonly workspace: string;
  /** Runs a command to its end; throws when it fails. Returns what it printed. */
  run(...args: readonly string[]): string;
  /** Starts `writ up` and waits until it serves; `stop` ends it. */
  up(): Promise<{ readonly port: number; readonly child: ChildProcess; stop(): Promise<void> }>;
}

export function createInstallation(folder: string): Installation {
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  const environment = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    LANG: "C.UTF-8",
    WRIT_HOME: join(folder, "data"),
    WRIT_KEY_HOME: join(folder, "config", "keys"),
  };
  const options = { env: environment, cwd: workspace };
  return {
    environment,
    workspace,
    run(...args) {
      const done = spawnSync(process.execPath, [BUNDLE, ...args], { ...options, encoding: "utf8" });
      if (done.status !== 0) throw new Error(`writ ${args.join(" ")} ended with ${done.status}: ${done.stderr}`);
      return done.stdout;
    },
    async up() {
      const port = await freePort();
      const child = spawn(process.execPath, [BUNDLE, "up", "--port", String(port), "--json"], {
        ...options,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
      await Promise.race([
        new Promise((resolve) => child.stdout.once("data", resolve)),
        ended.then(() => Promise.reject(new Error("`writ up` ended early"))),
      ]);
      return {
        port,
        child,
        stop: () => {
          child.kill("SIGTERM");
          return ended;
        },
      };
    },
  };
}

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
