import { setImmediate as nextTurn } from "node:timers/promises";

import { isWritError } from "@writ/canon";
import type { Database } from "@writ/store";

import { appended, foundAgain, refuse } from "./answer.ts";
import { writeBatch } from "./commit.ts";
import type { CommitPorts, WriterMemory, Written } from "./commit.ts";
import { busyError, closedError, deathOf, failureOf, fullError } from "./failure.ts";
import type { LedgerError } from "./ledger-error.ts";
import type { Verdict } from "./plan.ts";
import type { AppendResult, Head } from "./port.ts";
import { AppendQueue } from "./queue.ts";
import type { Waiting } from "./queue.ts";

export interface WriterPorts extends Omit<CommitPorts, "alongside"> {
  readonly database: Database;
  /** Adds the rows that wait for the next commit, and is told whether they are durable. */
  readonly notes: {
    alongside(): CommitPorts["alongside"];
    settled(durable: boolean): void;
  };
  /** After each commit and before its answers: signs where the log signs each commit. */
  readonly committed: (head: Head) => Promise<string | undefined>;
  /** A note over at least `size`, for those who wait for one. */
  readonly checkpoint: (size: number) => Promise<string>;
  /** Writes and removes a row, to find whether there is space again. */
  readonly probe: () => Promise<void>;
  readonly now: () => number;
  readonly timing: WriterTiming;
  /** A number in [0, 1), for the jitter of retries. */
  readonly jitter: () => number;
}

/** How long things take, apart from what time it is: the log's clock may be set back meanwhile. */
export interface WriterTiming {
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** A batch that meets a lock is tried again for so long. */
const RETRY_MS = 5_000;
const RETRY_PAUSE_MS = 8;
/** Between two probe writes on a full disk. */
const PROBE_PAUSE_MS = 1_000;

/**
 * The one writer of an open log: takes all that waits, commits it, answers, and begins again while anything waits.
 * There is no timer between arrival and commit, only the end of the event loop's turn; while one batch commits, the
 * next gathers (spec ledger.md §6).
 */
export class Writer {
  readonly #ports: WriterPorts;
  readonly #memory: WriterMemory;
  readonly #queue = new AppendQueue();
  #running: Promise<void> | undefined;
  #stopped: LedgerError | undefined;
  #full: { readonly error: LedgerError; probedAt: number } | undefined;
  #trial: Promise<LedgerError | undefined> | undefined;
  #head: Head;

  constructor(ports: WriterPorts, memory: WriterMemory) {
    this.#ports = ports;
    this.#memory = memory;
    this.#head = { size: memory.tree.size, root: memory.tree.root() };
  }

  /** The head after the last commit of this writer. */
  get head(): Head {
    return this.#head;
  }

  /** Why the writer takes nothing more, if so. */
  get stopped(): LedgerError | undefined {
    return this.#stopped;
  }

  /** Queues a group. Throws what the group cannot be queued for; answers through the group. */
  push(group: Waiting): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#queue.push(group);
    this.#running ??= this.#run();
  }

