"""Answers one question of the tests: both verifiers are asked the same, and their answers held together."""

import base64

from . import merkle, note
from .bundle import verify_bundle
from .log_file import verify_log_file
from .proof import verify_proof
from .report import Report
from .strict import Bad, base64_bytes


def check(kind, source, policy_text, since=None):
    """`source`: a path for a log, bytes otherwise. Raises Bad for a policy that is none."""
    report, policy = Report(), note.parse_policy(policy_text)
    verify = {"bundle": verify_bundle, "log": verify_log_file, "proof": verify_proof}[kind]
    if kind == "proof":
        verify(source, policy, report)
    else:
        verify(source, policy, report, since)
    return report


def answer(question):
    """`exit_code` as the command ends, 2 where the policy is none; for parts of evidence, whether they are `accepted`."""
    try:
        return PARTS[question["kind"]](question) if question["kind"] in PARTS else whole(question)
    except Bad as error:
        return {"accepted": False, "exit_code": 2, "findings": [["use", str(error)]]}


def whole(question):
    since = question.get("since")
    source = question["path"] if question["kind"] == "log" else base64.b64decode(question["input"])
    remembered = None if since is None else base64.b64decode(since)
    report = check(question["kind"], source, question["policy"], remembered)
    return {"exit_code": report.exit_code(), "findings": report.findings}


def inclusion(question):
    proof = [base64_bytes(one, 32) for one in question["proof"]]
    leaf, root = (base64_bytes(question[name], 32) for name in ("leaf", "root"))
    found = merkle.root_from_inclusion(question["index"], question["size"], leaf, proof)
    return {"accepted": found is not None and found == root}


def consistency(question):
    proof = [base64_bytes(one, 32) for one in question["proof"]]
    root1, root2 = (base64_bytes(question[name], 32) for name in ("root1", "root2"))
    return {"accepted": merkle.is_consistent(question["size1"], question["size2"], root1, root2, proof)}


def signed_note(question):
    """Accepted: a key that is known signed it, and no line by one that is known is bad."""
    keys = [note.parse_key(vkey) for vkey in question["keys"]]
    opened = note.parse_note(base64.b64decode(question["input"]))
    by_known = [
        key.holds(opened.text, signature)
        for name, id, signature in opened.signatures
        for key in keys
        if (key.name, key.id) == (name, id)
    ]
    return {"accepted": any(by_known) and all(by_known)}


def verifier_key(question):
    note.parse_key(question["key"])
    return {"accepted": True}


PARTS = {"inclusion": inclusion, "consistency": consistency, "note": signed_note, "key": verifier_key}
