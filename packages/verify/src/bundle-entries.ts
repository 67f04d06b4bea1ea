import { AuditReport } from "./audit-report.ts";
import { BundleAttestations } from "./bundle-attestations.ts";
import type { VerifyOptions } from "./bundle.ts";
import type { BundleLine } from "./bundle-line.ts";
import { compareCodeUnits } from "./canonical.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { opensCommitment } from "./commitment.ts";
import { EntryScan } from "./entry-scan.ts";
import { readScanned } from "./entry-reader.ts";
import type { Entry } from "./entry.ts";
import { malformed, VerifyError } from "./errors.ts";
import { verifyInclusion } from "./inclusion-proof.ts";
import { leafHash } from "./merkle.ts";
import { Remembered } from "./remembered.ts";
import { ScopeCheck } from "./scope.ts";
import { Stretch } from "./stretch.ts";
import { judgeCheckpoint } from "./trust-report.ts";
import type { Report } from "./verdict.ts";
import { clip } from "./verifier-key.ts";
import { toUtf8 } from "./encoding.ts";

const CONSISTENCY_LINES_MAX = 64;
const STAGES = ["header", "consistency", "entries", "attestation"] as const;
type Line<Type extends BundleLine["type"]> = Extract<BundleLine, { type: Type }>;

/** The content of a bundle: ties every entry to the checkpoint, and the checkpoint to the policy. */
export class BundleEntries {
  readonly #report: Report;
  readonly #options: VerifyOptions;
  readonly #since: Remembered | undefined;
  readonly #attestations: BundleAttestations;
  readonly #audit: AuditReport | undefined;
  #head: Checkpoint | undefined;
  #scope: ScopeCheck | undefined;
  #stretch: Stretch | undefined;
  readonly #scan = new EntryScan();
  #stage = 0;
  #lastIndex = -1;
  #lastSize = 0;
  #consistencyLines = 0;
  #current: { readonly index: number; readonly entry: Entry; lastField: string | undefined } | undefined;

  constructor(report: Report, options: VerifyOptions) {
    this.#report = report;
    this.#options = options;
    if (options.audit === true) this.#audit = new AuditReport(report, options.now);
    this.#since = options.since === undefined ? undefined : new Remembered(options.since, report);
    this.#attestations = new BundleAttestations(report, options.policy);
  }

  line(line: BundleLine, number: number, byte: number): void {
    if (line.type === "header") return this.#header(line, number);
    const head = this.#head;
    if (head === undefined) throw bad("the first line is no header");
    if (line.type === "consistency") return this.#consistency(line, head);
    if (line.type === "range") return this.#range(line, head, number);
    if (line.type === "entry") return this.#entry(line, head, number, byte);
    if (line.type === "open") return this.#open(line, number, byte);
    if (line.type === "attestation") {
      this.#enter("attestation", number);
      this.#attestations.check(line.envelope, number, byte);
    }
  }

  /** `lost`: a line could not be read, so nothing is said about what might be missing. */
  finish({ ended, lost, line }: { ended: boolean; lost: boolean; line: number }): void {
    if (ended && !lost) this.#closeStretch(line);
    const whole = this.#stretch === undefined;
    if (!lost && this.#report.entries === 0) {
      const what = "there is no entry in it, so it proves nothing";
      this.#report.add({ code: "EMPTY", aspect: "completeness", where: {}, what });
    }
    this.#scope?.finish(ended && !lost);
    this.#audit?.finish(this.#scope?.isWhole === true);
    this.#since?.finish(this.#head, false);
    this.#report.integrityChecked = whole && !lost && this.#report.entries > 0;
    this.#report.completenessChecked = ended && !lost;
  }

