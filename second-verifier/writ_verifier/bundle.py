"""A bundle, line by line (docs/reference/bundle.md)."""

import hashlib
import json

from . import merkle, note
from .entry import CONTENT_BYTES_MAX, Counters, opens, parse_entry
from .strict import Bad, base64_bytes, begins_json, hex_bytes, list_of, members, read_canonical, text, whole

LINE_BYTES_MAX = 24 * 1024 * 1024
LINE_DEPTH_MAX = 16
STRETCH_ENTRIES_MAX = 65536
SCOPE_ENTRIES_MAX = 65536
ORDER = ("header", "consistency", "entries", "attestation", "end")
STATEMENT = "application/vnd.in-toto+json"


def verify_bundle(data, policy, report, since=None):
    """`data`: the bytes of a bundle; `since`: the bytes of a remembered checkpoint's note."""
    bundle = Bundle(policy, report, since)
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1
        if end == 0:
            break
        if not bundle.line(data[start:end], hashlib.sha256(data[:start]) if b'{"end":' in data[start : start + 7] else None):
            return
        start = end
    bundle.finish(data[start:])


class Bundle:
    def __init__(self, policy, report, since):
        self.policy, self.report, self.since = policy, report, since
        self.lines = 0
        self.place = -1
        self.head = None
        self.scope = None
        self.entries = 0
        self.last_index = -1
        self.stretch = None
        self.current = None
        self.consistency_sizes = []
        self.remembered = None
        self.attestations = 0
        self.ended = False

    def line(self, data, before):
        """Takes one line with its newline; False where nothing after it can be read in its sense."""
        try:
            if self.ended:
                raise Bad("bytes after the last line")
            if len(data) - 1 > LINE_BYTES_MAX:
                raise Bad("a line is too long")
            self.take(read_canonical(data[:-1], LINE_DEPTH_MAX), before)
        except Bad as error:
            self.report.integrity(f"line {self.lines + 1}: {error}")
            return False
        self.lines += 1
        return True

    def take(self, value, before):
        if not isinstance(value, dict):
            raise Bad("a line is no object")
        if "kind" in value:
            self.header(value)
        elif self.head is None:
            raise Bad("the first line is no header")
        elif "consistency" in value:
            self.consistency(value)
        elif "range" in value:
            self.range(value)
        elif "entry" in value:
            self.entry(value)
        elif "open" in value:
            self.open(value)
        elif "attestation" in value:
            self.attestation(value)
        else:
            self.end(value, before)

    def enter(self, name):
        place = ORDER.index(name)
        if place < self.place:
            raise Bad(f"{name} comes after what stands behind it")
        self.place = place
        if name != "entries":
            self.close_stretch()
            self.current = None

    def header(self, value):
        members(value, ("kind", "v", "origin", "checkpoint", "scope"))
        if self.lines != 0 or value["kind"] != "writ.bundle" or value["v"] != 1:
            raise Bad("not the header of a bundle of version 1")
        self.enter("header")
        scope = Scope(value["scope"], self.report)
        checkpoint = text(value["checkpoint"])
        self.head = note.judge(checkpoint.encode(), self.policy, self.report)
        if self.head is None:
            raise Bad("its checkpoint is none")
        if text(value["origin"]) != self.head.origin:
            self.report.integrity("the header names another log than the checkpoint")
        self.scope = scope
        if self.since is not None:
            self.remember()

    def remember(self):
        try:
            self.remembered = note.parse_checkpoint(note.parse_note(self.since).text)
        except Bad as error:
            raise Bad("what is remembered is no checkpoint") from error
        if self.remembered.origin != self.head.origin:
            self.report.integrity("what is remembered is of another log")
            self.remembered = None
        elif self.remembered.size > self.head.size:
            self.report.completeness("a later checkpoint is remembered")
            self.remembered = None
        elif self.remembered.size == self.head.size:
            self.tie(self.remembered.root == self.head.root)

    def tie(self, holds):
        """What is remembered was held against this log."""
        self.remembered = None
        if not holds:
            self.report.integrity("this is another history than the one remembered")

    def consistency(self, value):
        self.enter("consistency")
        parts = members(members(value, ("consistency",))["consistency"], ("proof", "size"))
        size, proof = whole(parts["size"]), hashes(parts["proof"], merkle.PROOF_MAX)
        if len(self.consistency_sizes) == 64 or not max([0, *self.consistency_sizes]) < size < self.head.size:
            raise Bad("consistency lines do not rise below the size, or are too many")
        self.consistency_sizes.append(size)
        if self.remembered is not None and self.remembered.size == size:
            old, new = self.remembered.root, self.head.root
            self.tie(merkle.is_consistent(size, self.head.size, old, new, proof))

    def range(self, value):
        self.enter("entries")
        parts = members(members(value, ("range",))["range"], ("from", "left", "right", "to"))
        start, end = whole(parts["from"]), whole(parts["to"])
        if not self.last_index < start < end <= self.head.size or end - start > STRETCH_ENTRIES_MAX:
            raise Bad("not a stretch after the entries before it")
        left, right = hashes(parts["left"], 64), hashes(parts["right"], 64)
        widths = list(merkle.cover(end, self.head.size))
        if len(left) != start.bit_count() or len(right) != len(widths):
            raise Bad("a stretch has not the boundary hashes of its place")
        self.close_stretch()
        self.stretch = (merkle.Frontier(start, left), end, list(zip(right, widths)))
        self.current = None
        self.look_back()

    def look_back(self):
        """A stretch that reaches a remembered size shows the root that the log had then."""
        frontier = self.stretch[0]
        if self.remembered is not None and self.remembered.size == frontier.size:
            self.tie(self.remembered.root == frontier.root())

    def close_stretch(self):
        if self.stretch is None:
            return
        frontier, end, right = self.stretch
        if frontier.size < end:
            raise Bad(f"entry {frontier.size} is missing from its stretch")
        self.stretch = None
        for root, width in right:
            frontier.append(root, width)
        if frontier.root() != self.head.root:
            self.report.integrity(f"a stretch that ends before {end} is not under the checkpoint")

    def entry(self, value):
        self.enter("entries")
        members(value, ("entry", "index"), ("proof",))
        index, body = whole(value["index"]), text(value["entry"]).encode()
        if not self.last_index < index < self.head.size:
            raise Bad("indexes do not rise below the size")
        if "proof" in value:
            self.close_stretch()
            proof = hashes(value["proof"], merkle.PROOF_MAX)
            if merkle.root_from_inclusion(index, self.head.size, merkle.leaf_hash(body), proof) != self.head.root:
                self.report.integrity(f"entry {index} is not under the checkpoint")
        else:
            self.append(index, body)
        self.last_index = index
        self.entries += 1
        self.current = None
        try:
            entry = parse_entry(body)
        except Bad as error:
            self.report.integrity(f"entry {index}: {error}")
            self.scope.unread(index)
            return
        self.current = (index, entry, "")
        self.scope.take(entry, index)

    def append(self, index, body):
        if self.stretch is None or self.stretch[0].size != index or index >= self.stretch[1]:
            raise Bad(f"entry {index} has no proof, and no stretch that goes on with it")
        self.stretch[0].append(merkle.leaf_hash(body))
        self.look_back()

    def open(self, value):
        parts = members(members(value, ("open",))["open"], ("content", "field", "index", "salt"))
        field, salt, content = text(parts["field"]), base64_bytes(parts["salt"], 32), base64_bytes(parts["content"])
        if self.current is None or self.current[0] != whole(parts["index"]) or len(content) > CONTENT_BYTES_MAX:
            raise Bad("an opened field that does not follow its entry")
        index, entry, last = self.current
        if field.encode("utf-16-be") <= last.encode("utf-16-be"):
            raise Bad("opened fields do not rise")
        self.current = (index, entry, field)
        if field not in entry.private or not opens(entry.private[field], salt, content):
            self.report.integrity(f"field {field} of entry {index} is not what was committed to")

    def attestation(self, value):
        self.enter("attestation")
        self.attestations += 1
        if self.attestations > 64:
            raise Bad("too many attestations")
        envelope = members(members(value, ("attestation",))["attestation"], ("payload", "payloadType", "signatures"))
        payload, kind = base64_bytes(envelope["payload"]), text(envelope["payloadType"])
        signatures = [members(one, ("sig",), ("keyid",)) for one in list_of(envelope["signatures"], 64)]
        encoded = b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)
        signed = [base64_bytes(one["sig"]) for one in signatures]
        if kind != STATEMENT or not is_statement(payload):
            raise Bad("an attestation is no in-toto Statement")
        if not any(note.ed25519.verify(key.public, encoded, one) for key in self.policy.logs for one in signed):
            self.report.policy("an attestation is signed by no log of the policy")

    def end(self, value, before):
        self.enter("end")
        parts = members(members(value, ("end",))["end"], ("lines", "sha256"))
        if whole(parts["lines"]) != self.lines or hex_bytes(parts["sha256"], 32) != before.digest():
            self.report.integrity("the last line counts or digests other lines than these")
        self.ended = True

    def finish(self, tail):
        if self.ended and tail:
            self.report.integrity("bytes after the last line")
        if not self.ended and not begins_json(tail):
            self.report.integrity("what follows the whole lines is not the beginning of one")
        elif not self.ended:
            self.report.completeness("the file ends before its last line")
        if self.entries == 0:
            self.report.completeness("there is no entry in it")
        if self.remembered is not None and self.ended:
            self.report.completeness("nothing ties what is remembered to this checkpoint")
        if self.scope is not None and self.ended:
            self.scope.finish()


