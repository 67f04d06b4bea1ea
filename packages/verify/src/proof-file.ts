import type { VerifyOptions } from "./bundle.ts";
import { parseEntry } from "./entry.ts";
import { VerifyError } from "./errors.ts";
import { verifyInclusion } from "./inclusion-proof.ts";
import { fromUtf8 } from "./encoding.ts";
import { leafHash } from "./merkle.ts";
import { Remembered } from "./remembered.ts";
import { parseTlogProof } from "./tlog-proof.ts";
import { judgeCheckpoint } from "./trust-report.ts";
import { Report } from "./verdict.ts";
import type { VerifyResult } from "./verdict.ts";

export interface TlogProofOptions extends VerifyOptions {
  /** Bytes of the entry, where the proof does not carry them in `extra`. */
  readonly entry?: Uint8Array;
}

/** Checks a stand-alone proof and the entry it is about. What is wrong with it is in the result. */
export function verifyTlogProof(text: string | Uint8Array, options: TlogProofOptions): VerifyResult {
  const report = new Report("proof");
  const since = options.since === undefined ? undefined : new Remembered(options.since, report);
  try {
    check(text, options, report, since);
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    report.add({ code: error.code, aspect: "integrity", where: {}, what: `${error.message}: ${error.reason}` });
  }
  return report.result();
}

function check(
  text: string | Uint8Array,
  options: TlogProofOptions,
  report: Report,
  since: Remembered | undefined,
): void {
  const { index, hashes, extra, checkpoint } = parseTlogProof(text);
  const head = judgeCheckpoint(checkpoint, options, report, {});
  const entry = options.entry ?? extra;
  since?.finish(head, false);
  if (entry === undefined) {
    const what = "the proof does not carry its entry, and none was given";
    return report.add({ code: "ENTRY_MISSING", aspect: "completeness", where: { index }, what });
  }
  const checked = verifyInclusion({ index, size: head.size, leaf: leafHash(entry), proof: hashes, root: head.root });
  if (!checked.ok) {
    const what = `entry \`${index}\` is not under the checkpoint: ${checked.reason}`;
    return report.add({ code: checked.code, aspect: "integrity", where: { index }, what });
  }
  parseEntry(fromUtf8(entry));
  report.entries = 1;
  report.integrityChecked = true;
  report.completenessChecked = true;
}
