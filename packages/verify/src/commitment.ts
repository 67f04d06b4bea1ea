import { sha256 } from "./crypto.ts";
import { concatBytes, toHex, toUtf8 } from "./encoding.ts";
import type { Commitment } from "./entry.ts";

/** True if salt and content are what the entry committed to (spec ledger.md §9). */
export function opensCommitment(commitment: Commitment, salt: Uint8Array, content: Uint8Array): boolean {
  if (salt.length !== 32 || content.length !== commitment.n) return false;
  return toHex(sha256(concatBytes(toUtf8("writ.commit.v1\n"), salt, content))) === commitment.c;
}
