"""The MNIST digits for tutorials: read from their files, or made up on demand.

Nothing is ever downloaded. The four files are those of the data set (IDX, as they are
or compressed); where they are not, an error says so, unless `make_up_data` was called:
then there are blurred strokes that can be learned and are no digits of anybody's.
"""

from __future__ import annotations

import gzip
import os
import struct
from typing import Any, NamedTuple

import numpy as np

from . import tf_logging
from .random import get_seed

FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
SIZES = {"train": 60_000, "test": 10_000}
SIDE = 28
_IMAGES, _LABELS = 2051, 2049
_may_be_made_up = False
_most_made_up = 0
_was_made_up = False


def make_up_data(most: int = 60_000) -> None:
    """Makes data up where its files are not there, from now on.

    Args:
        most: images of a part.
    """
    global _may_be_made_up, _most_made_up
    _may_be_made_up, _most_made_up = True, most


def was_made_up() -> bool:
    """Whether data had to be made up."""
    return _was_made_up


class Datasets(NamedTuple):
    """What `read_data_sets` gives."""

    train: DataSet
    validation: DataSet
    test: DataSet


class DataSet:
    """Images and labels, handed out in batches.

    Attributes:
        images: (n, 784) in [0, 1], or bytes; (n, 28, 28, 1) if not reshaped.
        labels: (n,), or (n, 10) one-hot.
        num_examples: n.
        epochs_completed: how often all of them were handed out.
    """

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = "float32",
        reshape: bool = True,
        seed: Any = None,
    ) -> None:
        first, second = get_seed(seed)
        np.random.seed(first if seed is None else second)
        name = getattr(dtype, "name", str(dtype))
        if name not in ("uint8", "float32"):
            raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
        self._fake, self._one_hot = fake_data, one_hot
        if fake_data:
            images, labels = np.zeros([10_000, 0]), np.zeros([10_000])
        else:
            if images.shape[0] != labels.shape[0]:
                raise AssertionError(
                    f"images.shape: {images.shape} labels.shape: {labels.shape}"
                )
            if reshape:
                images = images.reshape(images.shape[0], -1)
            if name == "float32":
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images, self._labels = images, labels
        self._epochs = self._next = 0

    @property
    def images(self) -> Any:
        """All images, in the order they are handed out."""
        return self._images

    @property
    def labels(self) -> Any:
        """All labels."""
        return self._labels

    @property
    def num_examples(self) -> int:
        """How many there are."""
        return int(self._images.shape[0])

    @property
    def epochs_completed(self) -> int:
        """How often all were handed out."""
        return self._epochs

    def next_batch(
        self, batch_size: int, fake_data: bool = False, shuffle: bool = True
    ) -> tuple[Any, Any]:
        """The next images with their labels; every round is shuffled anew.

        Args:
            batch_size: how many.
            fake_data: gives ones instead, as TF 1.15.
            shuffle: whether rounds are shuffled.
        """
        if fake_data:
            label: Any = [1] + [0] * 9 if self._one_hot else 0
            return [[1] * (SIDE * SIDE)] * batch_size, [label] * batch_size
        start = self._next
        if self._epochs == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self.num_examples:
            self._next = start + batch_size
            return self._between(start, self._next)
        self._epochs += 1
        images, labels = self._between(start, self.num_examples)
        if shuffle:
            self._shuffle()
        self._next = batch_size - (self.num_examples - start)
        more_images, more_labels = self._between(0, self._next)
        return (
            np.concatenate((images, more_images), axis=0),
            np.concatenate((labels, more_labels), axis=0),
        )

    def _between(self, start: int, end: int) -> tuple[Any, Any]:
        return self._images[start:end], self._labels[start:end]

    def _shuffle(self) -> None:
        order = np.arange(self.num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]


