import { storeError } from "@writ/store";

import type { VirtualTime } from "./virtual-time.ts";

/** How likely what goes wrong is, each between 0 and 1. */
export interface Weather {
  /** A message is lost, and its connection with it. */
  readonly cut: number;
  /** A message takes seconds. */
  readonly slow: number;
  /** A commit that the disk fails, done or not. */
  readonly disk: number;
  /** A notification that nobody hears. */
  readonly deaf: number;
  /** A commit that is answered and was never done: what no log can stand, for the control. */
  readonly lie: number;
}

export const CALM: Weather = { cut: 0, slow: 0, disk: 0, deaf: 0, lie: 0 };

/** A node as the network sees it. */
export interface Peer {
  readonly alive: boolean;
}

/** One connection between a node and the server; what is sent on it arrives in order. */
export class Session {
  readonly peer: Peer;
  readonly #time: VirtualTime;
  readonly #random: () => number;
  readonly #weather: () => Weather;
  readonly #onLost = new Set<() => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #lost = false;

  constructor(peer: Peer, time: VirtualTime, random: () => number, weather: () => Weather) {
    this.peer = peer;
    this.#time = time;
    this.#random = random;
    this.#weather = weather;
  }

  get lost(): boolean {
    return this.#lost;
  }

  onLost(lost: () => void): void {
    this.#onLost.add(lost);
  }

  drop(): void {
    if (this.#lost) return;
    this.#lost = true;
    for (const lost of this.#onLost) lost();
  }

  /** Has `work` done by the server and brings its answer back, or `STORE_LOST` from either way. */
  async ask<T>(work: () => T): Promise<T> {
    const answer = this.#turn.then(async () => {
      await this.#travel();
      // What the server refuses travels back as an answer does.
      const done = attempt(work);
      await this.#travel();
      if (done.ok) return done.value;
      throw done.error;
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #travel(): Promise<void> {
    const { cut, slow } = this.#weather();
    await this.#time.after(this.#random() < slow ? 1_000 + this.#random() * 9_000 : 0.1 + this.#random());
    if (this.#random() < cut) this.drop();
    // A node that is dead hears nothing any more, not even that its connection is gone.
    if (!this.peer.alive) await new Promise(() => {});
    if (this.#lost) throw storeError({ code: "STORE_LOST", message: "the connection is gone" });
  }
}

function attempt<T>(work: () => T): { readonly ok: true; readonly value: T } | { readonly ok: false; error: unknown } {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}
