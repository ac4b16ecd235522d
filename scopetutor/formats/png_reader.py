"""Reading PNG files: an array of pixels.

Beside ``png.py``, which writes them. Colours of a palette and bits are made samples of
eight bits; pictures in several passes (interlaced ones) are refused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np

from .arrays import Array
from .png import SIGNATURE
from .wire import MalformedError

_PALETTE = 3
# PNG's colour types -> channels, and how many bits a sample may have
_CHANNELS = {0: 1, 2: 3, _PALETTE: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), _PALETTE: (1, 2, 4, 8)}
_DEEP = (8, 16)


def pixels_of(data: bytes) -> Array:
    """The pixels of a PNG file: uint8 or uint16, [height, width, channels].

    Raises:
        MalformedError: it is no PNG file, or damaged, or of a kind not known here.
    """
    if not data.startswith(SIGNATURE):
        raise MalformedError("it does not begin as PNG files do")
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise MalformedError("it has no header")
    width, height, depth, colour, _, _, passes = struct.unpack(">IIBBBBB", chunks[0][1])
    known = colour in _CHANNELS and depth in _DEPTHS.get(colour, _DEEP)
    if not known or passes or not width or not height:
        raise MalformedError("it is of a kind that is not known here")
    try:
        packed = zlib.decompress(b"".join(d for kind, d in chunks if kind == b"IDAT"))
    except zlib.error as error:
        raise MalformedError(str(error)) from error
    bits = depth * _CHANNELS[colour]
    rows = _unfiltered(packed, height, (width * bits + 7) // 8, max(1, bits // 8))
    flat = _samples(rows, depth).reshape(height, -1)
    samples = flat[:, : width * _CHANNELS[colour]].reshape(height, width, -1)
    if colour == _PALETTE:
        return _coloured(samples, dict(chunks))
    return samples if depth >= 8 else samples * (255 // (2**depth - 1))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(packed: bytes, height: int, stride: int, step: int) -> Array:
    """The rows as they were before each was filtered."""
    if len(packed) < height * (stride + 1):
        raise MalformedError("it ends too early")
    lines = np.frombuffer(packed, np.uint8, height * (stride + 1))
    lines = lines.reshape(height, stride + 1)
    rows = np.zeros((height + 1, stride), np.uint8)
    for number, line in enumerate(lines, 1):
        kind, row = int(line[0]), line[1:]
        if kind not in _FILTERS:
            raise MalformedError("a row is filtered in no known way")
        rows[number] = _FILTERS[kind](row, rows[number - 1], step)
    return rows[1:]


def _left(row: Array, _above: Array, step: int) -> Array:
    padded = np.zeros(-(-len(row) // step) * step, np.uint8)
    padded[: len(row)] = row
    sums = np.add.accumulate(padded.reshape(-1, step), axis=0, dtype=np.uint8)
    return sums.reshape(-1)[: len(row)]


Unfilter = Callable[[Array, Array, int], Array]


def _one_by_one(predict: Callable[[int, int, int], int]) -> Unfilter:
    def unfilter(row: Array, above: Array, step: int) -> Array:
        found = bytearray(len(row))
        over = above.tolist()
        for at, value in enumerate(row.tolist()):
            left = found[at - step] if at >= step else 0
            corner = over[at - step] if at >= step else 0
            found[at] = (value + predict(left, over[at], corner)) & 255
        return np.frombuffer(bytes(found), np.uint8)

    return unfilter


def _nearest(left: int, above: int, corner: int) -> int:
    """Paeth's predictor: which of three is nearest to left + above - corner."""
    guess = left + above - corner
    distances = abs(guess - left), abs(guess - above), abs(guess - corner)
    return (left, above, corner)[distances.index(min(distances))]


_FILTERS: dict[int, Unfilter] = {
    0: lambda row, _above, _step: row,
    1: _left,
    2: lambda row, above, _step: row + above,
    3: _one_by_one(lambda left, above, _corner: (left + above) // 2),
    4: _one_by_one(_nearest),
}


def _samples(rows: Array, depth: int) -> Array:
    """Numbers of a depth as numbers of eight or sixteen bits."""
    if depth == 16:
        return rows.view(">u2").astype(np.uint16)
    if depth == 8:
        return rows
    bits = np.unpackbits(rows, axis=1).reshape(len(rows), -1, depth)
    weights = 1 << np.arange(depth - 1, -1, -1)
    samples: Array = (bits * weights).sum(-1).astype(np.uint8)
    return samples


def _coloured(indices: Array, chunks: dict[bytes, bytes]) -> Array:
    """The colours of a palette's entries, with their transparency if there is any."""
    palette = np.frombuffer(chunks.get(b"PLTE", b""), np.uint8).reshape(-1, 3)
    if indices.max(initial=0) >= len(palette):
        raise MalformedError("a colour is not in its palette")
    if b"tRNS" in chunks:
        alpha = np.full((len(palette), 1), 255, np.uint8)
        given = np.frombuffer(chunks[b"tRNS"], np.uint8)
        alpha[: len(given), 0] = given
        palette = np.hstack([palette, alpha])
    colours: Array = palette[indices[..., 0]]
    return colours
