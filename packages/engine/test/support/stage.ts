import { AsyncLocalStorage } from "node:async_hooks";
import type { AppendResult, OpenLedger } from "@writ/ledger";

/** What becomes of a write that waits: it is made; it is never made; it is made and its writer never learns of it. */
export const OUTCOMES = ["made", "lost", "made and lost"] as const;
export type Outcome = (typeof OUTCOMES)[number];

interface Waiting {
  readonly actor: number;
  /** A moment that only passes can be lost by nobody. */
  readonly writes: boolean;
  readonly release: (outcome: Outcome) => void;
}

/**
 * A log on which actors write only when they are told to: each write stops before the log is touched, and a schedule
 * says whose goes on. Writes of nobody in particular pass.
 */
export class Stage {
  readonly #actor = new AsyncLocalStorage<number>();
  readonly #waiting: Waiting[] = [];
  #busy = 0;
  #quiet: (() => void) | undefined;

  /** The same log with its writes on stage. */
  wrap(ledger: OpenLedger): OpenLedger {
    const append: OpenLedger["append"] = async (group, options) => {
      const actor = this.#actor.getStore();
      return actor === undefined
        ? ledger.append(group, options)
        : this.#turn(actor, () => ledger.append(group, options));
    };
    return new Proxy(ledger, {
      get: (target, name) => {
        if (name === "append") return append;
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === "function" ? (found.bind(target) as unknown) : found;
      },
    });
  }

  /** Plays the acts at once, each as an actor of its own. `choose` is given the number of ways to go on. */
  async play(acts: readonly (() => Promise<unknown>)[], choose: (ways: number) => number): Promise<void> {
    let crashes = 1;
    const over = acts.map((act, actor) => this.#begin(actor, act));
    for (;;) {
      await this.#untilQuiet();
      if (this.#waiting.length === 0) break;
      const ways = this.#waiting.flatMap((waiting) =>
        (waiting.writes && crashes > 0 ? OUTCOMES : OUTCOMES.slice(0, 1)).map((outcome) => ({ waiting, outcome })),
      );
      const { waiting, outcome } = ways[choose(ways.length)]!;
      if (outcome !== "made") crashes--;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      this.#busy++;
      waiting.release(outcome);
    }
    await Promise.all(over);
  }

  /** A moment of the calling actor in which it writes nothing: others may come before it. */
  async pass(): Promise<void> {
    await this.#outcome(this.#actor.getStore() ?? 0, false);
  }

  #begin(actor: number, act: () => Promise<unknown>): Promise<void> {
    this.#busy++;
    return this.#actor
      .run(actor, act)
      .catch(() => {})
      .then(() => this.#rest());
  }

  async #turn(actor: number, append: () => Promise<AppendResult>): Promise<AppendResult> {
    const outcome = await this.#outcome(actor, true);
    if (outcome === "lost") throw new Error("the writer crashed before its write");
    const result = await append();
    if (outcome === "made and lost") throw new Error("the writer crashed after its write");
    return result;
  }

  #outcome(actor: number, writes: boolean): Promise<Outcome> {
    return new Promise((release) => {
      this.#waiting.push({ actor, writes, release });
      this.#waiting.sort((one, other) => one.actor - other.actor);
      this.#rest();
    });
  }

  #rest(): void {
    this.#busy--;
    if (this.#busy === 0) this.#quiet?.();
  }

  async #untilQuiet(): Promise<void> {
    if (this.#busy === 0) return;
    await new Promise<void>((resolve) => {
      this.#quiet = resolve;
    });
    this.#quiet = undefined;
  }
}

/** Runs `play` once for each sequence of choices there is; it asks for a choice among a number of ways. */
export async function everySchedule(play: (choose: (ways: number) => number) => Promise<void>): Promise<number> {
  let [chosen, schedules] = [[] as number[], 0];
  for (;;) {
    const ways: number[] = [];
    await play((count) => {
      const choice = chosen[ways.length] ?? 0;
      ways.push(count);
      return choice;
    });
    schedules++;
    const full = ways.map((_, at) => chosen[at] ?? 0);
    const last = full.findLastIndex((choice, at) => choice + 1 < ways[at]!);
    if (last < 0) return schedules;
    chosen = [...full.slice(0, last), full[last]! + 1];
  }
}
