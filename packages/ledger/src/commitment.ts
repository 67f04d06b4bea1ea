import { sha256Hex } from "@writ/canon";

/** Bytes of the salt of a private field. */
export const SALT_BYTES = 32;

const DOMAIN = Buffer.from("writ.commit.v1\n", "ascii");

/**
 * The commitment to a private field: SHA-256 over `writ.commit.v1`, a newline, 32 salt bytes and the content, as 64
 * hexadecimal digits (spec ledger.md §9). Without the salt it cannot be tested against guesses.
 */
export function commit(salt: Uint8Array, content: Uint8Array): string {
  return sha256Hex(Buffer.concat([DOMAIN, salt, content]));
}

/** Salts from a pool that is refilled `SALTS_PER_FILL` at a time, because one call for random bytes costs far more than its bytes. */
export class SaltPool {
  readonly #random: (bytes: number) => Uint8Array;
  #pool: Uint8Array = new Uint8Array(0);
  #next = 0;

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random;
  }

  /** 32 bytes that nobody else gets. */
  take(): Uint8Array {
    if (this.#next === this.#pool.length) {
      this.#pool = this.#random(SALT_BYTES * SALTS_PER_FILL);
      this.#next = 0;
    }
    // A copy whatever kind of bytes the pool is: `slice` of a Buffer would share them, and they are wiped next.
    const salt = Uint8Array.from(this.#pool.subarray(this.#next, this.#next + SALT_BYTES));
    this.#pool.fill(0, this.#next, this.#next + SALT_BYTES);
    this.#next += SALT_BYTES;
    return salt;
  }
}

/** 4 KiB of random bytes at a time. */
const SALTS_PER_FILL = 128;
