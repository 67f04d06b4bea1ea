"""An entry's form, and what its counters say about entries that are missing."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from .strict import Bad, hex_bytes, list_of, members, read_canonical, text, whole

ENTRY_BYTES_MAX = 32768
ENTRY_DEPTH_MAX = 16
CONTENT_BYTES_MAX = 16 * 1024 * 1024
KINDS = frozenset(
    "policy.decision ticket.issued ticket.spent approval.requested approval.given approval.refused execution.intent "
    "execution.receipt message.sent message.received run.opened run.closed policy.changed erasure key.added key.retired "
    "ledger.opened ledger.sealed attestation.issued incident".split()
)
UUID7 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


@dataclass
class Entry:
    id: str
    kind: str
    emitter: str
    counter: int
    run: str
    tenant: str
    data: dict
    private: dict


def parse_entry(data):
    if len(data) > ENTRY_BYTES_MAX:
        raise Bad("an entry is too long")
    value = read_canonical(data, ENTRY_DEPTH_MAX)
    members(value, ("v", "id", "kind", "at", "src", "who", "data"), ("run", "refs", "private"))
    src = members(value["src"], ("id", "n"))
    who = members(value["who"], ("tenant",), ("agent", "on_behalf_of", "approver"))
    refs = [one for ref in list_of(value.get("refs", [])) for one in members(ref, ("rel", "id")).values()]
    for one in (*who.values(), *refs):
        text(one)
    if value["v"] != 1 or UUID7.fullmatch(text(value["id"])) is None or not is_kind(text(value["kind"])):
        raise Bad("not an entry's version, id or kind")
    instant(text(value["at"]))
    if not isinstance(value["data"], dict):
        raise Bad("an entry's data is no object")
    run = value.get("run")
    return Entry(
        value["id"],
        value["kind"],
        text(src["id"]),
        whole(src["n"]),
        None if run is None else text(run),
        who["tenant"],
        value["data"],
        {name: private_field(one) for name, one in members_of(value.get("private", {})).items()},
    )


def is_kind(kind):
    return kind in KINDS or (kind.startswith("x.") and len(kind) > 2)


def instant(at):
    if INSTANT.fullmatch(at) is None:
        raise Bad("not an instant")
    try:
        datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError as error:
        raise Bad("not an instant of the calendar") from error


def members_of(value):
    if not isinstance(value, dict):
        raise Bad("not an object")
    return value


def private_field(value):
    members(value, ("c", "n", "type"))
    text(value["type"])
    return hex_bytes(value["c"], 32), whole(value["n"], 0, CONTENT_BYTES_MAX)


def opens(commitment, salt, content):
    """Ledger §9: SHA-256 of the tag, a newline, 32 random bytes and the content; and the length."""
    digest = hashlib.sha256(b"writ.commit.v1\n" + salt + content).digest()
    return len(salt) == 32 and commitment == (digest, len(content))


class Counters:
    """`contiguous`: every entry of the stretch is seen, so counters go up by one; `from_start`: they begin at 0."""

    def __init__(self, report, contiguous, from_start):
        self.report, self.contiguous, self.from_start = report, contiguous, from_start
        self.next = {}

    def take(self, entry):
        expected = self.next.get(entry.emitter, 0 if self.from_start else entry.counter)
        if entry.counter != expected if self.contiguous else entry.counter < expected:
            self.report.completeness(f"{entry.emitter} counts {entry.counter} where {expected} was next")
        self.next[entry.emitter] = entry.counter + 1
