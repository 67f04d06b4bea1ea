"""Ed25519 verification (RFC 8032 §5.1.7), with the stricter reading of keys that Writ's ledger demands (§8).

Slow and plain. Nothing here is secret, so nothing here needs constant time.
"""

import hashlib
from functools import lru_cache

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    g = 2 * t1 * t2 * D % P
    h = 2 * z1 * z2 % P
    s, t, u, v = f - e, h - g, h + g, f + e
    return (s * t % P, u * v % P, t * u % P, s * v % P)


def times(scalar, point):
    result = NEUTRAL
    while scalar > 0:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def decode(encoded):
    """The point with these 32 bytes (RFC 8032 §5.1.3); None where there is none, or another spelling of one."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0 or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache(maxsize=1024)
def is_sound_key(public):
    """False for what is no point in its one spelling, and for points of low order, under which anything verifies."""
    point = decode(public) if len(public) == 32 else None
    return point is not None and not same(times(8, point), NEUTRAL)


@lru_cache(maxsize=65536)
def verify(public, message, signature):
    if len(signature) != 64 or not is_sound_key(public):
        return False
    r, s = decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(k, decode(public))))
