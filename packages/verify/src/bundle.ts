import { BundleReader } from "./bundle-reader.ts";
import { VerifyError } from "./errors.ts";
import { LineSplitter } from "./lines.ts";
import type { TrustPolicy } from "./policy.ts";
import type { TrustOptions } from "./trust.ts";
import type { VerifyResult } from "./verdict.ts";

export interface VerifyOptions extends TrustOptions {
  readonly policy: TrustPolicy;
  /** The signed note that the reader remembers of this log. */
  readonly since?: string;
  /** Check the order rules too (`auditEntries`); what they find is of the aspect `meaning` and changes no verdict. */
  readonly audit?: boolean;
}

/**
 * Checks a bundle (docs/reference/bundle.md), given as its bytes in pieces of any size, in one pass and bounded memory.
 * Whatever is wrong with the bundle is in the result. Throws only for a `since` that is no checkpoint, and what `source` throws.
 */
export async function verifyBundle(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: VerifyOptions,
): Promise<VerifyResult> {
  const reader = new BundleReader(options);
  const lines = new LineSplitter();
  try {
    for await (const chunk of source) lines.push(chunk, (line) => reader.line(line, lines.offset));
    reader.finish(lines.tail(), lines.offset);
  } catch (error) {
    if (!(error instanceof VerifyError) || error.code !== "LINE_SIZE") throw error;
    reader.refuse(error, lines.offset);
  }
  return reader.result();
}
