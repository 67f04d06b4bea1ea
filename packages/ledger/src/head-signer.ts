import type { Head } from "./port.ts";

/** Where one log is signed: the origin's note key, and the memory of what it signed last (spec ledger.md §7, §8). */
export interface HeadSigner {
  /** The key's name in notes, equal to the log's origin. */
  readonly name: string;
  /**
   * The signed note text of a checkpoint for this head: origin, size, root, no extension lines. The signer asks its
   * own memory first and throws `SIGNER_REFUSED` for a smaller size, or for the same size with another root.
   * Signing the same head again is allowed. A synchronous answer saves the hot path a turn of the event loop.
   */
  sign(head: Head): string | Promise<string>;
  /**
   * The head of a note, if the note carries a good signature of this signer's key over this origin (older keys of a
   * rotation included); `undefined` for everything else. Throws for nothing a file can hold.
   */
  read(note: string): Head | undefined;
  /** The last signed head as the signer remembers it; `undefined` when it never signed. */
  state(): Head | undefined | Promise<Head | undefined>;
  /** Makes the memory durable. Resolved before a checkpoint leaves the process. */
  flush(): Promise<void>;
}

/**
 * A log's origin may be made when the log is (spec ledger.md, "origin"), so a signer can be given as a function that
 * `openLedger` calls once with the origin.
 */
export type HeadSignerSource = HeadSigner | ((origin: string) => HeadSigner | Promise<HeadSigner>);