  #header(line: Line<"header">, number: number): void {
    if (this.#head !== undefined || number !== 1) throw bad("a header is not the first line");
    const head = judgeCheckpoint(line.checkpoint, this.#options, this.#report, { line: 1 });
    if (line.origin !== head.origin) {
      const what = `the bundle is about \`${clip(line.origin)}\`, its checkpoint is of \`${clip(head.origin)}\``;
      this.#report.add({ code: "ORIGIN_MISMATCH", aspect: "integrity", where: { line: 1 }, what });
    }
    this.#head = head;
    this.#scope = new ScopeCheck(line.scope, this.#report);
  }

  #consistency(line: Line<"consistency">, head: Checkpoint): void {
    this.#enter("consistency", 0);
    this.#consistencyLines += 1;
    if (this.#consistencyLines > CONSISTENCY_LINES_MAX) throw bad("it has too many consistency lines");
    if (line.size <= this.#lastSize || line.size >= head.size)
      throw bad("consistency sizes do not rise below the size");
    this.#lastSize = line.size;
    if (this.#since?.head.size === line.size) this.#since.compareProof(line.proof, head);
  }

  #range(line: Line<"range">, head: Checkpoint, number: number): void {
    this.#enter("entries", number);
    if (line.from <= this.#lastIndex) throw bad("a range does not come after the entries before it");
    this.#closeStretch(number);
    this.#stretch = new Stretch(line, head.size, number);
  }

  /** An entry of a stretch whose form was scanned and found good. */
  scanned(index: number, scan: EntryScan, number: number): boolean {
    const stretch = this.#stretch;
    const scope = this.#scope;
    if (this.#head === undefined || stretch?.next !== index || index <= this.#lastIndex) return false;
    if (scope === undefined || !scope.scanned(scan, index, number)) return false;
    this.#lastIndex = index;
    this.#current = undefined;
    this.#append(scan.leafInput, index, this.#head, number);
    return true;
  }

  #entry(line: Line<"entry">, head: Checkpoint, number: number, byte: number): void {
    this.#enter("entries", number);
    const { text, index, proof } = line;
    if (index <= this.#lastIndex) throw bad(`index \`${index}\` does not come after \`${this.#lastIndex}\``);
    this.#lastIndex = index;
    if (proof === undefined) this.#append(text, index, head, number);
    else this.#prove(text, index, proof, head, number, byte);
    this.#current = undefined;
    const entry = this.#read(text, index, number, byte);
    if (entry === undefined) return;
    this.#current = { index, entry, lastField: undefined };
    this.#scope?.entry(entry, index, number);
    this.#audit?.entry(entry, index);
    this.#attestations.entry(entry);
  }

  #append(entry: string | Uint8Array, index: number, head: Checkpoint, number: number): void {
    const stretch = this.#stretch;
    if (stretch === undefined || index >= stretch.to)
      throw bad(`entry \`${index}\` has no proof and no range before it`);
    if (index !== stretch.next) {
      const what = `entry \`${stretch.next}\` is missing: \`${index}\` follows \`${stretch.next - 1}\``;
      this.#report.add({
        code: "INDEX_GAP",
        aspect: "completeness",
        where: { line: number, index: stretch.next },
        what,
      });
      stretch.broken = true;
      stretch.next = index;
    }
    stretch.append(entry, this.#since?.head.size);
    this.#report.entries += 1;
    if (stretch.done) this.#settle(stretch, head, number);
  }

  #settle(stretch: Stretch, head: Checkpoint, number: number): void {
    this.#stretch = undefined;
    if (stretch.proves(head.root)) {
      if (stretch.rootThere !== undefined) this.#since?.compareRoot(stretch.rootThere);
      return;
    }
    const what =
      `entries \`${stretch.from}\` to \`${stretch.to - 1}\` (lines \`${stretch.line}\` to \`${number}\`) ` +
      "do not lead to the checkpoint's root: one of them or the boundary was changed";
    const where = { line: stretch.line, index: stretch.from };
    this.#report.add({ code: "ROOT_MISMATCH", aspect: "integrity", where, what, lastGoodSize: stretch.from });
  }

  #closeStretch(number: number): void {
    const stretch = this.#stretch;
    if (stretch === undefined) return;
    this.#stretch = undefined;
    const what = `entries \`${stretch.next}\` to \`${stretch.to - 1}\` of the range are missing`;
    const where = { line: number, index: stretch.next };
    this.#report.add({ code: "INDEX_GAP", aspect: "completeness", where, what });
    const why = `entries from \`${stretch.from}\` on cannot be tied to the checkpoint, since others are missing`;
    this.#report.add({ code: "UNPROVEN", aspect: "integrity", where, what: why, lastGoodSize: stretch.from });
  }

  #prove(
    text: string,
    index: number,
    proof: readonly Uint8Array[],
    head: Checkpoint,
    line: number,
    byte: number,
  ): void {
    this.#closeStretch(line);
    const checked = verifyInclusion({ index, size: head.size, leaf: leafHash(toUtf8(text)), proof, root: head.root });
    this.#report.entries += 1;
    if (checked.ok) return;
    const what = `entry \`${index}\` is not under the checkpoint: ${checked.reason}`;
    this.#report.add({ code: checked.code, aspect: "integrity", where: { line, byte, index }, what });
  }

  #read(text: string, index: number, line: number, byte: number): Entry | undefined {
    try {
      return readScanned(text, this.#scan.scan(text), this.#scan);
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      const what = `entry \`${index}\`: ${error.message}`;
      this.#report.add({ code: error.code, aspect: "integrity", where: { line, byte, index }, what });
      return undefined;
    }
  }

  #open(line: Line<"open">, number: number, byte: number): void {
    const current = this.#current;
    if (line.index !== this.#lastIndex) throw bad(`an opened field of \`${line.index}\` does not follow its entry`);
    if (current === undefined) return;
    const { field } = line;
    if (current.lastField !== undefined && compareCodeUnits(field, current.lastField) <= 0) {
      throw bad("opened fields of an entry do not rise");
    }
    current.lastField = field;
    const commitment = current.entry.private.get(field);
    this.#report.opened += 1;
    if (commitment !== undefined && opensCommitment(commitment, line.salt, line.content)) return;
    const what = `field \`${clip(field)}\` of entry \`${line.index}\` is not what the entry committed to`;
    const where = { line: number, byte, index: line.index, field };
    this.#report.add({ code: "COMMITMENT_MISMATCH", aspect: "integrity", where, what });
  }

  #enter(stage: (typeof STAGES)[number], number: number): void {
    const at = STAGES.indexOf(stage);
    if (at < this.#stage) throw bad("its lines are not in their order");
    if (at > this.#stage && stage === "attestation") this.#closeStretch(number);
    this.#stage = at;
  }
}

function bad(reason: string): VerifyError {
  return malformed("BUNDLE_SYNTAX", "this is not a bundle", reason);
}
