import { cryptoPort } from "./crypto.ts";

const BUFFER_BYTES = 256 * 1024;

/** SHA-256 over many short pieces: they are gathered, since each call into the platform costs more than a short piece. */
export class RunningDigest {
  readonly #state = cryptoPort().sha256Stream();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  update(piece: Uint8Array): void {
    if (this.#length + piece.length > BUFFER_BYTES) this.#flush();
    if (piece.length > BUFFER_BYTES) return this.#state.update(piece);
    this.#buffer.set(piece, this.#length);
    this.#length += piece.length;
  }

  digest(): Uint8Array {
    this.#flush();
    return this.#state.digest();
  }

  #flush(): void {
    this.#state.update(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }
}
