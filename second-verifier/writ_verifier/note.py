"""Signed notes, checkpoints, cosignatures and trust policies (C2SP signed-note, tlog-checkpoint, -cosignature, -policy)."""

import hashlib
import re
from dataclasses import dataclass, field

from . import ed25519
from .strict import Bad, LARGEST, base64_bytes

NOTE_BYTES_MAX = 256 * 1024
SIGNATURES_MAX = 64
NOTE_SIGNATURE, COSIGNATURE = 1, 4


@dataclass(frozen=True)
class Key:
    name: str
    id: bytes
    type: int
    public: bytes

    def holds(self, text, signature):
        if self.type == NOTE_SIGNATURE:
            return ed25519.verify(self.public, text, signature)
        if len(signature) != 72:
            return False
        time = int.from_bytes(signature[:8], "big")
        return ed25519.verify(self.public, b"cosignature/v1\ntime %d\n" % time + text, signature[8:])


def parse_key(vkey):
    """`name+hex id+base64(type, key)`."""
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not is_name(parts[0]) or re.fullmatch("[0-9a-f]{8}", parts[1]) is None:
        raise Bad("not a verifier key")
    name, id = parts[0], bytes.fromhex(parts[1])
    material = base64_bytes(parts[2])
    if hashlib.sha256(name.encode() + b"\n" + material).digest()[:4] != id:
        raise Bad("the id is of another key")
    if len(material) != 33 or material[0] not in (NOTE_SIGNATURE, COSIGNATURE):
        raise Bad("a kind of key that is not known here")
    if not ed25519.is_sound_key(material[1:]):
        raise Bad("a weak key")
    return Key(name, id, material[0], material[1:])


def is_name(name):
    return name != "" and "+" not in name and not any(map(str.isspace, name))


@dataclass
class Note:
    text: bytes
    signatures: list


def parse_note(data):
    if len(data) > NOTE_BYTES_MAX:
        raise Bad("a note is too long")
    try:
        whole_text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Bad("a note is not UTF-8") from error
    if any(ord(character) < 0x20 and character != "\n" for character in whole_text):
        raise Bad("a note has control characters")
    at = whole_text.rfind("\n\n")
    if at < 0 or not whole_text.endswith("\n"):
        raise Bad("a note has no signatures after an empty line")
    lines = whole_text[at + 2 : -1].split("\n")
    if len(lines) > SIGNATURES_MAX or lines == [""]:
        raise Bad("a note has no signature, or too many")
    return Note(whole_text[: at + 1].encode(), [signature_line(line) for line in lines])


def signature_line(line):
    words = line.split(" ")
    if len(words) != 3 or words[0] != "\u2014" or not is_name(words[1]):
        raise Bad("not a signature line")
    blob = base64_bytes(words[2])
    if len(blob) < 5:
        raise Bad("a signature is too short")
    return words[1], blob[:4], blob[4:]


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


def parse_checkpoint(text):
    lines = text.decode("utf-8").split("\n")
    if len(lines) != 4 or lines[0] == "" or lines[3] != "":
        raise Bad("a checkpoint is three lines")
    if re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]) is None or int(lines[1]) > LARGEST:
        raise Bad("a checkpoint's size is no number")
    return Checkpoint(lines[0], int(lines[1]), base64_bytes(lines[2], 32))


@dataclass
class Policy:
    logs: list = field(default_factory=list)
    witnesses: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    quorum: str = ""

    def is_met(self, cosigned, name=None):
        """Whether the witnesses of these names satisfy the quorum, or the member of it called `name`."""
        name = self.quorum if name is None else name
        if name == "none":
            return True
        if name in self.witnesses:
            return name in cosigned
        needed, names = self.groups[name]
        return sum(self.is_met(cosigned, one) for one in names) >= needed


def parse_policy(source):
    policy, listed = Policy(), set()
    for line in source.split("\n"):
        if any((ord(character) < 0x20 and character != "\t") or ord(character) == 0x7F for character in line):
            raise Bad("a policy has control characters")
        words = [word for word in re.split("[ \t]+", line) if word != ""]
        if words and not words[0].startswith("#"):
            policy_line(policy, listed, words)
    if policy.quorum == "":
        raise Bad("a policy has no quorum")
    return policy


def policy_line(policy, listed, words):
    keyword, *rest = words
    if keyword == "log" and 1 <= len(rest) <= 2:
        key = parse_key(rest[0])
        if key.type != NOTE_SIGNATURE or any(key.public == one.public for one in policy.logs):
            raise Bad("a log twice, or a key that is no log's")
        policy.logs.append(key)
    elif keyword == "witness" and 2 <= len(rest) <= 3:
        key = parse_key(rest[1])
        new_name(policy, rest[0])
        if key.type != COSIGNATURE or any(key.public == one.public for one in policy.witnesses.values()):
            raise Bad("a witness twice, or a key that is no witness's")
        policy.witnesses[rest[0]] = key
    elif keyword == "group" and len(rest) >= 3:
        name, threshold, *names = rest
        new_name(policy, name)
        if len(set(names)) != len(names) or any(not is_defined(policy, one) or one in listed for one in names):
            raise Bad("a member that is not defined, or listed twice")
        listed.update(names)
        policy.groups[name] = (threshold_of(threshold, len(names)), names)
    elif keyword == "quorum" and len(rest) == 1:
        if policy.quorum != "" or not (rest[0] == "none" or is_defined(policy, rest[0])):
            raise Bad("two quorums, or one that is not defined")
        policy.quorum = rest[0]
    else:
        raise Bad("a line of a policy that is none")


def threshold_of(word, members):
    if word in ("any", "all"):
        return 1 if word == "any" else members
    if re.fullmatch("[1-9][0-9]{0,8}", word) is None or int(word) > members:
        raise Bad("a threshold that cannot be")
    return int(word)


def new_name(policy, name):
    if name == "none" or is_defined(policy, name):
        raise Bad("a name twice, or one that is taken")


def is_defined(policy, name):
    return name in policy.witnesses or name in policy.groups


def judge(data, policy, report):
    """The checkpoint of a note, held against the policy; None where it is no checkpoint."""
    try:
        note = parse_note(data)
        checkpoint = parse_checkpoint(note.text)
    except Bad as error:
        report.integrity(str(error))
        return None
    by_log, cosigned = False, set()
    for name, id, signature in note.signatures:
        for member, key in [*((None, key) for key in policy.logs), *policy.witnesses.items()]:
            if (key.name, key.id) != (name, id):
                continue
            if not key.holds(note.text, signature):
                report.integrity(f"a signature by {name} does not hold")
            elif member is not None:
                cosigned.add(member)
            elif name == checkpoint.origin:
                by_log = True
    if not by_log:
        report.policy("no log of the policy signed the checkpoint")
    if not policy.is_met(cosigned):
        report.policy("the quorum is not met")
    return checkpoint
