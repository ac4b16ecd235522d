"""MNIST from its files, from damaged ones, and made up."""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from scopetutor.engine import mnist

if TYPE_CHECKING:
    from pathlib import Path


def images_file(count: int) -> bytes:
    """A file of images whose pixels count upwards."""
    pixels = np.arange(count * 784, dtype=np.uint64).astype(np.uint8)
    return struct.pack(">IIII", 2051, count, 28, 28) + pixels.tobytes()


def labels_file(count: int) -> bytes:
    """A file of the labels 0 to 9, again and again."""
    return struct.pack(">II", 2049, count) + bytes(n % 10 for n in range(count))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The four files, two of them compressed."""
    for part, count in (("train", 30), ("test", 10)):
        images = tmp_path / mnist.FILES[f"{part}_images"]
        images.with_name(images.name + ".gz").write_bytes(
            gzip.compress(images_file(count))
        )
        # Some archives have a dot in the name.
        name = mnist.FILES[f"{part}_labels"].replace("-idx", ".idx")
        (tmp_path / name).write_bytes(labels_file(count))
    return tmp_path


def test_the_four_files_are_read(folder: Path) -> None:
    """Compressed or not; images in [0, 1], labels one-hot or not."""
    data = mnist.read_data_sets(str(folder), one_hot=True, validation_size=5)

    assert (data.train.num_examples, data.validation.num_examples) == (25, 5)
    assert data.test.images.shape == (10, 784)
    assert data.test.images.dtype == np.float32
    assert data.test.images[0, 255] == pytest.approx(1.0)
    assert data.test.labels.argmax(axis=1).tolist() == list(range(10))

    raw = mnist.read_data_sets(
        str(folder), dtype="uint8", reshape=False, validation_size=0
    )
    assert raw.train.images.shape == (30, 28, 28, 1)
    assert raw.train.images.dtype == np.uint8
    assert raw.test.labels.tolist() == list(range(10))


def test_batches_go_through_all_and_count_epochs(folder: Path) -> None:
    """A batch may end one round and begin the next."""
    train = mnist.read_data_sets(str(folder), validation_size=20).train
    seen = [int(label) for _ in range(5) for label in train.next_batch(4)[1]]

    assert sorted(seen[:10]) == list(range(10))
    assert train.epochs_completed == 1
    assert train.next_batch(3, fake_data=True)[1] == [0, 0, 0]
    ordered = mnist.read_data_sets(str(folder), validation_size=20).train
    assert ordered.next_batch(3, shuffle=False)[1].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("train_images", b"", "Invalid magic number 0 in MNIST image file"),
        ("train_images", images_file(2)[:-5], "says it has 2 images"),
        ("train_labels", images_file(1), "Invalid magic number 2051"),
        ("train_labels", labels_file(3)[:-1], "has 2 labels and says it has 3"),
        ("test_images", b"\x1f\x8bnonsense", "is damaged"),
        ("train_labels", labels_file(7), "images.shape"),
    ],
)
def test_damaged_files_are_told(
    folder: Path, name: str, content: bytes, said: str
) -> None:
    """What is wrong with a file, and which one it is."""
    for path in list(folder.iterdir()):
        if path.name.startswith(mnist.FILES[name][:13]):
            path.unlink()
    (folder / mnist.FILES[name]).write_bytes(content)

    with pytest.raises((ValueError, AssertionError), match=said):
        mnist.read_data_sets(str(folder), validation_size=0)


def test_missing_files_and_wrong_wishes_are_told(folder: Path) -> None:
    """Which files, and that nothing is downloaded."""
    with pytest.raises(ValueError, match="Validation size should be between 0 and 30"):
        mnist.read_data_sets(str(folder), validation_size=31)
    with pytest.raises(TypeError, match="Invalid image dtype"):
        mnist.read_data_sets(str(folder), dtype="int32", validation_size=0)
    (folder / "t10k-labels.idx1-ubyte").unlink()
    with pytest.raises(
        FileNotFoundError, match=r"t10k-labels-idx1-ubyte .*--fake-data"
    ):
        mnist.read_data_sets(str(folder))


def test_data_is_made_up_only_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same every time, and such that labels can be told from images."""
    monkeypatch.setattr(mnist, "_may_be_made_up", False)
    monkeypatch.setattr(mnist, "_was_made_up", False)
    monkeypatch.setattr(mnist, "_most_made_up", 0)
    with pytest.raises(FileNotFoundError):
        mnist.read_data_sets(str(tmp_path))
    assert not mnist.was_made_up()

    mnist.make_up_data(2_000)
    data = mnist.read_data_sets(str(tmp_path))

    assert mnist.was_made_up()
    assert data.train.num_examples + data.validation.num_examples == 2_000
    means: Any = [
        data.train.images[data.train.labels == k].mean(axis=0) for k in range(10)
    ]
    distances = ((data.test.images[:, None] - np.array(means)) ** 2).sum(axis=2)
    assert (distances.argmin(axis=1) == data.test.labels).mean() > 0.8
    again = mnist.read_data_sets(str(tmp_path))
    assert (again.test.images == data.test.images).all()


def test_tensorflows_own_fake_data_is_empty() -> None:
    """`fake_data=True` of TF 1.15 is another thing, and stays."""
    data = mnist.read_data_sets("", fake_data=True, one_hot=True)

    assert data.train.num_examples == 10_000
    images, labels = data.train.next_batch(2, fake_data=True)
    assert (len(images[0]), labels[0]) == (784, [1] + [0] * 9)
