"""Strict readers: JSON in its RFC 8785 form, base64 and hex in their one spelling."""

import base64
import binascii
import codecs
import json
import re

LARGEST = 2**53 - 1
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
# Where the parser points in what was cut off: at the end, or at the `u` of an escape. Lines hold no words or signs.
CUT_OFF = re.compile(r"|u[0-9a-fA-F]{0,3}")
BRACKET = re.compile(rb"[\[\]{}]")


class Bad(Exception):
    """What was read is not of the form it must have."""


def base64_bytes(text, size=None):
    if not isinstance(text, str):
        raise Bad("base64 is no string")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Bad("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise Bad("not the one spelling of its base64")
    if size is not None and len(data) != size:
        raise Bad(f"{len(data)} bytes where {size} belong")
    return data


def hex_bytes(text, size):
    if not isinstance(text, str) or re.fullmatch(r"[0-9a-f]{%d}" % (2 * size), text) is None:
        raise Bad("not lower-case hex of its length")
    return bytes.fromhex(text)


def whole(value, low=0, high=LARGEST):
    if type(value) is not int or not low <= value <= high:
        raise Bad("not a whole number in its bounds")
    return value


def text(value):
    if not isinstance(value, str):
        raise Bad("not a string")
    return value


def members(value, required, optional=()):
    if not isinstance(value, dict):
        raise Bad("not an object")
    if not set(required) <= set(value) <= set(required) | set(optional):
        raise Bad("members are missing, or unknown")
    return value


def list_of(value, most=None):
    if not isinstance(value, list) or (most is not None and len(value) > most):
        raise Bad("not a list of its length")
    return value


def canonical(value):
    """RFC 8785 of values whose numbers are whole: for those, Python's integers are written as ECMAScript writes them."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_canonical(data, depth):
    """The value of bytes that are canonical JSON with whole numbers only."""
    if nesting(data) > depth:
        raise Bad("too deep")
    try:
        source = data.decode("utf-8")
        value = json.loads(source, object_pairs_hook=once, parse_float=refuse, parse_constant=refuse, parse_int=integer)
        is_canonical = canonical(value) == source
    except (ValueError, RecursionError) as error:
        raise Bad("not JSON") from error
    if not is_canonical:
        raise Bad("not canonical")
    return value


def begins_json(data):
    """Whether bytes are JSON, or JSON that was cut off."""
    try:
        source = codecs.getincrementaldecoder("utf-8")().decode(data)
        if source:
            json.loads(source, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        rest = source[error.pos :]
        return error.msg.startswith("Unterminated string") or CUT_OFF.fullmatch(rest) is not None
    except (ValueError, RecursionError, Bad):
        return False
    return True


def nesting(data):
    """How deep brackets lie in each other, those in strings apart."""
    deepest = now = 0
    for bracket in BRACKET.findall(STRING.sub(b"", data)):
        now += 1 if bracket in b"[{" else -1
        deepest = max(deepest, now)
    return deepest


def once(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Bad("a key stands twice")
    return value


def refuse(literal):
    raise Bad(f"{literal[:20]} is no whole number")


def integer(literal):
    if len(literal) > 17:
        raise Bad("a number is too large")
    return whole(int(literal), -LARGEST)
