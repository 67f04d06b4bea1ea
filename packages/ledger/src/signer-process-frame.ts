import { canonicalize, isWritError, type JsonValue, parseJson } from "@writ/canon";

import { signerError } from "./signer-error.ts";

/** A request names an operation and a head; longer ones are not ours. */
export const REQUEST_BYTES_MAX = 4_096;
/** An answer holds a note or up to 66 verifier keys with long names. */
export const ANSWER_BYTES_MAX = 262_144;
/** Requests one connection may have waiting. */
export const WAITING_MAX = 64;

const PREFIX_BYTES = 4;
const DEPTH_MAX = 4;

/** Four bytes of length, most significant first, then canonical JSON. */
export function encodeFrame(value: JsonValue): Buffer {
  const body = Buffer.from(canonicalize(value));
  const frame = Buffer.alloc(PREFIX_BYTES + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, PREFIX_BYTES);
  return frame;
}

/** Cuts a stream into frames. Holds at most one frame of `maxBytes` and what the last chunk brought. */
export class FrameReader {
  readonly #maxBytes: number;
  #held: Buffer = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The values that are whole now. Throws `SIGNER_PROTOCOL`; the connection is of no use after that. */
  push(chunk: Buffer): JsonValue[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const values: JsonValue[] = [];
    let at = 0;
    while (this.#held.length - at >= PREFIX_BYTES) {
      const length = this.#held.readUInt32BE(at);
      if (length === 0 || length > this.#maxBytes) throw protocolError(`a frame of \`${length}\` bytes`);
      const end = at + PREFIX_BYTES + length;
      if (end > this.#held.length) break;
      values.push(this.#value(this.#held.subarray(at + PREFIX_BYTES, end)));
      at = end;
    }
    this.#held = this.#held.subarray(at);
    return values;
  }

  #value(body: Buffer): JsonValue {
    try {
      return parseJson(body, { maxBytes: this.#maxBytes, maxDepth: DEPTH_MAX });
    } catch (error) {
      throw isWritError(error) ? protocolError("a frame that is not JSON", error) : error;
    }
  }
}

export function protocolError(what: string, cause?: unknown): Error {
  return signerError({
    code: "SIGNER_PROTOCOL",
    message: `the other side of the signer's socket sent ${what}`,
    reason: "requests and answers are frames of JSON in a fixed form",
    next: "use the same version of `writ` on both sides",
    cause,
  });
}
