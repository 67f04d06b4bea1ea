import { canonicalize, hmacSha256, isWritError, parseJson, toHex, type JsonValue } from "@writ/canon";
import { approvalDigest, contractDigest, leaseDigest, parseApproval, parseContract, parseLease } from "@writ/kernel";
import { parseReceipt, parseTicket, receiptDigest, ticketDigest } from "@writ/kernel";
import { parseConformanceCases, runConformance, type ConformanceReport } from "@writ/kernel/conformance";
import { redactSecretText } from "@writ/kernel/security";

/** What the kernel answers, wherever it runs: a digest or refusal for each record, and the verdicts on the cases. */
export interface Probed {
  readonly records: readonly string[];
  readonly conformance: ConformanceReport | null;
  readonly hmac: string;
  readonly redacted: string;
}

export function probe(records: readonly string[], cases: string | null): Probed {
  return {
    records: records.map(answerTo),
    conformance: cases === null ? null : runConformance(parseConformanceCases(new TextEncoder().encode(cases))),
    hmac: toHex(hmacSha256(new TextEncoder().encode("k".repeat(100)), "grüße")),
    redacted: redactSecretText("Authorization: Bearer abcdef0123456789"),
  };
}

const digests: { readonly [record: string]: (value: JsonValue) => string } = {
  contract: (value) => contractDigest(parseContract(value)),
  approval: (value) => approvalDigest(parseApproval(value)),
  ticket: (value) => ticketDigest(parseTicket(value)),
  lease: (value) => leaseDigest(parseLease(value)),
  receipt: (value) => receiptDigest(parseReceipt(value)),
};

function answerTo(text: string): string {
  const { record, document } = parseJson(text, { maxBytes: 4 * 1024 * 1024 }) as {
    record: string;
    document: JsonValue;
  };
  try {
    return `${digests[record]?.(document) ?? "no such record"} ${String(canonicalize(document).length)}`;
  } catch (error) {
    if (!isWritError(error)) throw error;
    return error.code;
  }
}
