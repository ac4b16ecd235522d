"""Pictures in files: what is read without Pillow, and what is said without it."""

import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from scopetutor import tf
from scopetutor.formats.png_reader import pixels_of
from scopetutor.formats.wire import MalformedError

RNG = np.random.RandomState(0)
SMOOTH = np.add.outer(np.arange(9) * 3, np.arange(7) * 5).astype(np.uint8)


def _file(image, kind="PNG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(SMOOTH),
        Image.fromarray(np.stack([SMOOTH, SMOOTH[::-1], SMOOTH], -1)),
        Image.fromarray(RNG.randint(0, 255, (5, 6, 4)).astype(np.uint8)),
        Image.fromarray(SMOOTH).convert("1"),
        Image.fromarray(RNG.randint(0, 9, (6, 5)).astype(np.uint8)).convert("P"),
        Image.fromarray(np.stack([SMOOTH] * 3, -1)).quantize(4),
    ],
    ids=["grey", "colours", "transparent", "bits", "palette", "few colours"],
)
def test_png_files_are_read_as_pillow_reads_them(image):
    """Filters, bits, palettes: the pixels are those of another reader."""
    data = _file(image, optimize=True)
    mode = (
        "L" if image.mode in ("1", "L") else "RGBA" if image.mode == "RGBA" else "RGB"
    )
    expected = np.asarray(Image.open(BytesIO(data)).convert(mode))

    found = pixels_of(data)

    assert np.array_equal(found.reshape(expected.shape), expected)


def test_transparency_of_a_palette_is_kept():
    """A colour that is declared transparent gets a channel for it."""
    image = Image.fromarray(np.array([[0, 1], [2, 0]], np.uint8)).convert("P")

    found = pixels_of(_file(image, transparency=0))

    assert found.shape == (2, 2, 4)
    assert (found[..., 3] == 0).sum() == (np.asarray(image) == 0).sum()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:4],
        lambda data: data[:20],
        lambda data: data[:24] + b"\x07" + data[25:],
        lambda data: data[:28] + b"\x01" + data[29:],
        lambda data: data.replace(b"IDAT", b"IDOT"),
        lambda data: data[:45] + b"\0\0\0\0" + data[49:],
    ],
    ids=["no signature", "no header", "depth", "passes", "no data", "zeros"],
)
def test_damaged_png_files_are_refused(damage):
    """What is no picture raises one error, and nothing else."""
    data = _file(Image.fromarray(SMOOTH))

    with pytest.raises(MalformedError):
        pixels_of(damage(data))


def test_gif_files_give_all_their_pictures():
    """A GIF file with two pictures is a tensor of two."""
    first, second = (
        Image.fromarray(np.full((4, 4, 3), value, np.uint8)) for value in (0, 255)
    )
    data = _file(first, "GIF", save_all=True, append_images=[second])

    with tf.Session() as session:
        found = session.run(tf.image.decode_gif(data))

    assert found.shape == (2, 4, 4, 3)
    assert (found[0] == 0).all()
    assert (found[1] == 255).all()


@pytest.mark.parametrize("operation", ["decode", "encode"])
def test_without_pillow_one_sentence_says_so(monkeypatch, operation):
    """JPEG needs Pillow; without it, the error says what to install."""
    monkeypatch.setitem(sys.modules, "PIL", None)
    made = {
        "decode": lambda: tf.image.decode_jpeg(b"\xff\xd8\xff"),
        "encode": lambda: tf.image.encode_jpeg(np.zeros((2, 2, 3), np.uint8)),
    }[operation]()

    with (
        tf.Session() as session,
        pytest.raises(tf.errors.UnimplementedError, match=r"scopetutor\[images\]"),
    ):
        session.run(made)


def test_a_jpeg_file_that_ends_too_early_is_refused():
    """The error is TensorFlow's."""
    data = _file(Image.fromarray(np.stack([SMOOTH] * 3, -1)), "JPEG")

    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="Invalid JPEG data"),
    ):
        session.run(tf.image.decode_jpeg(data[: len(data) // 2]))