def read_data_sets(
    train_dir: Any,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = "float32",
    reshape: bool = True,
    validation_size: int = 5000,
    seed: Any = None,
    source_url: str = "",
) -> Datasets:
    """The training, validation and test sets.

    Args:
        train_dir: the folder with the four files.
        fake_data: empty data sets, as TF 1.15.
        one_hot: labels as rows of ten.
        dtype: float32 in [0, 1], or uint8.
        reshape: images as rows of 784.
        validation_size: how many of the training images go into the validation set.
        seed: for the order of batches.
        source_url: not used: nothing is downloaded.

    Raises:
        FileNotFoundError: a file is not there.
        ValueError: a file is not what it should be.
    """
    del source_url

    def made(images: Any, labels: Any) -> DataSet:
        return DataSet(
            images, labels, fake_data, one_hot, dtype=dtype, reshape=reshape, seed=seed
        )

    if fake_data:
        return Datasets(made([], []), made([], []), made([], []))
    folder = os.fsdecode(train_dir) if train_dir else "."
    images, labels = _part(folder, "train", one_hot)
    test_images, test_labels = _part(folder, "test", one_hot)
    if _was_made_up:
        validation_size = min(validation_size, len(images) // 10)
    if not 0 <= validation_size <= len(images):
        raise ValueError(
            f"Validation size should be between 0 and {len(images)}. Received: "
            f"{validation_size}."
        )
    return Datasets(
        made(images[validation_size:], labels[validation_size:]),
        made(images[:validation_size], labels[:validation_size]),
        made(test_images, test_labels),
    )


def _part(folder: str, part: str, one_hot: bool) -> tuple[Any, Any]:
    """Images and labels of the training or the test files."""
    paths = [_path(folder, FILES[f"{part}_{what}"]) for what in ("images", "labels")]
    if _may_be_made_up and None in paths:
        global _was_made_up  # noqa: PLW0603 - see above
        _was_made_up = True
        images, digits = made_up(min(SIZES[part], _most_made_up))
        return images, dense_to_one_hot(digits) if one_hot else digits
    missing = [
        FILES[f"{part}_{what}"]
        for what, path in zip(("images", "labels"), paths, strict=True)
        if path is None
    ]
    if missing:
        raise FileNotFoundError(
            f"MNIST is not in {folder}: {' and '.join(missing)} (or .gz) not found. "
            "scopetutor downloads nothing: put the four files there, or try "
            "`scopetutor run --fake-data`"
        )
    found = []
    for path, read in zip(paths, (extract_images, extract_labels), strict=True):
        tf_logging.info("Extracting %s", path)
        with open(str(path), "rb") as file:
            found.append(read(file))
    images, labels = found
    return images, dense_to_one_hot(labels) if one_hot else labels


def _path(folder: str, name: str) -> str | None:
    """A file of the data set, compressed or not; None if it is not there.

    Some archives have a dot where the files have a hyphen.
    """
    for spelt in (name, name.replace("-idx", ".idx")):
        for ending in (".gz", ""):
            path = os.path.join(folder, spelt + ending)
            if os.path.isfile(path):
                return path
    return None


def extract_images(f: Any) -> Any:
    """The images of an open file: (n, 28, 28, 1), uint8.

    Raises:
        ValueError: it is no file of images.
    """
    data = _unpacked(f)
    magic, count, rows, columns = struct.unpack_from(">IIII", data.ljust(16, b"\0"))
    if magic != _IMAGES:
        raise ValueError(f"Invalid magic number {magic} in MNIST image file: {f.name}")
    pixels = np.frombuffer(data, np.uint8, offset=16)
    if pixels.size != count * rows * columns:
        raise ValueError(
            f"{f.name} has {pixels.size:,} pixels and says it has {count:,} images of "
            f"{rows} x {columns}"
        )
    return pixels.reshape(count, rows, columns, 1)


def extract_labels(f: Any, one_hot: bool = False, num_classes: int = 10) -> Any:
    """The labels of an open file: (n,), uint8; or one-hot.

    Raises:
        ValueError: it is no file of labels.
    """
    data = _unpacked(f)
    magic, count = struct.unpack_from(">II", data.ljust(8, b"\0"))
    if magic != _LABELS:
        raise ValueError(f"Invalid magic number {magic} in MNIST label file: {f.name}")
    labels = np.frombuffer(data, np.uint8, offset=8)
    if labels.size != count:
        raise ValueError(
            f"{f.name} has {labels.size:,} labels and says it has {count:,}"
        )
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def _unpacked(file: Any) -> bytes:
    data: bytes = file.read()
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise ValueError(f"{file.name} is damaged: {error}") from None


def dense_to_one_hot(labels_dense: Any, num_classes: int = 10) -> Any:
    """Labels as rows with a single one."""
    return np.eye(num_classes)[np.asarray(labels_dense, dtype=np.int64).ravel()]


def made_up(count: int) -> tuple[Any, Any]:
    """Images that are no digits, and labels that can be learned from them.

    The same every time: ten patterns, as dark as digits are, under noise.
    """
    source = np.random.RandomState(1998)
    coarse = source.rand(10, 7, 7) < 0.3
    patterns = np.kron(coarse, np.ones((4, 4))).astype(np.uint8)
    digits = source.randint(0, 10, count).astype(np.uint8)
    # Each image is faint in places of its own, so that nothing is quite sure.
    clear = source.rand(count, 7, 7) < 0.3
    light = np.repeat(np.repeat(clear, 4, axis=1), 4, axis=2) * np.uint8(120)
    noise = source.randint(0, 30, (count, SIDE, SIDE), np.uint8)
    return (patterns[digits] * light + noise)[..., np.newaxis], digits
