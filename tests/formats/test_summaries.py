"""Summaries are, byte for byte, those of TensorFlow 1.15.5's summary ops."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from scopetutor.formats import summaries
from scopetutor.formats.histogram import bucket_limits, histogram
from scopetutor.formats.png import png


@pytest.fixture(scope="module")
def recorded(golden):
    """What the ops gave."""
    return golden.json("events/summaries.json")


def array_of(about: dict) -> np.ndarray:
    """The array a recording describes."""
    data = np.frombuffer(bytes.fromhex(about["hex"]), about["dtype"])
    return data.reshape(about["shape"])


def test_scalars_are_tensorflows(recorded):
    """tf.summary.scalar of ordinary, huge and missing numbers."""
    for tag, value, expected in recorded["scalars"]:
        made = summaries.summary(summaries.scalar_value(tag, value))
        assert made.encode().hex() == expected


def test_histograms_are_tensorflows(recorded):
    """tf.summary.histogram of every kind of array: buckets and sums to the bit."""
    for about, expected in recorded["histograms"]:
        value = summaries.histogram_value(about["name"], array_of(about))
        assert summaries.summary(value).encode().hex() == expected
    assert len(recorded["histograms"]) > 8


def test_texts_are_tensorflows(recorded):
    """tf.summary.text of a string, a row and a table."""
    for name, text, expected in recorded["texts"]:
        made = summaries.text_value(name, np.array(text, object))
        assert summaries.summary(made).encode().hex() == expected
    assert summaries.text_value("plain", "hello") == summaries.text_value(
        "plain", np.array(b"hello", object)
    )


def pixels_of(data: bytes) -> bytes:
    """The pixels of a PNG file whose rows are not filtered; checks its checksums."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, width, channels = 8, b"", 0, 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(
            kind + body
        )
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack_from(">IIBB", body)
            channels = {0: 1, 4: 2, 2: 3, 6: 4}[colour] * depth // 8
        packed += body if kind == b"IDAT" else b""
        at += size + 12
    raw, row = zlib.decompress(packed), 1 + width * channels
    assert not any(raw[::row])
    return b"".join(raw[i + 1 : i + row] for i in range(0, len(raw), row))


def test_pictures_are_tensorflows(recorded):
    """tf.summary.image: names, sizes, and every pixel after normalization."""
    for about, expected, pictures in recorded["images"]:
        values = summaries.image_values(
            about["name"], array_of(about), max_outputs=about["count"]
        )
        found = [pixels_of(v.image.encoded_image_string).hex() for v in values]
        assert (about["name"], found) == (about["name"], pictures)
        for value in values:
            value.image.encoded_image_string = b""
        assert summaries.summary(*values).encode().hex() == expected
    assert len(recorded["images"]) > 10


@pytest.mark.parametrize("shape", [(2, 2, 3), (1, 2, 2, 2), (1, 2, 2, 5)])
def test_other_shapes_are_no_pictures(shape):
    """A wrong rank or number of channels is refused in TensorFlow's words."""
    with pytest.raises(ValueError, match="Tensor must be 4-D with last dim 1, 3, or 4"):
        summaries.image_values("x", np.zeros(shape, "u1"))


def test_sixteen_bit_pictures_are_big_endian():
    """uint16 pixels are stored highest byte first."""
    pixels = np.array([[[1], [65535]]], "<u2")

    assert pixels_of(png(pixels)) == b"\0\1\xff\xff"
    with pytest.raises(ValueError, match="no picture has the shape"):
        png(np.zeros((0, 2, 1), "u1"))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_has_no_histogram(value):
    """NaN and infinity are refused."""
    with pytest.raises(ValueError, match="cannot hold NaN or infinity"):
        histogram(np.array([1.0, value]))


def test_the_largest_double_is_counted():
    """The largest double belongs to the last bucket; TF 1.15 crashes on it."""
    largest = np.finfo("f8").max

    assert bucket_limits()[-1] == largest
    made = histogram(np.array([largest]))
    assert (made.bucket[-1], made.bucket_limit[-1]) == (1, largest)
