import { createHash } from "node:crypto";

/** The tree of RFC 6962 §2.1 as its text defines it: slow, recursive, and shares nothing with what it checks. */
export function naiveLeaf(entry: Uint8Array): Buffer {
  return createHash("sha256").update(Buffer.of(0)).update(entry).digest();
}

function naiveNode(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();
}

/** MTH(D[n]) over leaf hashes. `memo` may be shared between calls over the same leaves. */
export function naiveRoot(
  leaves: readonly Uint8Array[],
  from = 0,
  to = leaves.length,
  memo?: Map<string, Buffer>,
): Buffer {
  if (to === from) return createHash("sha256").digest();
  if (to - from === 1) return Buffer.from(leaves[from] ?? []);
  const key = `${from} ${to}`;
  const known = memo?.get(key);
  if (known !== undefined) return known;
  const k = split(to - from);
  const root = naiveNode(naiveRoot(leaves, from, from + k, memo), naiveRoot(leaves, from + k, to, memo));
  memo?.set(key, root);
  return root;
}

/** PATH(m, D[n]). */
export function naivePath(
  leaves: readonly Uint8Array[],
  m: number,
  from: number,
  to: number,
  memo?: Map<string, Buffer>,
): Buffer[] {
  if (to - from <= 1) return [];
  const k = split(to - from);
  return m < k
    ? [...naivePath(leaves, m, from, from + k, memo), naiveRoot(leaves, from + k, to, memo)]
    : [...naivePath(leaves, m - k, from + k, to, memo), naiveRoot(leaves, from, from + k, memo)];
}

/** PROOF(m, D[n]) = SUBPROOF(m, D[n], true). */
export function naiveConsistency(
  leaves: readonly Uint8Array[],
  m: number,
  from: number,
  to: number,
  memo?: Map<string, Buffer>,
  whole = true,
): Buffer[] {
  if (m === to - from) return whole ? [] : [naiveRoot(leaves, from, to, memo)];
  const k = split(to - from);
  return m <= k
    ? [...naiveConsistency(leaves, m, from, from + k, memo, whole), naiveRoot(leaves, from + k, to, memo)]
    : [...naiveConsistency(leaves, m - k, from + k, to, memo, false), naiveRoot(leaves, from, from + k, memo)];
}

function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}