  /** Refuses all that comes from now on, with `error`. */
  stop(error: LedgerError): void {
    this.#stopped ??= error;
    if (this.#running === undefined) this.#failAll();
  }

  /**
   * Why a group would be refused now, tried by writing beside the log; undefined when it would be taken. Tries once a
   * second at most, and answers in between what the last try found.
   */
  async trial(): Promise<LedgerError | undefined> {
    if (this.#stopped !== undefined) return this.#stopped;
    this.#trial ??= this.#try();
    return this.#trial;
  }

  async #try(): Promise<LedgerError | undefined> {
    setTimeout(() => (this.#trial = undefined), PROBE_PAUSE_MS).unref();
    try {
      await this.#ports.probe();
      this.#full = undefined;
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      if (failure === "dead") return deathOf(error);
      if (failure !== "full") return busyError(0, error);
      this.#full = { error: fullError(error), probedAt: this.#ports.now() };
      return this.#full.error;
    }
  }

  /** Lets what waits be written, then refuses what comes. */
  async close(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    this.stop(closedError());
  }

  async #run(): Promise<void> {
    try {
      while (!this.#queue.isEmpty && this.#stopped === undefined) {
        // What arrives in one turn of the event loop shares a commit, whichever sockets it came from. One caller alone
        // waits about a microsecond for it.
        await nextTurn();
        if (this.#stopped !== undefined) break;
        const batch = this.#queue.take();
        if (await this.#hasSpace(batch)) await this.#write(batch);
      }
    } finally {
      this.#running = undefined;
      if (this.#stopped !== undefined) this.#failAll();
    }
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const { timing } = this.#ports;
    const started = timing.elapsed();
    let careful = batch.some((group) => group.uncertain);
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#answer(batch, await this.#commit(batch, careful));
        return;
      } catch (error) {
        const failure = failureOf(error);
        if (failure === "full") return this.#refuseFull(batch, error);
        if (failure === "dead" || (failure === "look" && careful)) return this.#die(batch, error);
        careful ||= failure === "look" || failure === "unknown";
        if (failure === "unknown") {
          this.#memory.unsure = true;
          for (const group of batch) group.uncertain = true;
        }
        if (failure === "look") continue;
        const waited = Math.round(timing.elapsed() - started);
        if (waited > RETRY_MS) return refuse(batch, busyError(waited, error));
        await timing.sleep(RETRY_PAUSE_MS * (1 + this.#ports.jitter() * Math.min(2 ** attempt, 32)));
      }
    }
  }

  /** One transaction; the memory goes back to what is durable when it fails. */
  async #commit(batch: readonly Waiting[], careful: boolean): Promise<Written> {
    const memory = this.#memory;
    const { tree, version, ownNext } = memory;
    const mark = tree.mark();
    const alongside = this.#ports.notes.alongside();
    const ports = alongside === undefined ? this.#ports : { ...this.#ports, alongside };
    try {
      const written = await this.#ports.database.write((tx) => writeBatch(tx, ports, memory, batch, careful));
      await written.confirm();
      this.#ports.notes.settled(true);
      memory.unsure = false;
      return written;
    } catch (error) {
      tree.restore(mark);
      Object.assign(memory, { tree, version, ownNext });
      memory.emitters.clear();
      this.#ports.notes.settled(false);
      throw error;
    }
  }

  async #answer(batch: readonly Waiting[], written: Written): Promise<void> {
    const later: Waiting[] = [];
    const grown = written.size > this.#head.size;
    this.#head = { size: written.size, root: written.root };
    let checkpoint: string | undefined;
    try {
      checkpoint = grown ? await this.#ports.committed(this.#head) : undefined;
    } catch (error) {
      // The entries are durable, but a signer that refuses to follow knows another history: nobody may act on them.
      // One that cannot be reached only delays the checkpoint.
      if (!isWritError(error, "SIGNER_UNREACHABLE")) return this.#die(batch, error);
    }
    let position = 0;
    for (const [number, group] of batch.entries()) {
      const verdict: Verdict = written.plan.verdicts[number] ?? { is: "later" };
      if (verdict.is === "later") later.push(group);
      else void this.#tell(group, verdict, written, position, checkpoint);
      if (verdict.is === "write") position += verdict.placed.length;
    }
    this.#queue.putBack(later);
  }

  async #tell(
    group: Waiting,
    verdict: Exclude<Verdict, { is: "later" }>,
    written: Written,
    position: number,
    checkpoint: string | undefined,
  ): Promise<void> {
    if (verdict.is === "refused") return group.fail(verdict.error);
    if (verdict.is === "done") return group.answer(verdict.result);
    const entries = verdict.is === "write" ? appended(verdict, written, position) : foundAgain(group, verdict);
    const result: AppendResult = {
      ok: true,
      entries,
      duplicate: verdict.is === "duplicate" && !group.uncertain,
      size: written.size,
      root: written.root,
    };
    if (checkpoint !== undefined) return group.answer({ ...result, checkpoint });
    if (group.wait === "commit") return group.answer(result);
    try {
      group.answer({ ...result, checkpoint: await this.#ports.checkpoint(written.size) });
    } catch (error) {
      group.fail(error);
    }
  }

  /** On a full disk: refuses, but for one probe a second. */
  async #hasSpace(batch: readonly Waiting[]): Promise<boolean> {
    const full = this.#full;
    if (full === undefined) return true;
    const now = this.#ports.now();
    if (Math.abs(now - full.probedAt) >= PROBE_PAUSE_MS) {
      full.probedAt = now;
      try {
        await this.#ports.probe();
        this.#full = undefined;
        return true;
      } catch (error) {
        if (failureOf(error) === "dead") {
          this.#die(batch, error);
          return false;
        }
      }
    }
    refuse(batch, full.error);
    return false;
  }

  #refuseFull(batch: readonly Waiting[], cause: unknown): void {
    const error = fullError(cause);
    this.#full = { error, probedAt: this.#ports.now() };
    refuse(batch, error);
  }

  #die(batch: readonly Waiting[], cause: unknown): void {
    this.#stopped ??= deathOf(cause);
    refuse(batch, this.#stopped);
  }

  #failAll(): void {
    const error = this.#stopped ?? closedError();
    while (!this.#queue.isEmpty) refuse(this.#queue.take(), error);
  }
}
