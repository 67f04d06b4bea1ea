import type { Database, Transaction } from "@writ/store";

import type { CommitPorts } from "./commit.ts";
import type { HeadSigner } from "./head-signer.ts";
import { corrupt } from "./ledger-error.ts";
import type { Head } from "./port.ts";
import type { LedgerSql } from "./sql.ts";

export interface CheckpointPorts {
  readonly database: Database;
  readonly sql: LedgerSql;
  readonly signer: HeadSigner;
  readonly now: () => number;
  /** One process owns the log, so the newest stored note is the one remembered here. */
  readonly soleOwner: boolean;
}

interface Note {
  readonly head: Head;
  readonly text: string;
}

interface StoredNote {
  readonly size: number;
  readonly at: number;
  readonly shown: boolean;
  readonly text: string;
}

/** A stored note that nobody outside saw gives way to a newer one of the same minute (spec ledger.md §7). */
const THIN_MS = 60_000;
const THIN_OLD_MS = 3_600_000;
const OLD_AFTER_MS = 86_400_000;

/**
 * Signs heads and keeps their notes. The order is always: entries durable, head signed, note stored, note shown.
 */
export class Checkpoints {
  readonly #ports: CheckpointPorts;
  /** The newest note, stored or not. */
  #newest: Note | undefined;
  /** A note that waits for the next commit. */
  #pending: Note | undefined;
  #underway: Note | undefined;
  #stored: StoredNote | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #memoryIsDurable = false;

  constructor(ports: CheckpointPorts, stored: StoredNote | undefined) {
    this.#ports = ports;
    this.#stored = stored;
  }

  /** A note over at least `head`: signed now, stored with the next commit. */
  async signCommit(head: Head): Promise<string> {
    const note = await this.#inTurn(() => this.#sign(head));
    return note.text;
  }

  /** The note that waits, as rows for the next commit. */
  alongside(): CommitPorts["alongside"] {
    const note = this.#pending;
    if (note === undefined) return undefined;
    this.#underway = note;
    return (tx) => this.#put(tx, note, false);
  }

  settled(durable: boolean): void {
    const note = this.#underway;
    if (note === undefined) return;
    this.#underway = undefined;
    if (!durable) return;
    this.#stored = this.#asStored(note, false);
    if (this.#pending === note) this.#pending = undefined;
  }

  /** Signs and stores what no commit took along: after a start, a failed signature, or a second of rest. */
  async catchUp(head: () => Head): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#ports.soleOwner) return void (await this.#signShared(false));
      const signed = this.#newest?.head.size ?? this.#stored?.size ?? 0;
      if (head().size > signed) await this.#sign(head());
      const note = this.#pending;
      if (note === undefined || this.#underway === note) return;
      await this.#ports.database.write((tx) => this.#put(tx, note, false));
      if (this.#pending === note) this.#pending = undefined;
      this.#stored = this.#asStored(note, false);
    });
  }

  /** A note that may leave the process: of the head now, stored as shown, the signer's memory durable. */
  async show(head: () => Head): Promise<string> {
    return this.#inTurn(async () => {
      const note = this.#ports.soleOwner ? await this.#showOwn(head()) : await this.#signShared(true);
      await this.#ports.signer.flush();
      this.#memoryIsDurable = true;
      return note;
    });
  }

  /** Signs the same head again, so that silence is visible. */
  async heartbeat(head: Head): Promise<void> {
    if (!this.#ports.soleOwner) return void (await this.#inTurn(() => this.#signShared(false, true)));
    await this.#inTurn(async () => {
      if (head.size === 0) return;
      const note = { head, text: await this.#ports.signer.sign(head) };
      this.#newest = note;
      this.#pending = note;
    });
    await this.catchUp(() => head);
  }

  /** Keeps one unshown note an hour of those older than a day. */
  async thin(): Promise<void> {
    const { database, sql, now } = this.#ports;
    const until = now() - OLD_AFTER_MS;
    let size = 0;
    let hour = -1;
    for (;;) {
      const rows = await database.read((tx) => tx.all(sql.checkpointOld, [size, until]));
      const surplus: number[] = [];
      for (const row of rows) {
        // The last of an hour stays, so that the newest of all does.
        const own = Math.floor(Number(row["at"]) / THIN_OLD_MS);
        if (own === hour) surplus.push(size);
        hour = own;
        size = Number(row["size"]);
      }
      if (surplus.length > 0) {
        await database.write(async (tx) => {
          for (const one of surplus) await tx.run(sql.checkpointDrop, [one]);
        });
      }
      if (rows.length === 0) return;
    }
  }

  async #sign(head: Head): Promise<Note> {
    const newest = this.#newest;
    if (newest !== undefined && newest.head.size >= head.size) return newest;
    const signed = this.#ports.signer.sign(head);
    const note = { head, text: typeof signed === "string" ? signed : await signed };
    this.#newest = note;
    this.#pending = note;
    return note;
  }

  async #showOwn(head: Head): Promise<string> {
    const stored = this.#stored;
    if (stored?.shown === true && stored.size === head.size) return stored.text;
    const note = await this.#sign(head);
    await this.#ports.database.write((tx) => this.#put(tx, note, true));
    if (this.#pending === note) this.#pending = undefined;
    this.#stored = this.#asStored(note, true);
    return note.text;
  }

  /**
   * Among many nodes one signs at a time, each over a head at least as big as the last. The lock is not the head's:
   * while a signer thinks, or hangs, entries are appended.
   */
  async #signShared(shown: boolean, again = false): Promise<string> {
    const { database, sql, signer } = this.#ports;
    return database.write(async (tx) => {
      await tx.get(sql.signLock);
      const row = await tx.get(sql.headGet);
      const root = row?.["root"];
      if (row === undefined || !(root instanceof Uint8Array))
        throw corrupt("the log has no head", "a log has exactly one");
      const head = { size: Number(row["size"]), root };
      const known = await tx.get(sql.checkpointAt, [head.size]);
      if (!again && known !== undefined && (known["shown"] === 1 || !shown)) return String(known["note"]);
      const note = { head, text: await signer.sign(head) };
      await this.#put(tx, note, shown);
      return note.text;
    });
  }

  async #put(tx: Transaction, note: Note, shown: boolean): Promise<void> {
    const { sql, signer, now } = this.#ports;
    if (!this.#memoryIsDurable) {
      // A note that outlived the signer's memory of it would look like a rollback at the next start.
      await signer.flush();
      this.#memoryIsDurable = true;
    }
    const { size, root } = note.head;
    const at = now();
    if (this.#replaces(at)) {
      const moved = await tx.run(sql.checkpointMove, [size, root, note.text, at, this.#stored?.size ?? 0]);
      if (moved === 1 && !shown) return;
    }
    await tx.run(sql.checkpointPut, [size, root, note.text, at, shown ? 1 : 0]);
  }

  #replaces(at: number): boolean {
    const { soleOwner } = this.#ports;
    const stored = this.#stored;
    return (
      soleOwner && stored !== undefined && !stored.shown && Math.floor(stored.at / THIN_MS) === Math.floor(at / THIN_MS)
    );
  }

  #asStored(note: Note, shown: boolean): StoredNote {
    const kept = this.#stored;
    const same = kept?.size === note.head.size && kept.shown;
    return { size: note.head.size, at: this.#ports.now(), shown: shown || same, text: note.text };
  }

  /** One after the other: a signer never sees a smaller head after a bigger one. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
