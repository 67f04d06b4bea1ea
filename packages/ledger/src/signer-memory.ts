import type { Head } from "./port.ts";
import { signerError } from "./signer-error.ts";

/**
 * What a signer must not forget: the last head it signed. It lives with the key and in no backup of the data, since
 * it is what notices a restored backup or a second copy (spec ledger.md §8).
 */
export interface SignerMemory {
  /** The last signed head; `undefined` when nothing was signed. Throws `SIGNER_MEMORY`. */
  state(): Head | undefined;
  /**
   * Remembers `head`, then it may be signed. Throws `SIGNER_REFUSED` for a smaller size or the same size with
   * another root, `SIGNER_MEMORY` and `SIGNER_BUSY` when the memory cannot be kept.
   */
  advance(head: Head): void;
  /** Makes the memory durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A memory that ends with the process: for keys that end with it too. */
export function volatileMemory(): SignerMemory {
  let last: Head | undefined;
  return {
    state: () => last,
    advance(head) {
      assertAdvance(last, head);
      last = head;
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** INVARIANT of every memory: sizes never fall, and one size has one root. */
export function assertAdvance(last: Head | undefined, head: Head): void {
  if (!Number.isSafeInteger(head.size) || head.size < 0 || head.root.length !== 32)
    throw refused("is malformed", head, last);
  if (last === undefined || head.size > last.size) return;
  if (head.size < last.size) throw refused(`is smaller than the signed size \`${last.size}\``, head, last);
  if (!sameBytes(head.root, last.root)) throw refused("has another root than the one signed at this size", head, last);
}

export function sameHead(a: Head | undefined, b: Head | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && sameBytes(a.root, b.root);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function refused(what: string, head: Head, last: Head | undefined): Error {
  return signerError({
    code: "SIGNER_REFUSED",
    message: `the head of size \`${head.size}\` ${what}`,
    reason: "a log only grows; this one was restored from an old copy, runs twice, or was changed",
    next: "find the copy that holds the signed head and put it back; there is no command yet that continues without it",
    details: { size: head.size, signed_size: last?.size ?? null },
  });
}
