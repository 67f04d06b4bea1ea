import { isWritError, sha256, sha256Hex } from "@writ/canon";
import type { AdvisoryLock, NodeCoordination, Transaction } from "@writ/store";

import type { LedgerError } from "./ledger-error.ts";
import type { Head } from "./port.ts";

export interface NodePorts {
  readonly nodes: NodeCoordination;
  readonly origin: string;
  /** The head as the database has it now. */
  readonly head: () => Promise<Head>;
  /** Signs the head as it is in the database, and stores the checkpoint. */
  readonly publish: () => Promise<unknown>;
  /** Size of the newest checkpoint in the database; 0 when there is none. */
  readonly signedSize: () => Promise<number>;
  /** Signs the same head again. */
  readonly heartbeat: () => Promise<void>;
  /** Told the size of the log whenever it may have grown. */
  readonly grown: (size: number) => void;
  /** Ends this node's writer. */
  readonly stop: (reason: LedgerError) => void;
  readonly every: (ms: number, work: () => void) => () => void;
}

/** Between two looks at the head, in case a notification was lost; and between two checkpoints. */
const LOOK_MS = 1_000;
/** Looks without a new checkpoint after which any node publishes: the lock's holder may be stopped. */
const LOOKS_FOR_HOLDER = 5;
/** Looks after which a head that did not move is signed again, so that silence is visible: ten minutes. */
const LOOKS_PER_HEARTBEAT = 600;

/** Tells the other nodes with the commit that the log has `size` entries. */
export function announcement(nodes: NodeCoordination, origin: string) {
  const channel = channelOf(origin);
  return (tx: Transaction, size: number) => nodes.notify(tx, channel, String(size));
}

/**
 * Takes part in a log that several nodes write (spec ledger.md §6): hears of the others' commits, looks once a second
 * all the same, and publishes checkpoints while this node holds the log's advisory lock. Losing the lock halfway is
 * harmless: signatures are made one at a time over heads that only grow. Returns how to leave, to be called while the
 * database is open: once it has resolved, the next node can have the lock.
 */
export async function joinNodes(ports: NodePorts): Promise<() => Promise<void>> {
  const publisher = new Publisher(ports);
  let underway: Promise<void> | undefined;
  let left = false;
  const look = () => {
    if (!left) underway ??= lookOnce().finally(() => (underway = undefined));
  };
  const lookOnce = async () => {
    try {
      const { size } = await ports.head();
      ports.grown(size);
      await publisher.turn(size);
    } catch (error) {
      if (isWritError<LedgerError["code"]>(error, "SIGNER_REFUSED")) ports.stop(error);
      // Everything else is tried again at the next look.
    }
  };
  const stopHearing = await ports.nodes.listen(channelOf(ports.origin), (payload) => {
    const size = Number(payload ?? Number.NaN);
    if (Number.isSafeInteger(size)) ports.grown(size);
    else look();
  });
  const stopLooking = ports.every(LOOK_MS, look);
  return async () => {
    left = true;
    stopLooking();
    await stopHearing();
    // A look that is under way may be about to take the lock.
    await underway;
    await publisher.leave();
  };
}

/** One node at a time publishes: whoever has the session advisory lock of the log. */
class Publisher {
  readonly #ports: NodePorts;
  #lock: AdvisoryLock | undefined;
  /** Size of the newest checkpoint this node knows of. */
  #published = 0;
  /** Looks since the head last moved, or since it waits for the holder of the lock. */
  #still = 0;

  constructor(ports: NodePorts) {
    this.#ports = ports;
  }

  async turn(size: number): Promise<void> {
    if (this.#lock?.held !== true) this.#lock = await this.#ports.nodes.tryAdvisoryLock(lockKey(this.#ports.origin));
    if (this.#lock === undefined) return this.#watchHolder(size);
    this.#still = size === this.#published ? this.#still + 1 : 0;
    if (this.#still === 0) await this.#ports.publish();
    else if (this.#still % LOOKS_PER_HEARTBEAT === 0) await this.#ports.heartbeat();
    this.#published = size;
  }

  async #watchHolder(size: number): Promise<void> {
    const signed = await this.#ports.signedSize();
    this.#still = size > signed && signed === this.#published ? this.#still + 1 : 0;
    this.#published = signed;
    if (this.#still < LOOKS_FOR_HOLDER) return;
    this.#still = 0;
    await this.#ports.publish();
  }

  async leave(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }
}

/** Channels and locks belong to the whole database, so their names come from the origin, which names one log. */
function channelOf(origin: string): string {
  return `writ_${sha256Hex(origin).slice(0, 32)}`;
}

/** 48 bits, which a number holds exactly. */
function lockKey(origin: string): number {
  return Buffer.from(sha256(origin)).readUIntBE(0, 6);
}
