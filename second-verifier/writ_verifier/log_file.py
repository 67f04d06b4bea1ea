"""A log's SQLite file, whole (ledger §5, §12)."""

import sqlite3
from urllib.parse import quote

from . import merkle, note
from .entry import Counters, opens, parse_entry
from .report import Report
from .strict import Bad

TILE = 256
LEVEL = 2**48
TABLES = ("meta", "head", "entry", "tile", "source", "checkpoint")


def verify_log_file(path, policy, report, since=None):
    try:
        with_database(path, lambda db: LogFile(db, policy, report, since).verify())
    except (sqlite3.Error, UnicodeDecodeError, ValueError, TypeError) as error:
        report.integrity(f"the database cannot be read: {error}")


def with_database(path, work):
    db = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
    try:
        work(db)
    finally:
        db.close()


class LogFile:
    def __init__(self, db, policy, report, since):
        self.db, self.policy, self.report, self.since = db, policy, report, since
        self.checkpoints = {}
        self.full_tiles = []
        self.gap = False

    def verify(self):
        for (said,) in self.db.execute("PRAGMA integrity_check"):
            if said != "ok":
                self.report.integrity(said)
        for (name,) in self.db.execute("SELECT name FROM sqlite_schema WHERE rootpage = 0"):
            if name in TABLES:
                self.report.integrity(f"{name} is no table, and may show each reader something else")
        head = self.db.execute("SELECT size, root, frontier FROM head").fetchone()
        if head is None:
            self.report.completeness("there is no head")
            return
        self.read_checkpoints(head[0])
        frontier = self.read_entries()
        self.compare_head(head, frontier)
        self.compare_tiles()
        self.compare_counters()
        self.compare_private()

    def read_checkpoints(self, size):
        (origin,) = self.db.execute("SELECT v FROM meta WHERE k = 'origin'").fetchone()
        rows = self.db.execute("SELECT size, root, note FROM checkpoint ORDER BY size DESC").fetchall()
        if not rows:
            self.report.completeness("there is no checkpoint")
        for newest, (at, root, text) in ((row is rows[0], row) for row in rows):
            checkpoint = self.judge(text.encode(), newest)
            if checkpoint is None:
                continue
            if checkpoint.origin != origin or (checkpoint.size, checkpoint.root) != (at, root) or at > size:
                self.report.integrity(f"the checkpoint at {at} is not what its row says, or not of this log")
            self.checkpoints[checkpoint.size] = checkpoint.root
        if self.since is not None:
            self.remember(origin, size)

    def judge(self, data, newest):
        """The newest must meet the policy; of the older ones no signature by a known key may be bad."""
        aside = self.report if newest else Report()
        checkpoint = note.judge(data, self.policy, aside)
        if not newest:
            self.report.findings += [finding for finding in aside.findings if finding[0] == "integrity"]
        if checkpoint is not None and self.is_relabelled(note.parse_note(data), checkpoint.origin):
            self.report.integrity(f"a signature at {checkpoint.size} stands under another label than it was made with")
        return checkpoint

    def is_relabelled(self, opened, origin):
        """What the log stored itself has its own line, and each line by a known key under that key's name and id."""
        keys = [*self.policy.logs, *self.policy.witnesses.values()]
        strangers = [line for line in opened.signatures if not any(line[:2] == (key.name, key.id) for key in keys)]
        return all(name != origin for name, _, _ in opened.signatures) or any(
            key.holds(opened.text, signature) or (key.name == name and starts_alike(key.id, id))
            for name, id, signature in strangers
            for key in keys
        )

    def remember(self, origin, size):
        remembered = note.parse_checkpoint(note.parse_note(self.since).text)
        if remembered.origin != origin:
            self.report.integrity("what is remembered is of another log")
        elif remembered.size > size:
            self.report.integrity("a later checkpoint is remembered: this log was rolled back")
        else:
            if self.checkpoints.setdefault(remembered.size, remembered.root) != remembered.root:
                self.report.integrity("this is another history than the one remembered")

    def read_entries(self):
        self.counters = Counters(self.report, contiguous=True, from_start=True)
        self.private, self.owed, self.erased, ids = {}, set(), set(), set()
        frontier, levels = merkle.Frontier(), [[]]
        for index, id, body in self.db.execute("SELECT idx, id, CAST(body AS BLOB) FROM entry ORDER BY idx"):
            if index != frontier.size:
                self.report.integrity(f"entry {frontier.size} is missing")
                self.gap = True
                return frontier
            leaf = merkle.leaf_hash(body)
            frontier.append(leaf)
            self.add_hash(levels, 0, leaf)
            self.compare_checkpoint(frontier)
            self.read_entry(index, id, body, ids)
        if frontier.size == 0:
            self.report.completeness("there is no entry")
        return frontier

    def read_entry(self, index, id, body, ids):
        try:
            entry = parse_entry(body)
        except Bad as error:
            self.report.integrity(f"entry {index}: {error}")
            return
        if bytes.fromhex(entry.id.replace("-", "")) != id or id in ids:
            self.report.integrity(f"the id of entry {index} is another's")
        ids.add(id)
        self.counters.take(entry)
        for field, commitment in entry.private.items():
            self.private[(index, field)] = commitment
            self.owed.add((index, field))
        if entry.kind == "erasure":
            self.owed -= erased_by(entry.data)
            self.erased |= erased_by(entry.data)

    def add_hash(self, levels, level, hash):
        """Fills the tiles: each full one gives one hash to the level above."""
        if level == len(levels):
            levels.append([])
        levels[level].append(hash)
        if len(levels[level]) % TILE == 0:
            tile = levels[level][-TILE:]
            self.full_tiles.append((level * LEVEL + len(levels[level]) // TILE - 1, b"".join(tile)))
            self.add_hash(levels, level + 1, merkle.root_of(tile))

    def compare_checkpoint(self, frontier):
        root = self.checkpoints.get(frontier.size)
        if root is not None and root != frontier.root():
            self.report.integrity(f"the log of {frontier.size} entries has another root than was signed")

    def compare_head(self, head, frontier):
        size, root, parts = head
        if size != frontier.size:
            self.report.integrity("the head has another size than there are entries")
        elif root != frontier.root() or parts != b"".join(part for _, part in frontier.parts):
            self.report.integrity("the head is not that of the entries")

    def compare_tiles(self):
        stored = dict(self.db.execute("SELECT pos, hashes FROM tile"))
        if self.gap:
            return
        for pos, hashes in self.full_tiles:
            found = stored.pop(pos, None)
            if found is None:
                self.report.completeness(f"tile {pos} is missing")
            elif found != hashes:
                self.report.integrity(f"tile {pos} is not that of the entries")
        if stored:
            self.report.integrity("there are tiles of no entries")

    def compare_counters(self):
        """The ledger keeps no row for the emitters that it is itself."""
        stored = {bytes(id).decode(): next for id, next in self.db.execute("SELECT id, next FROM source")}
        counted = {id: next for id, next in self.counters.next.items() if id in stored or not id.startswith("ledger:")}
        if not self.gap and stored != counted:
            self.report.integrity("the table of emitters does not follow from the entries")

    def compare_private(self):
        rows = self.db.execute("SELECT idx, CAST(field AS BLOB), salt, body FROM private")
        for index, field, salt, body in rows:
            commitment = self.private.get((index, field.decode()))
            if commitment is None or not opens(commitment, salt, body):
                self.report.integrity(f"private content of entry {index} is not what was committed to")
            if (index, field.decode()) in self.erased:
                self.report.integrity(f"private content of entry {index} is there, and an erasure says it is not")
            self.owed.discard((index, field.decode()))
        for index, field in self.owed:
            self.report.completeness(f"private content {field} of entry {index} is gone, and no erasure names it")


def erased_by(data):
    """What an erasure names: data.erased is a list of {index, fields}."""
    listed = data.get("erased")
    named = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {
        (one.get("index"), field)
        for one in named
        if type(one.get("index")) is int and isinstance(one.get("fields"), list)
        for field in one["fields"]
        if isinstance(field, str)
    }


def starts_alike(one, other):
    """All but the last two bits of two ids: those share a base64 character with the signature behind them."""
    return int.from_bytes(one, "big") >> 2 == int.from_bytes(other, "big") >> 2
