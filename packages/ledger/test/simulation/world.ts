import { join } from "node:path";

import { formatUuid, isWritError, uuidv7 } from "@writ/canon";

import type { HeadSigner } from "../../src/head-signer.ts";
import { ledgerError } from "../../src/ledger-error.ts";
import type { OpenLedger } from "../../src/log-ledger.ts";
import { noteSigningKey } from "../../src/note-signature.ts";
import { openLedger } from "../../src/open-ledger.ts";
import type { AppendResult, NewEntry } from "../../src/port.ts";
import { volatileMemory } from "../../src/signer-memory.ts";
import { createSigner } from "../../src/signer.ts";
import { seeded } from "../disk-states.ts";
import { CALM } from "./network.ts";
import type { Weather } from "./network.ts";
import { SimulatedServer } from "./server.ts";
import { VirtualTime } from "./virtual-time.ts";

const ORIGIN = "test.example/simulated";
/** 2026, in milliseconds: where the virtual clock begins. */
const EPOCH = 1_767_225_600_000;
/** Enough of everything that few lives go by without it. */
export const STORM: Weather = { cut: 0.01, slow: 0.002, disk: 0.02, deaf: 0.2, lie: 0 };

/** One process with the log open; another takes its place when it has died. */
interface Life {
  alive: boolean;
  readonly log: Promise<OpenLedger>;
  readonly death: Promise<never>;
  readonly die: () => void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly folder: string;
  readonly nodes: number;
}

/** Nodes, a server and a signer whose every delay, loss and failure comes from one seed. */
export class World {
  readonly time = new VirtualTime();
  readonly random: () => number;
  readonly server: SimulatedServer;
  readonly signer: HeadSigner;
  readonly #lives: (Life | undefined)[];
  readonly #offsets: number[];
  readonly #folder: string;
  weather: Weather = STORM;

  constructor({ seed, folder, nodes }: WorldOptions) {
    this.random = seeded(seed);
    this.#folder = folder;
    this.#lives = Array.from({ length: nodes }, () => undefined);
    this.#offsets = Array.from({ length: nodes }, () => 0);
    const weather = () => this.weather;
    this.server = new SimulatedServer({ path: join(folder, "log.db"), time: this.time, random: this.random, weather });
    const key = noteSigningKey(ORIGIN, this.bytes(32));
    this.signer = createSigner({ origin: ORIGIN, keys: [key], memory: volatileMemory() });
  }

  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  newEntry(fields: Partial<NewEntry> = {}): NewEntry {
    const id = formatUuid(uuidv7(EPOCH + Math.floor(this.time.now), this.bytes(10)));
    return { id, kind: "x.test", who: { tenant: "local" }, data: { step: this.below(1_000) }, ...fields };
  }

  /** Appends through a node, whatever becomes of it; throws when the node dies, or what the log answers. */
  async append(node: number, group: readonly NewEntry[], once: readonly string[]): Promise<AppendResult> {
    const life = this.#life(node);
    try {
      const log = await Promise.race([life.log, life.death]);
      return await Promise.race([log.append(group, { once }), life.death]);
    } catch (error) {
      // A writer that stopped is over; whoever keeps it running starts it again.
      if (!isWritError(error, "LEDGER_BUSY") && !isWritError(error, "LEDGER_FULL")) this.kill(node);
      throw error;
    }
  }

  /** The process is gone, with all that it had not sent. */
  kill(node: number): void {
    this.#lives[node]?.die();
    this.#lives[node] = undefined;
  }

  setClock(node: number, offsetMs: number): void {
    this.#offsets[node] = offsetMs;
  }

  /** A node that took no part, in calm weather; on `server`, or on another one with the same signer. */
  openWitness(server: SimulatedServer = this.server): Promise<OpenLedger> {
    return this.#open(server, { alive: true }, this.#offsets.length, this.signer);
  }

  /** An old copy of the database, on a server of its own. */
  restore(copy: string): SimulatedServer {
    const { time, random } = this;
    return new SimulatedServer({ path: join(this.#folder, copy), time, random, weather: () => CALM });
  }

  copy(name: string): void {
    this.server.copyTo(join(this.#folder, name));
  }

  #life(node: number): Life {
    const known = this.#lives[node];
    if (known !== undefined) return known;
    const death = Promise.withResolvers<never>();
    death.promise.catch(() => {});
    const life: Life = {
      alive: true,
      death: death.promise,
      die: () => {
        life.alive = false;
        death.reject(new Error("the node died"));
      },
      get log() {
        return log;
      },
    };
    const log = this.#open(this.server, life, node, this.#farSigner(life));
    log.catch(() => {});
    this.#lives[node] = life;
    return life;
  }

  #open(server: SimulatedServer, peer: { readonly alive: boolean }, node: number, signer: HeadSigner) {
    const { time } = this;
    return openLedger({
      database: server.database(peer),
      signer,
      origin: ORIGIN,
      clock: { now: () => EPOCH + Math.floor(time.now) + (this.#offsets[node] ?? 0) },
      random: (count) => this.bytes(count),
      every: (ms, work) => time.every(ms, () => peer.alive && work()),
      timing: { elapsed: () => time.now, sleep: (ms) => time.after(ms) },
    });
  }

  /** The one signer of all nodes, over a network: asked in vain, or answering in vain. */
  #farSigner(peer: { readonly alive: boolean }): HeadSigner {
    const { signer, time } = this;
    const travel = async () => {
      await time.after(this.random());
      if (!peer.alive) await new Promise(() => {});
      if (this.random() < this.weather.cut)
        throw ledgerError({ code: "SIGNER_UNREACHABLE", message: "cut", reason: "simulated", next: "try again" });
    };
    return {
      ...signer,
      sign: async (head) => {
        await travel();
        const note = await signer.sign(head);
        await travel();
        return note;
      },
    };
  }
}
