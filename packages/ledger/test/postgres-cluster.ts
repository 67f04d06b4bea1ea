import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { onTestFinished } from "vitest";

import { openPostgres } from "@writ/store";

import type { OpenLedger } from "../src/log-ledger.ts";
import { noteSigningKey } from "../src/note-signature.ts";
import { openLedger } from "../src/open-ledger.ts";
import type { OpenLedgerOptions } from "../src/open-ledger.ts";
import { volatileMemory } from "../src/signer-memory.ts";
import { serveSigner } from "../src/signer-process.ts";
import { createSigner } from "../src/signer.ts";
import type { LocalSigner } from "../src/signer.ts";
import type { Acknowledged } from "./postgres-history.ts";

/** For an answer of a busy machine; a connection that was cut is known as lost at once. */
const REPLY_MS_MAX = 20_000;
let clusters = 0;

/**
 * A fresh log in a schema of its own and of a name of its own (channels and locks belong to the whole database), with
 * one signer for all its nodes. What was opened is closed when the test ends, however it ends.
 */
export interface Cluster {
  readonly signer: LocalSigner;
  readonly schema: string;
  /** A node in this process. */
  open(url: string, options?: Partial<OpenLedgerOptions>): Promise<OpenLedger>;
  /** The tables themselves. */
  database(url: string): ReturnType<typeof openPostgres>;
  /** A node in a process of its own that has opened the log. */
  spawn(url: string, callers?: number): Promise<NodeProcess>;
}

export interface NodeProcess {
  readonly pid: number;
  readonly acknowledged: Acknowledged[];
  /** Lines other than acknowledgements. */
  readonly said: string[];
  tell(order: string): void;
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
  readonly ended: Promise<void>;
}

/** Tests that run at once hand on whose end they mean. */
export async function startCluster(whenFinished: typeof onTestFinished = onTestFinished): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "writ-signer-"));
  const number = (clusters += 1);
  const origin = `test.example/shared-${number}`;
  const signer = createSigner({
    origin,
    keys: [noteSigningKey(origin, randomBytes(32))],
    memory: volatileMemory(),
  });
  const socketPath = join(folder, "signer.sock");
  const served = await serveSigner({ signer, socketPath });
  const schema = `log_${process.pid}_${number}`;
  const children = new Set<NodeProcess>();
  const opened = new Set<{ close(): Promise<void> }>();
  const database = async (connectionString: string) => {
    const made = await openPostgres({ connectionString, schema, replyMsMax: REPLY_MS_MAX });
    opened.add(made);
    return made;
  };
  whenFinished(async () => {
    for (const child of children) child.signal("SIGKILL");
    await Promise.all([...opened].map((one) => one.close().catch(() => undefined)));
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    signer,
    schema,
    database,
    open: async (url, options = {}) => {
      const log = await openLedger({
        database: options.database ?? (await database(url)),
        signer,
        clock: { now: () => Date.now() },
        random: (bytes) => randomBytes(bytes),
        origin,
        ...options,
      });
      opened.add(log);
      return log;
    },
    spawn: async (url, callers = 8) => {
      const child = await spawnNode([
        "--url",
        url,
        "--schema",
        schema,
        "--socket",
        socketPath,
        "--callers",
        `${callers}`,
      ]);
      children.add(child);
      return child;
    },
  };
}

async function spawnNode(args: readonly string[]): Promise<NodeProcess> {
  const script = join(import.meta.dirname, "postgres-node-child.ts");
  const child = spawn(process.execPath, ["--conditions=writ-source", script, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const acknowledged: Acknowledged[] = [];
  const said: string[] = [];
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  createInterface({ input: child.stdout })
    .on("line", (line) => {
      const [word, id = "", index = ""] = line.split(" ");
      if (word === "ack") acknowledged.push({ id, index: Number(index) });
      else said.push(line);
      if (word === "open") opened.resolve();
    })
    .on("close", () => {
      opened.reject(new Error(`a node ended early: ${said.join("; ")}`));
      ended.resolve();
    });
  child.stdin.on("error", () => {});
  await opened.promise;
  return {
    pid: child.pid ?? 0,
    acknowledged,
    said,
    tell: (order) => void child.stdin.write(`${order}\n`),
    signal: (name) => void child.kill(name),
    ended: ended.promise,
  };
}