def hashes(value, most):
    return [base64_bytes(one, 32) for one in list_of(value, most)]


def is_statement(payload):
    try:
        return json.loads(payload)["_type"] == "https://in-toto.io/Statement/v1"
    except (ValueError, TypeError, KeyError):
        return False


class Scope:
    """What the header says the bundle is about, and whether all of it is here and nothing else."""

    def __init__(self, value, report):
        self.report = report
        if not isinstance(value, dict) or len(value) != 1:
            raise Bad("a scope has not exactly one member")
        ((self.kind, self.about),) = value.items()
        start, end = 0, 0
        if self.kind == "range":
            start, end = (whole(one) for one in two(self.about))
            if start >= end:
                raise Bad("a scope's range is empty")
        elif self.kind == "entries":
            self.listed(self.about)
        elif self.kind in ("run", "tenant"):
            text(self.about)
        else:
            raise Bad("a scope that is not known")
        self.counters = Counters(report, self.kind == "range", self.kind == "range" and start == 0)
        self.next, self.end = start, end
        self.counts, self.closed = {}, False

    def listed(self, about):
        indexes = [whole(one) for one in list_of(about, SCOPE_ENTRIES_MAX)]
        if not indexes or any(low >= high for low, high in zip(indexes, indexes[1:])):
            raise Bad("a scope's entries do not rise")
        self.missing = dict.fromkeys(indexes)

    def take(self, entry, index):
        self.counters.take(entry)
        if self.kind == "run" and entry.run == self.about:
            self.run_entry(entry)
        elif self.kind == "run" and entry.kind != "policy.changed":
            self.foreign(index)
        elif self.kind == "tenant" and entry.tenant != self.about:
            self.foreign(index)
        self.unread(index)

    def unread(self, index):
        """An entry with this index is here, whatever its form."""
        if self.kind == "range":
            if not self.about[0] <= index < self.about[1]:
                self.foreign(index)
            elif index > self.next:
                self.report.completeness(f"entry {self.next} is missing")
            self.next = index + 1
        elif self.kind == "entries" and index not in self.missing:
            self.foreign(index)
        elif self.kind == "entries":
            del self.missing[index]

    def foreign(self, index):
        self.report.integrity(f"entry {index} does not belong in this bundle")

    def run_entry(self, entry):
        if entry.kind != "run.closed":
            self.counts[entry.emitter] = self.counts.get(entry.emitter, 0) + 1
            return
        stated = entry.data.get("emitters")
        try:
            said = {text(one["id"]): whole(one["entries"]) for one in list_of(stated)}
        except (Bad, TypeError, KeyError):
            return
        if {name: count for name, count in said.items() if count > 0} != self.counts:
            self.report.completeness("the run states other counts than are here")

    def finish(self):
        if self.kind == "range" and self.next < self.end:
            self.report.completeness(f"entry {self.next} is missing")
        if self.kind == "entries" and self.missing:
            self.report.completeness(f"entry {min(self.missing)} is missing")


def two(value):
    if not isinstance(value, list) or len(value) != 2:
        raise Bad("a range is two numbers")
    return value
