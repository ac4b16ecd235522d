"""FarmHash: the 64-bit fingerprint of some bytes, the same on every machine.

Stands alone. TF 1.15: `string_to_hash_bucket_fast`, hashed and crossed feature columns
count by it.
"""

from __future__ import annotations

import struct

_ALL = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
_MANY = 81


def fingerprint64(data: bytes) -> int:
    """The fingerprint of some bytes, from 0 to 2**64 - 1."""
    size = len(data)
    if size <= 16:
        return _up_to_16(data, size)
    if size <= 32:
        return _up_to_32(data, size)
    if size <= 64:
        return _up_to_64(data, size)
    return _longer(data, size)


def fingerprint_cat64(one: int, other: int) -> int:
    """The fingerprint of two fingerprints."""
    multiplier = 0xC6A4A7935BD1E995
    mixed = one ^ multiplier
    mixed ^= _shift_mix(other * multiplier & _ALL) * multiplier & _ALL
    mixed = mixed * multiplier & _ALL
    return _shift_mix(_shift_mix(mixed) * multiplier & _ALL)


def _fetch64(data: bytes, at: int) -> int:
    (found,) = struct.unpack_from("<Q", data, at)
    return int(found)


def _fetch32(data: bytes, at: int) -> int:
    (found,) = struct.unpack_from("<I", data, at)
    return int(found)


def _rotate(value: int, by: int) -> int:
    value &= _ALL
    return (value >> by | value << (64 - by)) & _ALL


def _shift_mix(value: int) -> int:
    return value ^ value >> 47


def _mix(u: int, v: int, multiplier: int) -> int:
    a = ((u ^ v) * multiplier) & _ALL
    a ^= a >> 47
    b = ((v ^ a) * multiplier) & _ALL
    b ^= b >> 47
    return (b * multiplier) & _ALL


def _up_to_16(data: bytes, size: int) -> int:
    multiplier = (_K2 + size * 2) & _ALL
    if size >= 8:
        a = (_fetch64(data, 0) + _K2) & _ALL
        b = _fetch64(data, size - 8)
        c = (_rotate(b, 37) * multiplier + a) & _ALL
        d = ((_rotate(a, 25) + b) * multiplier) & _ALL
        return _mix(c, d, multiplier)
    if size >= 4:
        a = _fetch32(data, 0)
        return _mix(size + (a << 3), _fetch32(data, size - 4), multiplier)
    if size > 0:
        y = data[0] + (data[size >> 1] << 8)
        z = size + (data[size - 1] << 2)
        return (_shift_mix((y * _K2 ^ z * _K0) & _ALL) * _K2) & _ALL
    return _K2


def _up_to_32(data: bytes, size: int) -> int:
    multiplier = (_K2 + size * 2) & _ALL
    a = _fetch64(data, 0) * _K1 & _ALL
    b = _fetch64(data, 8)
    c = _fetch64(data, size - 8) * multiplier & _ALL
    d = _fetch64(data, size - 16) * _K2 & _ALL
    return _mix(
        (_rotate(a + b, 43) + _rotate(c, 30) + d) & _ALL,
        (a + _rotate(b + _K2, 18) + c) & _ALL,
        multiplier,
    )


def _up_to_64(data: bytes, size: int) -> int:
    multiplier = (_K2 + size * 2) & _ALL
    a = _fetch64(data, 0) * _K2 & _ALL
    b = _fetch64(data, 8)
    c = _fetch64(data, size - 8) * multiplier & _ALL
    d = _fetch64(data, size - 16) * _K2 & _ALL
    y = (_rotate(a + b, 43) + _rotate(c, 30) + d) & _ALL
    z = _mix(y, (a + _rotate(b + _K2, 18) + c) & _ALL, multiplier)
    e = _fetch64(data, 16) * multiplier & _ALL
    f = _fetch64(data, 24)
    g = (y + _fetch64(data, size - 32)) * multiplier & _ALL
    h = (z + _fetch64(data, size - 24)) * multiplier & _ALL
    return _mix(
        (_rotate(e + f, 43) + _rotate(g, 30) + h) & _ALL,
        (e + _rotate(f + a, 18) + g) & _ALL,
        multiplier,
    )


def _weak(data: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """The mix of 32 bytes and two seeds."""
    w, x, y, z = struct.unpack_from("<4Q", data, at)
    a = (a + w) & _ALL
    b = _rotate(b + a + z, 21)
    c = a
    a = (a + x + y) & _ALL
    b = (b + _rotate(a, 44)) & _ALL
    return (a + z) & _ALL, (b + c) & _ALL


def _longer(data: bytes, size: int) -> int:
    """More than 64 bytes: blocks of 64, then the last 64 of all."""
    x = _MANY
    y = (_MANY * _K1 + 113) & _ALL
    z = _shift_mix((y * _K2 + 113) & _ALL) * _K2 & _ALL
    v, w = (0, 0), (0, 0)
    x = (x * _K2 + _fetch64(data, 0)) & _ALL
    for at in range(0, (size - 1) // 64 * 64, 64):
        x = _rotate(x + y + v[0] + _fetch64(data, at + 8), 37) * _K1 & _ALL
        y = _rotate(y + v[1] + _fetch64(data, at + 48), 42) * _K1 & _ALL
        x ^= w[1]
        y = (y + v[0] + _fetch64(data, at + 40)) & _ALL
        z = _rotate(z + w[0], 33) * _K1 & _ALL
        v = _weak(data, at, v[1] * _K1 & _ALL, (x + w[0]) & _ALL)
        w = _weak(data, at + 32, (z + w[1]) & _ALL, (y + _fetch64(data, at + 16)))
        x, z = z, x
    return _last(data, size, (x, y, z), v, w)


def _last(
    data: bytes,
    size: int,
    mixed: tuple[int, int, int],
    v: tuple[int, int],
    w: tuple[int, int],
) -> int:
    """What the last 64 bytes make of what was mixed before."""
    x, y, z = mixed
    multiplier = (_K1 + ((z & 0xFF) << 1)) & _ALL
    at = size - 64
    w = (w[0] + ((size - 1) & 63)) & _ALL, w[1]
    v = (v[0] + w[0]) & _ALL, v[1]
    w = (w[0] + v[0]) & _ALL, w[1]
    x = _rotate(x + y + v[0] + _fetch64(data, at + 8), 37) * multiplier & _ALL
    y = _rotate(y + v[1] + _fetch64(data, at + 48), 42) * multiplier & _ALL
    x ^= w[1] * 9 & _ALL
    y = (y + v[0] * 9 + _fetch64(data, at + 40)) & _ALL
    z = _rotate(z + w[0], 33) * multiplier & _ALL
    v = _weak(data, at, v[1] * multiplier & _ALL, (x + w[0]) & _ALL)
    w = _weak(data, at + 32, (z + w[1]) & _ALL, (y + _fetch64(data, at + 16)) & _ALL)
    x, z = z, x
    one = _mix(v[0], w[0], multiplier) + _shift_mix(y) * _K0 + z
    return _mix(one & _ALL, (_mix(v[1], w[1], multiplier) + x) & _ALL, multiplier)
