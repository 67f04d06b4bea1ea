import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createSigner, noteSigningKey, openLedger, volatileMemory } from "@writ/ledger";
import type { HeadSigner, OpenLedger } from "@writ/ledger";
import { shippedPolicies } from "@writ/policy";
import { openSqlite } from "@writ/store";
import type { Database } from "@writ/store";

import { openEngine } from "../../src/index.ts";
import type { Caller, Engine, EngineOptions, PolicySetSource } from "../../src/index.ts";

const ORIGIN = "test.example/log";

/** A clock that stands until it is set. */
export interface TestClock {
  ms: number;
}

export interface House {
  readonly engine: Engine;
  readonly ledger: OpenLedger;
  readonly views: Database;
  readonly clock: TestClock;
  readonly folder: string;
  /** Drops the engine as a crash would: nothing is closed but the files, and the log is opened again. */
  crash(): Promise<House>;
  close(): Promise<void>;
}

type Overrides = Partial<Omit<EngineOptions, "ledger" | "views" | "clock" | "signer">> & {
  readonly wrapLog?: (database: Database) => Database;
  readonly wrapLedger?: (ledger: OpenLedger) => OpenLedger;
  readonly clock?: TestClock;
  readonly folder?: string;
  /** The one signer of a log, whose memory survives a crash of the engine. */
  readonly signer?: HeadSigner;
};

/** 2026-11-21T12:00:00Z. */
export const NOON = Date.UTC(2026, 10, 21, 12);

/** An engine over a real SQLite log in a folder of its own, with the shipped policies. */
export async function openHouse(overrides: Overrides = {}): Promise<House> {
  const {
    wrapLog = (same) => same,
    wrapLedger = (same) => same,
    clock = { ms: NOON },
    signer = newSigner(),
    folder = newFolder(),
    ...options
  } = overrides;
  const now = (): number => clock.ms;
  const ledger = await openLedger({
    database: wrapLog(openSqlite({ path: join(folder, "log.db") })),
    signer,
    clock: { now },
    random: (bytes) => randomBytes(bytes),
    origin: ORIGIN,
    every: () => () => {},
  });
  const views = openSqlite({ path: join(folder, "views.db"), durable: "rebuildable" });
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const engine = await openEngine({
    policySet: shippedSet(),
    random,
    sweepMs: 0,
    ...options,
    ledger: wrapLedger(ledger),
    views,
    clock: now,
  });
  return {
    engine,
    ledger,
    views,
    clock,
    folder,
    async crash() {
      await views.close();
      await ledger.close();
      return openHouse({ ...overrides, clock, folder, signer });
    },
    async close() {
      await engine.close();
      await ledger.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newSigner(): HeadSigner {
  const seed = new Uint8Array(32).fill(42);
  return createSigner({ origin: ORIGIN, keys: [noteSigningKey(ORIGIN, seed)], memory: volatileMemory() });
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "writ-engine-"));
}

export function shippedSet(): PolicySetSource {
  const { policies, schema } = shippedPolicies();
  return { origin: "shipped", schema: schema.text, files: policies };
}

function caller(type: "operator" | "agent", id: string, fields: Partial<Caller> = {}): Caller {
  const principal = { type, id };
  return {
    tenant: "local",
    principal,
    onBehalfOf: [],
    rights: type,
    auth: "token",
    credential: `token-${id}`,
    ...fields,
  };
}

export const anna = caller("operator", "anna");
export const bert = caller("operator", "bert");
export const carla = caller("operator", "carla");
export const agent = caller("agent", "claude", { onBehalfOf: [anna.principal] });
export const other = caller("agent", "gpt");
export const viewer: Caller = { ...caller("operator", "vera"), rights: "viewer" };
export const stranger: Caller = { ...anna, tenant: "elsewhere" };

/** An action in words. */
export function words(text: string, more: Record<string, unknown> = {}) {
  return { action: "act", statement: { text, ...more } } as const;
}

/** A harmless command. */
export function command(argv: readonly string[] = ["ls", "-l"], more: Record<string, unknown> = {}) {
  return { action: "process.exec", process: { argv, cwd: "/work" }, ...more } as const;
}
