"""The checksum of checkpoints, tables and records: CRC-32C, stored masked.

Masked, because a checksum over data that itself holds checksums is a weak one.
``sstable.py``, ``records.py`` and the checkpoints use it.
"""

from __future__ import annotations

from typing import Any

import google_crc32c

_MASK_DELTA = 0xA282EAD8


def crc32c(data: Any, before: int = 0) -> int:
    """CRC-32C of ``data``, continuing from the checksum of what came before.

    Args:
        data: bytes, or a C-contiguous NumPy array.
        before: the checksum so far, not masked.
    """
    checksum: int = google_crc32c.extend(before, data)
    return checksum


def mask(checksum: int) -> int:
    """The 32-bit number that is stored for ``checksum``."""
    turned = checksum >> 15 | checksum << 17
    return (turned + _MASK_DELTA) & 0xFFFFFFFF


def unmask(stored: int) -> int:
    """The checksum that is stored as ``stored``."""
    turned = (stored - _MASK_DELTA) & 0xFFFFFFFF
    return (turned >> 17 | turned << 15) & 0xFFFFFFFF
