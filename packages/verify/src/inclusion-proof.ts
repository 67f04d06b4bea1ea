import { refused } from "./checked.ts";
import type { Checked } from "./checked.ts";
import { sameBytes } from "./encoding.ts";
import { HASH_BYTES, nodeHash } from "./merkle.ts";

/** Why a proof was refused; `PROOF_LENGTH`: more or fewer hashes than the sizes ask for. */
export type ProofRefusal = "INDEX_RANGE" | "SIZE_RANGE" | "HASH_SIZE" | "PROOF_LENGTH" | "ROOT_MISMATCH";

/** A path in a tree of fewer than 2^63 leaves. */
export const PROOF_HASHES_MAX = 63;

export interface InclusionClaim {
  /** `0 <= index < size < 2^53`. */
  readonly index: number;
  readonly size: number;
  /** Leaf hash of the entry, 32 bytes. */
  readonly leaf: Uint8Array;
  /** From the leaf's sibling upward. */
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Checks that `leaf` is at `index` of the tree with `root` and `size` (RFC 9162 §2.1.3.2). Never throws on hostile values. */
export function verifyInclusion(claim: InclusionClaim): Checked<ProofRefusal> {
  const { index, size, leaf, proof, root } = claim;
  if (!Number.isSafeInteger(size) || size < 1) return refused("SIZE_RANGE", "the tree size is not from 1 to 2^53 − 1");
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    return refused("INDEX_RANGE", "the index is not inside the tree");
  }
  if (proof.length > PROOF_HASHES_MAX) return refused("PROOF_LENGTH", "the proof has more than 63 hashes");
  if (![leaf, root, ...proof].every((hash) => hash.length === HASH_BYTES)) {
    return refused("HASH_SIZE", "a hash does not have 32 bytes");
  }
  return climb({ index, size, leaf, proof, root });
}

function climb({ index, size, leaf, proof, root }: InclusionClaim): Checked<ProofRefusal> {
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return refused("PROOF_LENGTH", "the proof has more hashes than the tree has levels");
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // At the right edge a node without a brother rises unchanged.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refused("PROOF_LENGTH", "the proof has fewer hashes than the tree has levels");
  return sameBytes(hash, root) ? { ok: true } : refused("ROOT_MISMATCH", "the proof leads to another root");
}
