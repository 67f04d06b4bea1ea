"""A stand-alone proof (C2SP tlog-proof). Its extra data is the entry itself, which the proof then proves."""

import re

from . import merkle, note
from .entry import parse_entry
from .strict import Bad, LARGEST, base64_bytes

HEADER = "c2sp.org/tlog-proof@v1"


def verify_proof(data, policy, report):
    try:
        index, extra, proof, checkpoint = parse_proof(data)
    except Bad as error:
        report.integrity(str(error))
        return
    head = note.judge(checkpoint.encode(), policy, report)
    if extra is None:
        report.completeness("it does not hold the entry that it is about")
    elif head is not None:
        if merkle.root_from_inclusion(index, head.size, merkle.leaf_hash(extra), proof) != head.root:
            report.integrity("the entry is not under the checkpoint")
        try:
            parse_entry(extra)
        except Bad as error:
            report.integrity(str(error))


def parse_proof(data):
    """(index, extra or None, hashes, checkpoint)"""
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Bad("a proof is not UTF-8") from error
    above, gap, checkpoint = source.partition("\n\n")
    lines = above.split("\n")
    if gap == "" or lines.pop(0) != HEADER:
        raise Bad("not a proof")
    extra = base64_bytes(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    found = re.fullmatch("index (0|[1-9][0-9]{0,15})", lines.pop(0) if lines else "")
    if found is None or int(found[1]) > LARGEST or len(lines) > merkle.PROOF_MAX:
        raise Bad("a proof's index is none, or its hashes are too many")
    return int(found[1]), extra, [base64_bytes(line, 32) for line in lines], checkpoint
