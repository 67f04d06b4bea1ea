import { VerifyError } from "./errors.ts";

/** Spec ledger.md §12. */
export const LINE_BYTES_MAX = 24 * 1024 * 1024;

/** Lines of a stream of bytes. A view handed on lasts until the next call. */
export class LineSplitter {
  #held = new Uint8Array(0);
  #length = 0;
  /** Bytes that were handed on as lines. */
  offset = 0;

  /** Takes a chunk and hands on each line that it ends, with its newline, until `onLine` returns false. */
  push(chunk: Uint8Array, onLine: (line: Uint8Array) => void): void {
    let start = 0;
    if (this.#length > 0) {
      const first = chunk.indexOf(0x0a) + 1;
      if (first === 0) return this.#hold(chunk);
      this.#hold(chunk.subarray(0, first));
      const line = this.#held.subarray(0, this.#length);
      this.#length = 0;
      this.#emit(line, onLine);
      start = first;
    }
    for (;;) {
      const end = chunk.indexOf(0x0a, start) + 1;
      if (end === 0) break;
      this.#emit(chunk.subarray(start, end), onLine);
      start = end;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
  }

  /** What follows the last newline. */
  tail(): Uint8Array {
    return this.#held.subarray(0, this.#length);
  }

  #emit(line: Uint8Array, onLine: (line: Uint8Array) => void): void {
    if (line.length > LINE_BYTES_MAX) throw tooLong();
    onLine(line);
    this.offset += line.length;
  }

  #hold(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > LINE_BYTES_MAX) throw tooLong();
    if (length > this.#held.length) {
      const wider = new Uint8Array(Math.max(length, this.#held.length * 2, 65_536));
      wider.set(this.#held.subarray(0, this.#length));
      this.#held = wider;
    }
    this.#held.set(part, this.#length);
    this.#length = length;
  }
}

function tooLong(): VerifyError {
  return new VerifyError({
    code: "LINE_SIZE",
    message: "a line is over its limit",
    reason: `a line of a bundle has at most ${LINE_BYTES_MAX} bytes`,
  });
}
