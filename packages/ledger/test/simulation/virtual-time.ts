import { setImmediate as nextTurn } from "node:timers/promises";

interface Event {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

/** Turns of the event loop after which nothing of ours is under way but what waits for an event. */
const TURNS = 3;

/** A clock that stands still until everything waits for it, and then jumps to the next event: no run waits in earnest. */
export class VirtualTime {
  #now = 0;
  #order = 0;
  #events: Event[] = [];

  get now(): number {
    return this.#now;
  }

  /** Calls `happen` in `ms`, unless the returned function is called before. */
  in(ms: number, happen: () => void): () => void {
    const event = { at: this.#now + ms, order: this.#order++, happen };
    let place = this.#events.length;
    while (place > 0 && isBefore(event, this.#events[place - 1])) place--;
    this.#events.splice(place, 0, event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  after(ms: number): Promise<void> {
    return new Promise((resolve) => this.in(ms, resolve));
  }

  every(ms: number, work: () => void): () => void {
    let cancel = () => {};
    const again = () => {
      cancel = this.in(ms, () => {
        again();
        work();
      });
    };
    again();
    return () => cancel();
  }

  /** Lets time pass until `work` is done. Throws when it is not after `limitMs`, or when nothing is left to happen. */
  async pass<T>(work: Promise<T>, limitMs: number): Promise<T> {
    let isDone = false;
    work.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    const until = this.#now + limitMs;
    for (;;) {
      for (let turn = 0; turn < TURNS; turn++) await nextTurn();
      if (isDone) return work;
      const event = this.#events.shift();
      if (event === undefined || event.at > until) throw new Error(`it hangs: nothing done until ${this.#now} ms`);
      this.#now = event.at;
      event.happen();
    }
  }
}

function isBefore(event: Event, other: Event | undefined): boolean {
  return other !== undefined && (event.at < other.at || (event.at === other.at && event.order < other.order));
}
