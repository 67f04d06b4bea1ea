import {
  inspectAdmission,
  readAuditLedger,
  recordLines,
  summarizeAuditVerification,
  verifyAuditLedger,
} from "@writ/kernel/governance";
import { outputFor, type CommonOptions } from "../command.ts";
import { readBytes } from "./kernel-files.ts";

/** `writ kernel admission inspect <file>`: what an admission says; 0 for a blocked one too, because nothing is asked for. */
export function inspect(file: string, options: CommonOptions): Promise<number> {
  const found = inspectAdmission(readBytes(file));
  outputFor(options).result(found, () => [
    `${found.status}  ${found.admission_id}  ${found.reason_code}`,
    ...found.blockers.map((blocker) => `  blocked by ${blocker}`),
    ...found.required_next_actions.map((action) => `  next: ${action}`),
    "nothing was executed",
  ]);
  return Promise.resolve(0);
}

/** `writ kernel audit verify <ledger.jsonl>`: every entry from the first to the last; 4 when it is broken, 5 when empty. */
export function verifyLedger(file: string, options: CommonOptions): Promise<number> {
  const verified = verifyAuditLedger(readAuditLedger(recordLines(readBytes(file))));
  outputFor(options).result(summarizeAuditVerification(verified), () => [
    `${verified.status}  ${String(verified.checked_entries)} entries  ${verified.reason_code}`,
  ]);
  if (verified.status === "empty") return Promise.resolve(5);
  return Promise.resolve(verified.verified ? 0 : 4);
}
