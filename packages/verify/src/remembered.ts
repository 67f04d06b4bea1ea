import { parseCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { verifyConsistency } from "./consistency-proof.ts";
import { sameBytes } from "./encoding.ts";
import { parseNote } from "./note.ts";
import { clip } from "./verifier-key.ts";
import type { Report } from "./verdict.ts";

/**
 * What the reader saw of this log before (`--since`). Its root is compared with the root that the log has now at the
 * same size, from whatever shows it: the same checkpoint, a proof, or the entries themselves.
 */
export class Remembered {
  readonly head: Checkpoint;
  readonly #report: Report;
  #settled = false;

  constructor(note: string, report: Report) {
    this.head = parseCheckpoint(parseNote(note).text);
    this.#report = report;
  }

  /** The log's root at the remembered size, once it is proved. */
  compareRoot(root: Uint8Array): void {
    this.#settled = true;
    if (sameBytes(root, this.head.root)) return;
    this.#inconsistent(
      "SINCE_INCONSISTENT",
      `the log had another root at size \`${this.head.size}\` when you last saw it`,
    );
  }

  /** A consistency proof from the remembered size to `now`. */
  compareProof(proof: readonly Uint8Array[], now: Checkpoint): void {
    const { size, root } = this.head;
    const checked = verifyConsistency({ size1: size, size2: now.size, root1: root, root2: now.root, proof });
    this.#settled = true;
    if (!checked.ok)
      this.#inconsistent("SINCE_INCONSISTENT", `it does not extend what you last saw: ${checked.reason}`);
  }

  /** Last word, with the head that was checked. `shrunk`: a smaller head means entries are gone, not that the copy is old. */
  finish(now: Checkpoint | undefined, shrunk: boolean): void {
    if (now === undefined) return;
    if (now.origin !== this.head.origin) {
      const what = `you remember the log \`${clip(this.head.origin)}\`, this is \`${clip(now.origin)}\``;
      return this.#inconsistent("SINCE_OTHER_LOG", what);
    }
    if (this.#settled || this.head.size === 0) return;
    if (now.size === this.head.size) return this.compareRoot(now.root);
    if (now.size < this.head.size) {
      const what = `you saw size \`${this.head.size}\` before, this is size \`${now.size}\``;
      if (shrunk) return this.#inconsistent("ROLLED_BACK", what);
      return this.#missing("SINCE_NEWER", what);
    }
    this.#missing("CONSISTENCY_MISSING", `nothing here ties it to size \`${this.head.size}\`, which you saw before`);
  }

  #inconsistent(code: string, what: string): void {
    this.#report.add({ code, aspect: "integrity", where: { size: this.head.size }, what });
  }

  #missing(code: string, what: string): void {
    this.#report.add({ code, aspect: "completeness", where: { size: this.head.size }, what });
  }
}
