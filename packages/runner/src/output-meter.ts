import { createHash } from "node:crypto";
import type { OutputDigest } from "@writ/kernel";

/** Digests and counts what a process prints on both streams, within one limit for the two. */
export class OutputMeter {
  readonly #stdout = createHash("sha256");
  readonly #stderr = createHash("sha256");
  readonly #max: number;
  #stdoutBytes = 0;
  #stderrBytes = 0;
  #cut: "stdout" | "stderr" | undefined;

  /** `max`: bytes on both streams together. */
  constructor(max: number) {
    this.#max = max;
  }

  get exceeded(): boolean {
    return this.#cut !== undefined;
  }

  /** Takes what still fits under the limit and returns it; the rest is dropped and the stream counts as truncated. */
  take(stream: "stdout" | "stderr", chunk: Uint8Array): Uint8Array {
    const room = this.#max - this.#stdoutBytes - this.#stderrBytes;
    const kept = chunk.byteLength <= room ? chunk : chunk.subarray(0, room);
    if (kept.byteLength < chunk.byteLength) this.#cut ??= stream;
    if (stream === "stdout") {
      this.#stdoutBytes += kept.byteLength;
      this.#stdout.update(kept);
    } else {
      this.#stderrBytes += kept.byteLength;
      this.#stderr.update(kept);
    }
    return kept;
  }

  /** The digests of all that was taken; ends the meter. */
  finish(): { readonly stdout: OutputDigest; readonly stderr: OutputDigest } {
    return {
      stdout: { sha256: this.#stdout.digest("hex"), bytes: this.#stdoutBytes, truncated: this.#cut === "stdout" },
      stderr: { sha256: this.#stderr.digest("hex"), bytes: this.#stderrBytes, truncated: this.#cut === "stderr" },
    };
  }
}
