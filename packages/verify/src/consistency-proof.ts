import { refused } from "./checked.ts";
import type { Checked } from "./checked.ts";
import { sameBytes } from "./encoding.ts";
import { PROOF_HASHES_MAX } from "./inclusion-proof.ts";
import type { ProofRefusal } from "./inclusion-proof.ts";
import { HASH_BYTES, nodeHash } from "./merkle.ts";

export interface ConsistencyClaim {
  /** `1 <= size1 <= size2 < 2^53`. Size 0 proves nothing about anything and is refused. */
  readonly size1: number;
  readonly size2: number;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Checks that the first tree is a prefix of the second (RFC 9162 §2.1.4.2). Never throws on hostile values. */
export function verifyConsistency(claim: ConsistencyClaim): Checked<ProofRefusal> {
  const { size1, size2, root1, root2, proof } = claim;
  if (!Number.isSafeInteger(size1) || !Number.isSafeInteger(size2) || size1 < 1 || size1 > size2) {
    return refused("SIZE_RANGE", "the first size is not from 1 to the second, or one is over 2^53 − 1");
  }
  if (proof.length > PROOF_HASHES_MAX) return refused("PROOF_LENGTH", "the proof has more than 63 hashes");
  if (![root1, root2, ...proof].every((hash) => hash.length === HASH_BYTES)) {
    return refused("HASH_SIZE", "a hash does not have 32 bytes");
  }
  if (size1 === size2) {
    if (proof.length > 0) return refused("PROOF_LENGTH", "between equal sizes the proof is empty");
    return sameBytes(root1, root2) ? { ok: true } : refused("ROOT_MISMATCH", "two roots for one size");
  }
  if (proof.length === 0) return refused("PROOF_LENGTH", "between different sizes the proof is not empty");
  return climb(claim);
}

function climb({ size1, size2, root1, root2, proof }: ConsistencyClaim): Checked<ProofRefusal> {
  let node = size1 - 1;
  let last = size2 - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  // A first tree that is one complete subtree starts from its own root; any other from the first hash of the proof.
  const start = node === 0 ? root1 : proof[0];
  if (start === undefined) return refused("PROOF_LENGTH", "the proof is empty");
  let hash1 = start;
  let hash2 = start;
  for (const hash of node === 0 ? proof : proof.slice(1)) {
    if (last === 0) return refused("PROOF_LENGTH", "the proof has more hashes than the tree has levels");
    if (node % 2 === 1 || node === last) {
      hash1 = nodeHash(hash, hash1);
      hash2 = nodeHash(hash, hash2);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash2 = nodeHash(hash2, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refused("PROOF_LENGTH", "the proof has fewer hashes than the tree has levels");
  if (!sameBytes(hash1, root1)) return refused("ROOT_MISMATCH", "the proof leads to another first root");
  return sameBytes(hash2, root2) ? { ok: true } : refused("ROOT_MISMATCH", "the proof leads to another second root");
}
