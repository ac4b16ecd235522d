"""Pictures for summaries: an array of pixels as a PNG file.

``summaries.py`` comes next.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from .arrays import Array

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# channels -> PNG's colour type: grey, with alpha, RGB, RGB with alpha
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def png(pixels: Array) -> bytes:
    """A PNG file of ``pixels``.

    Args:
        pixels: uint8 or uint16, [height, width, channels], 1 to 4 channels.

    Raises:
        ValueError: it has another shape, or no pixel.
    """
    if pixels.ndim != 3 or pixels.shape[2] not in _COLOUR_TYPES or not pixels.size:
        raise ValueError(f"no picture has the shape {list(pixels.shape)}")
    height, width, channels = pixels.shape
    depth = 8 * pixels.itemsize
    header = struct.pack(
        ">IIBBBBB", width, height, depth, _COLOUR_TYPES[channels], 0, 0, 0
    )
    big_endian = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder(">")))
    rows = big_endian.reshape(height, -1).view(np.uint8)
    # every row begins with the number of its filter: none
    unfiltered = np.hstack([np.zeros((height, 1), np.uint8), rows])
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(unfiltered.tobytes())),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
