import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { freePort } from "./free-port.ts";
import { findPostgresBinaries, preparePostgresBinaries } from "./postgres-binaries.ts";
import type { RunAs } from "./postgres-binaries.ts";

export interface PostgresServer {
  /** Superuser on the database `postgres`, over 127.0.0.1; the same after a restart. */
  readonly connectionString: string;
  readonly port: number;
  /** Kills every process of the server with SIGKILL, as a crash or a power cut of the machine would. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port; recovery runs first. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Server settings beside those of a test, for example `{ fsync: "off" }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts a real PostgreSQL on a free port of 127.0.0.1 with its data in a fresh folder. It ends with `stop`, and by
 * itself when this process dies, however it dies. Rejects when the binaries are not there.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const found = findPostgresBinaries();
  if (!found.found) throw new Error(`no PostgreSQL to test with: ${found.reason}`);
  const native = preparePostgresBinaries(found);
  const cluster = createCluster(native, found.runAs);
  const watchdog = watchOver(cluster.folder);
  const server = new EmbeddedServer({ cluster, port: await freePort(), watchdog, settings: options.settings ?? {} });
  try {
    await server.restart();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

interface Cluster {
  readonly native: string;
  readonly runAs: RunAs | undefined;
  readonly folder: string;
  readonly data: string;
  readonly password: string;
}

interface ServerParts {
  readonly cluster: Cluster;
  readonly port: number;
  readonly watchdog: ChildProcess;
  readonly settings: Readonly<Record<string, string>>;
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "64MB",
  max_wal_size: "512MB",
};
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

function createCluster(native: string, runAs: RunAs | undefined): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "writ-postgres-"));
  const [data, password] = [join(folder, "data"), randomBytes(12).toString("hex")];
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs !== undefined) for (const path of [folder, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
  const made = spawnSync(
    join(native, "bin/initdb"),
    ["-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C", "-N"],
    { ...runAs, cwd: folder, env: SERVER_ENVIRONMENT, encoding: "utf8", timeout: START_MS_MAX },
  );
  if (made.status === 0) return { native, runAs, folder, data, password };
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

/** A system library path of the caller must not shadow the server's own libraries. */
const SERVER_ENVIRONMENT = { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };

/** A shell whose standard input is ours: when we are gone, however, it ends the server and removes the data. */
function watchOver(folder: string): ChildProcess {
  const script = `cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
sleep 2; rm -rf "$1"`;
  const watchdog = spawn("sh", ["-c", script, "sh", folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watchdog.unref();
  return watchdog;
}

class EmbeddedServer implements PostgresServer {
  readonly port: number;
  readonly connectionString: string;
  readonly #cluster: Cluster;
  readonly #watchdog: ChildProcess;
  readonly #settings: Readonly<Record<string, string>>;
  #server: ChildProcess | undefined;

  constructor({ cluster, port, watchdog, settings }: ServerParts) {
    this.#cluster = cluster;
    this.#watchdog = watchdog;
    this.#settings = { ...SETTINGS, ...settings };
    this.port = port;
    this.connectionString = `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`;
  }

  async restart(): Promise<void> {
    const until = Date.now() + START_MS_MAX;
    while (Date.now() < until) {
      const server = this.#spawn();
      if (await this.#becomesReady(server, until)) {
        this.#server = server;
        return;
      }
      // A killed server's last processes may still hold its shared memory; the next attempt finds them gone.
      await pause(200);
    }
    throw new Error(`PostgreSQL did not start:\n${this.#log()}`);
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server?.pid === undefined) return;
    const ended = exitOf(server);
    server.kill("SIGSTOP");
    for (const child of childrenOf(server.pid)) killQuietly(child);
    server.kill("SIGKILL");
    await ended;
    this.#server = undefined;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server !== undefined) {
      const ended = exitOf(server);
      server.kill("SIGINT");
      await Promise.race([ended, pause(STOP_MS_MAX, undefined, { ref: false })]);
      if (server.exitCode === null) await this.kill();
      this.#server = undefined;
    }
    this.#watchdog.kill("SIGKILL");
    rmSync(this.#cluster.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(): ChildProcess {
    const { native, data, folder, runAs } = this.#cluster;
    const log = openSync(join(folder, "server.log"), "a");
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    try {
      return spawn(join(native, "bin/postgres"), ["-D", data, "-p", String(this.port), ...settings], {
        ...runAs,
        cwd: folder,
        env: SERVER_ENVIRONMENT,
        stdio: ["ignore", log, log],
      });
    } finally {
      closeSync(log);
    }
  }

  /** The server writes its state into line 8 of `postmaster.pid`; `pg_ctl` waits for the same word. */
  async #becomesReady(server: ChildProcess, until: number): Promise<boolean> {
    const file = join(this.#cluster.data, "postmaster.pid");
    while (server.exitCode === null && server.signalCode === null && Date.now() < until) {
      const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
      if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return true;
      await pause(20);
    }
    return false;
  }

  #log(): string {
    const file = join(this.#cluster.folder, "server.log");
    return existsSync(file) ? readFileSync(file, "utf8").slice(-4000) : "(no log)";
  }
}

async function exitOf(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.once("exit", () => resolve());
  await promise;
}

/** Linux lists them; elsewhere they notice that the first process is gone. */
function childrenOf(pid: number): readonly number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  return existsSync(list) ? readFileSync(list, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in between.
  }
}
