"""What we write is, byte for byte, what TensorFlow 1.15.5 writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.checkpoint_writer import Part, TensorToSave, write_checkpoint
from scopetutor.formats.slices import Slice, slice_key


def tensors_in_order(checkpoint: CheckpointV2) -> list[list[TensorToSave]]:
    """Everything of a checkpoint, by data file, in the order it lies there."""
    shards: list[list] = [[] for _ in range(checkpoint.shards)]
    for name in checkpoint.names:
        info = checkpoint.info(name)
        for part in info.parts or (None,):
            key = slice_key(name, part) if part else name.encode()
            entry = checkpoint._entry(key)
            where = Part(info.shape, part) if part else None
            tensor = TensorToSave(name, checkpoint.read(name, part), where)
            # empty tensors share their offset with the next one
            shards[entry.shard].append(((entry.offset, name.encode()), tensor))
    return [
        [tensor for _, tensor in sorted(shard, key=lambda each: each[0])]
        for shard in shards
    ]


@pytest.mark.parametrize("name", ["dtypes", "saver", "sharded", "slices", "many"])
def test_a_checkpoint_is_written_back_byte_for_byte(checkpoints, tmp_path, name):
    """Index and data files of a rewritten golden checkpoint are the golden ones."""
    original = Path(checkpoints(name))

    write_checkpoint(tmp_path / name, *tensors_in_order(CheckpointV2(str(original))))

    files = sorted(path.name for path in original.parent.glob(f"{name}.*"))
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    for file in files:
        assert (tmp_path / file).read_bytes() == (original.parent / file).read_bytes()


ARRAYS = {
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "strided": np.arange(20, dtype="i2")[::-3],
    "big endian": np.arange(4, dtype=">i8"),
    "big endian complex": np.array([1 + 2j], ">c8"),
    "scalar": np.float32(1.5),
    "text": np.array(["a", "café"]),
    "bytes": np.array([b"a", b"bc"]),
    "mixed": np.array(["é", b"\xff\x00"], object),
    "nothing": np.zeros((3, 0, 2), "u1"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_any_layout_of_memory_is_saved(tmp_path, name):
    """Views, other byte orders and NumPy's strings read back with equal values."""
    values = np.asarray(ARRAYS[name])

    write_checkpoint(tmp_path / "m", [TensorToSave(name, values)])

    found = CheckpointV2(str(tmp_path / "m")).read(name)
    if found.dtype == object:
        values = np.array(
            [e.encode() if isinstance(e, str) else e for e in values.tolist()], object
        )
    assert found.shape == values.shape
    assert found.tolist() == values.tolist()


def test_an_empty_checkpoint_can_be_written(tmp_path):
    """No tensors, or no data file, make a checkpoint without tensors."""
    write_checkpoint(tmp_path / "m", [])
    write_checkpoint(tmp_path / "n")

    assert CheckpointV2(str(tmp_path / "m")).names == ()
    assert (tmp_path / "m.index").read_bytes() == (tmp_path / "n.index").read_bytes()


ROW = Slice.parse("0,1:-")
HALF = TensorToSave("a", np.zeros([1, 3]), Part((2, 3), ROW))


@pytest.mark.parametrize(
    ("tensors", "problem"),
    [
        ([TensorToSave("a", np.zeros(2))] * 2, "a is saved twice"),
        ([HALF, HALF], "a is saved twice"),
        ([TensorToSave("", np.zeros(2))], "cannot be saved under the name ''"),
        ([TensorToSave("\0a", np.zeros(2))], "cannot be saved under the name"),
        (
            [TensorToSave("a", np.zeros(3), Part((2, 3), ROW))],
            "not have the shape",
        ),
        (
            [HALF, TensorToSave("a", np.zeros([1, 3]), Part((4, 3), ROW))],
            "disagree on its shape",
        ),
        (
            [TensorToSave("a", np.zeros(3, "M8[s]"))],
            "no data type for NumPy's dat",
        ),
        ([TensorToSave("a", np.zeros(3, "f8,f8"))], "no data type for NumPy's"),
        ([TensorToSave("a", np.array([1, "a"], object))], "cannot hold 1"),
    ],
)
def test_what_cannot_be_saved_leaves_nothing_behind(tmp_path, tensors, problem):
    """A wrong tensor is refused in a sentence and no file appears."""
    with pytest.raises((ValueError, TypeError), match=problem):
        write_checkpoint(tmp_path / "m", tensors)

    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_the_systems_error(tmp_path):
    """Saving into a folder that is not there is FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        write_checkpoint(tmp_path / "no" / "m", [])
