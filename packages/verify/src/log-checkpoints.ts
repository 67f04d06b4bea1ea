import type { VerifyOptions } from "./bundle.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { sameBytes } from "./encoding.ts";
import { VerifyError } from "./errors.ts";
import type { CheckpointRow, LogRows } from "./log-rows.ts";
import { relabelledLine } from "./relabelled-line.ts";
import { policyKeys, trustCheckpoint } from "./trust.ts";
import type { DistrustedCheckpoint, TrustedCheckpoint } from "./trust.ts";
import type { Report } from "./verdict.ts";
import { clip } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** How far back the newest checkpoint that meets the whole policy is looked for; witnesses may lag behind. */
const LOOK_BACK_MAX = 10_000;

/** The checkpoints stored in a log: each is read, and the newest that meets the policy carries the verdict. */
export class StoredCheckpoints {
  /** Checkpoints by keys that the policy does not name: after a change of keys, the old ones. */
  untrusted = 0;
  readonly #options: VerifyOptions;
  readonly #report: Report;
  readonly #origin: string | undefined;
  readonly #keys: readonly VerifierKey[];

  constructor(options: VerifyOptions, report: Report, origin: string | undefined) {
    this.#options = options;
    this.#report = report;
    this.#origin = origin;
    this.#keys = policyKeys(options.policy);
  }

  /** Judges the log by its newest checkpoint; undefined when there is none. `headSize` is what the log claims to hold. */
  judge(rows: LogRows, headSize: number): Checkpoint | undefined {
    let first: TrustedCheckpoint | DistrustedCheckpoint | undefined;
    let seen = 0;
    for (const row of rows.checkpoints("falling")) {
      const trusted = this.#trust(row);
      if (trusted === undefined) continue;
      if (first === undefined && trusted.checkpoint.size > headSize)
        this.#rolledBack(trusted.checkpoint.size, headSize);
      first ??= trusted;
      if (trusted.ok) return this.#accept(row.note, trusted, headSize);
      seen += 1;
      if (seen >= LOOK_BACK_MAX) break;
    }
    if (first === undefined || first.ok) return this.#none(headSize);
    this.#report.policyJudged = true;
    const where = { size: first.checkpoint.size };
    const aspect = first.code === "SIGNATURE_BAD" ? "integrity" : "policy";
    this.#report.add({
      code: first.code,
      aspect,
      where,
      what: `the newest checkpoint is not accepted: ${first.reason}`,
    });
    return first.checkpoint;
  }

  /** Holds one stored checkpoint against the root that the entries give at its size. True if they agree. */
  compare(row: CheckpointRow, root: Uint8Array, lastGoodSize: number): boolean {
    const trusted = this.#trust(row);
    if (trusted === undefined) return false;
    if (!trusted.ok && trusted.code === "SIGNATURE_BAD") this.#signatureBad(row.size, trusted.reason);
    if (!trusted.ok && trusted.code === "LOG_NOT_TRUSTED") this.untrusted += 1;
    const relabelled = relabelledLine(row.note, trusted.checkpoint.origin, this.#keys);
    if (relabelled !== undefined) this.#signatureBad(row.size, relabelled);
    if (sameBytes(trusted.checkpoint.root, root)) return true;
    const what = `the entries do not give the root of the checkpoint of size \`${row.size}\``;
    this.#report.add({ code: "ROOT_MISMATCH", aspect: "integrity", where: { size: row.size }, what, lastGoodSize });
    return false;
  }

  #trust(row: CheckpointRow): TrustedCheckpoint | DistrustedCheckpoint | undefined {
    try {
      const trusted = trustCheckpoint(row.note, this.#options.policy, this.#options);
      const { size, root, origin } = trusted.checkpoint;
      if (size !== row.size || !sameBytes(root, row.root)) {
        this.#broken(row.size, "CHECKPOINT_MISMATCH", "its columns and its note differ");
      } else if (this.#origin !== undefined && origin !== this.#origin) {
        this.#broken(row.size, "ORIGIN_MISMATCH", `it is of \`${clip(origin)}\`, the log is \`${clip(this.#origin)}\``);
      }
      return trusted;
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      this.#broken(row.size, error.code, error.reason);
      return undefined;
    }
  }

  #accept(note: string, trusted: TrustedCheckpoint, headSize: number): Checkpoint {
    const head = trusted.checkpoint;
    this.#report.policyJudged = true;
    this.#report.checkpoint = { note, head };
    this.#report.cosignatures = trusted.cosignatures;
    const tail = headSize - head.size;
    if (tail > 0) {
      const what = `the last \`${tail}\` entries are under no checkpoint that meets the policy yet`;
      this.#report.add({ code: "UNSIGNED_TAIL", aspect: "meaning", where: { index: head.size }, what });
      this.#report.notProven.push(`anything about the last ${tail} entries, which no accepted checkpoint covers yet`);
    }
    return head;
  }

  #none(headSize: number): undefined {
    if (headSize === 0) return undefined;
    const what = "the log has entries and no checkpoint that can be read, so nobody signed for it";
    this.#report.add({ code: "NO_CHECKPOINT", aspect: "completeness", where: {}, what });
    return undefined;
  }

  #rolledBack(size: number, headSize: number): void {
    const what = `a checkpoint of size \`${size}\` was signed, the log holds \`${headSize}\`: its end was cut off`;
    this.#report.add({ code: "ROLLED_BACK", aspect: "integrity", where: { size }, what });
  }

  #signatureBad(size: number, reason: string): void {
    this.#broken(size, "SIGNATURE_BAD", reason);
  }

  #broken(size: number, code: string, reason: string): void {
    const what = `the stored checkpoint of size \`${size}\` is not good: ${reason}`;
    this.#report.add({ code, aspect: "integrity", where: { size }, what });
  }
}
