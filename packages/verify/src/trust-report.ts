import type { VerifyOptions } from "./bundle.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { malformed } from "./errors.ts";
import { trustCheckpoint } from "./trust.ts";
import type { Report, Where } from "./verdict.ts";

/** Holds the checkpoint that everything else hangs on against the policy, and writes down what came out. */
export function judgeCheckpoint(note: string, options: VerifyOptions, report: Report, where: Where): Checkpoint {
  const trusted = trustCheckpoint(note, options.policy, options);
  const head = trusted.checkpoint;
  if (head.extensions.length > 0) {
    throw malformed("CHECKPOINT_SYNTAX", "a checkpoint has extension lines", "Writ's logs write none");
  }
  report.checkpoint = { note, head };
  report.policyJudged = true;
  if (trusted.ok) {
    report.cosignatures = trusted.cosignatures;
  } else {
    const aspect = trusted.code === "SIGNATURE_BAD" ? "integrity" : "policy";
    report.policyJudged = aspect === "policy";
    report.add({ code: trusted.code, aspect, where, what: `the checkpoint is not accepted: ${trusted.reason}` });
  }
  return head;
}
