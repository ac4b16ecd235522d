"""Two more hashes of bytes: TensorFlow's old one, and SipHash, which has a key.

Stands alone, beside ``farmhash.py``.
"""

from __future__ import annotations

import struct

_ALL = (1 << 64) - 1
_MULTIPLIER = 0xC6A4A7935BD1E995


def hash64(data: bytes) -> int:
    """TensorFlow's own hash, which may differ between versions: a kind of Murmur."""
    full = len(data) // 8 * 8
    found = 0xDECAFCAFFE ^ (len(data) * _MULTIPLIER) & _ALL
    for (word,) in struct.iter_unpack("<Q", data[:full]):
        mixed = word * _MULTIPLIER & _ALL
        mixed = (mixed ^ mixed >> 47) * _MULTIPLIER & _ALL
        found = (found ^ mixed) * _MULTIPLIER & _ALL
    if data[full:]:
        found ^= int.from_bytes(data[full:], "little")
        found = found * _MULTIPLIER & _ALL
    found = (found ^ found >> 47) * _MULTIPLIER & _ALL
    return found ^ found >> 47


def siphash(data: bytes, key: tuple[int, int]) -> int:
    """SipHash-2-4 of some bytes."""
    v = [
        0x736F6D6570736575 ^ key[0],
        0x646F72616E646F6D ^ key[1],
        0x6C7967656E657261 ^ key[0],
        0x7465646279746573 ^ key[1],
    ]
    padded = data + b"\0" * (7 - len(data) % 8) + bytes([len(data) & 0xFF])
    for (word,) in struct.iter_unpack("<Q", padded):
        v[3] ^= word
        _round(v, 2)
        v[0] ^= word
    v[2] ^= 0xFF
    _round(v, 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _rotate(value: int, by: int) -> int:
    return (value << by | value >> (64 - by)) & _ALL


def _round(v: list[int], times: int) -> None:
    for _ in range(times):
        v[0] = (v[0] + v[1]) & _ALL
        v[2] = (v[2] + v[3]) & _ALL
        v[1] = _rotate(v[1], 13) ^ v[0]
        v[3] = _rotate(v[3], 16) ^ v[2]
        v[0] = _rotate(v[0], 32)
        v[2] = (v[2] + v[1]) & _ALL
        v[0] = (v[0] + v[3]) & _ALL
        v[1] = _rotate(v[1], 17) ^ v[2]
        v[3] = _rotate(v[3], 21) ^ v[0]
        v[2] = _rotate(v[2], 32)
