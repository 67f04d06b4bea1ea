import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { openEngine, type Caller, type Engine, type EngineOptions, type PolicySetSource } from "@writ/engine";
import { openFileSigner, openLedgerFile } from "@writ/ledger";
import { shippedPolicies } from "@writ/policy";
import { createRunner, detectSandbox } from "@writ/runner";
import { openSqlite } from "@writ/store";
import { freePort } from "@writ/testkit";
import { pino } from "pino";
import { createApp, createMetrics, listenOnTcp, type ServerParts } from "../../src/index.ts";

/** A real server on a free port, over a real engine in a folder of its own, with a token for each role. */
export interface House {
  readonly engine: Engine;
  /** What the server was made of. */
  readonly parts: ServerParts;
  readonly port: number;
  readonly address: string;
  /** The workspace that proposed commands run in. */
  readonly workspace: string;
  readonly tokens: Readonly<Record<"anna" | "bert" | "agent" | "other" | "viewer", string>>;
  /** Every line the server logged. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

export const LOCAL: Caller = {
  tenant: "local",
  principal: { type: "operator", id: "local" },
  onBehalfOf: [],
  rights: "operator",
  auth: "socket",
  credential: "socket",
};

type Overrides = Partial<Pick<EngineOptions, "trial" | "holdMs" | "sweepMs"> & Pick<ServerParts, "heartbeatMs">>;

export async function openHouse(overrides: Overrides = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "writ-server-"));
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  const composed = await compose(folder, overrides);
  const { engine } = composed;
  const port = await freePort();
  const logged: string[] = [];
  const { heartbeatMs, trial = false } = overrides;
  const parts = { ...serverParts({ engine, port, trial, logged }), ...(heartbeatMs !== undefined && { heartbeatMs }) };
  const listener = await listenOnTcp(createApp(parts), { host: "127.0.0.1", port });
  return {
    engine,
    parts,
    port,
    address: `http://127.0.0.1:${String(port)}`,
    workspace,
    tokens: await createTokens(engine),
    logged,
    async close() {
      await listener.close();
      await composed.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function compose(folder: string, overrides: Overrides) {
  const keyHome = join(folder, "keys");
  const dataHome = join(folder, "data");
  mkdirSync(dataHome, { mode: 0o700 });
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const ledger = await openLedgerFile({
    path: join(dataHome, "log.db"),
    socket: join(dataHome, "owner.sock"),
    signer: (origin) => openFileSigner({ keyHome, dataHome, origin, create: true }),
    clock: { now: Date.now },
    random,
  });
  const engine = await openEngine({
    ledger,
    views: openSqlite({ path: join(dataHome, "views.db"), durable: "rebuildable" }),
    policySet: shippedSource(),
    clock: Date.now,
    random,
    execution: { ...createRunner({ hidden: [dataHome, keyHome] }), sandboxed: (await detectSandbox()).available },
    ...overrides,
  });
  return {
    engine,
    async close() {
      await engine.close();
      await ledger.close();
    },
  };
}

function shippedSource(): PolicySetSource {
  const { policies, schema } = shippedPolicies();
  return { origin: "shipped", schema: schema.text, files: policies };
}

interface PartsOptions {
  readonly engine: Engine;
  readonly port: number;
  readonly trial: boolean;
  readonly logged: string[];
}

function serverParts({ engine, port, trial, logged }: PartsOptions): ServerParts {
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${String(port)}`);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString("utf8"));
      done();
    },
  });
  return {
    engine,
    metrics: createMetrics(engine, "0.0.0-test"),
    log: pino({ level: "debug" }, sink),
    trial,
    localOperator: LOCAL,
    version: "0.0.0-test",
    stepDown: () => {},
    readPolicies: () => Promise.resolve(shippedSource()),
    touched: () => () => {},
    hosts: { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `http://${host}`)) },
  };
}

async function createTokens(engine: Engine): Promise<House["tokens"]> {
  const make = async (role: "operator" | "agent" | "viewer", principal: string): Promise<string> =>
    (await engine.createToken(LOCAL, { role, principal })).token;
  return {
    anna: await make("operator", "anna"),
    bert: await make("operator", "bert"),
    agent: await make("agent", "claude"),
    other: await make("agent", "gpt"),
    viewer: await make("viewer", "vera"),
  };
}
