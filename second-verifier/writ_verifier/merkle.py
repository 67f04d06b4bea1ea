"""The tree and its proofs, RFC 6962 §2.1."""

import hashlib

PROOF_MAX = 63
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """Roots of the complete subtrees that make up a log, from left to right, with their widths."""

    def __init__(self, size=0, roots=()):
        widths = [1 << bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]
        if len(widths) != len(roots):
            raise ValueError("a frontier has one hash for each 1-bit of the size")
        self.size = size
        self.parts = list(zip(widths, roots))

    def append(self, root, width=1):
        """Adds a complete subtree that starts here; `width` divides the size so far."""
        self.size += width
        while self.parts and self.parts[-1][0] == width:
            root = node_hash(self.parts.pop()[1], root)
            width *= 2
        self.parts.append((width, root))

    def root(self):
        if not self.parts:
            return EMPTY_ROOT
        (_, root), *above = reversed(self.parts)
        for _, left in above:
            root = node_hash(left, root)
        return root


def root_of(hashes):
    frontier = Frontier()
    for one in hashes:
        frontier.append(one)
    return frontier.root()


def cover(start, end):
    """Widths of the aligned complete subtrees that cover [start, end), each the widest that fits."""
    while start < end:
        width = start & -start if start > 0 else 1 << (end - start).bit_length()
        while start + width > end:
            width //= 2
        yield width
        start += width


def root_from_inclusion(index, size, leaf, proof):
    """The root that a proof leads to (§2.1.1); None where its length is not that of this index and size."""
    if not 0 <= index < size or len(proof) > PROOF_MAX:
        return None
    hashes, root, last = list(proof), leaf, size - 1
    while last > 0:
        # Alone at the right edge of its level, a node goes up as it is.
        if index % 2 == 1 or index < last:
            if not hashes:
                return None
            sibling = hashes.pop(0)
            root = node_hash(sibling, root) if index % 2 == 1 else node_hash(root, sibling)
        index, last = index // 2, last // 2
    return None if hashes else root


def is_consistent(size1, size2, root1, root2, proof):
    """§2.1.2: the tree of `size1` leaves is the beginning of that of `size2`; False for a first tree of none."""
    if not 0 < size1 <= size2 or len(proof) > PROOF_MAX:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    hashes = list(proof)
    node, last = size1 - 1, size2 - 1
    while node % 2 == 1:
        node, last = node // 2, last // 2
    if node == 0:
        old = new = root1
    elif not hashes:
        return False
    else:
        old = new = hashes.pop(0)
    while last > 0:
        if node % 2 == 1 or node < last:
            if not hashes:
                return False
            sibling = hashes.pop(0)
            if node % 2 == 1:
                old, new = node_hash(sibling, old), node_hash(sibling, new)
            else:
                new = node_hash(new, sibling)
        node, last = node // 2, last // 2
    return not hashes and old == root1 and new == root2
