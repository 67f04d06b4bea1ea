import { BACKSLASH, QUOTE } from "./canonical-scan.ts";

/** Neighbouring entries mostly share their kind, emitter and run: a text is made only when its bytes change. */
export class KnownText {
  text = "";
  isNew = false;
  #known: Uint8Array | undefined;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Takes the bytes of a JSON string without its quotes; false if it holds escapes, or quotes. */
  take(from: number, to: number): boolean {
    if (this.#isKnown(from, to)) {
      this.isNew = false;
      return true;
    }
    const known = this.#bytes.slice(from, to);
    if (known.includes(BACKSLASH) || known.includes(QUOTE)) return false;
    this.isNew = true;
    this.#known = known;
    this.text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(known);
    return true;
  }

  forget(): false {
    this.#known = undefined;
    return false;
  }

  #isKnown(from: number, to: number): boolean {
    const known = this.#known;
    if (known === undefined || known.length !== to - from) return false;
    for (let at = 0; at < known.length; at += 1) if (known[at] !== this.#bytes[from + at]) return false;
    return true;
  }
}
