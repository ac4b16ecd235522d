"""Checkpoints of the first TensorFlows, one sorted table a file, are read."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats import protos
from scopetutor.formats.checkpoint_v1 import CheckpointV1
from scopetutor.formats.open_checkpoint import open_checkpoint
from scopetutor.formats.slices import Slice
from scopetutor.formats.sstable import write_table


def as_recorded(array: np.ndarray) -> dict:
    """An array in the words of the recording script."""
    shape = list(array.shape)
    if array.dtype == object:
        return {"shape": shape, "strings": [each.hex() for each in array.ravel()]}
    return {"shape": shape, "hex": array.tobytes().hex()}


@pytest.mark.parametrize("name", ["v1", "v1_dtypes"])
def test_values_are_those_of_the_session(golden, checkpoints, name):
    """Every type V1 knows, and partitioned variables, have the session's values."""
    expected = golden.json(f"checkpoints/{name}.json")
    checkpoint = CheckpointV1(checkpoints(name))

    assert sorted(expected, key=str.encode) == list(checkpoint.names)
    for key, facts in expected.items():
        facts.pop("parts", None)
        info = checkpoint.info(key)
        values = checkpoint.read(key)
        assert {"dtype": info.datatype.name, **as_recorded(values)} == facts
        assert values.flags.writeable


def test_a_part_is_read_across_saved_parts(checkpoints):
    """A region of a partitioned variable is what slicing the whole gives."""
    checkpoint = CheckpointV1(checkpoints("v1"))
    whole = checkpoint.read("rows/w")

    assert len(checkpoint.info("rows/w").parts) == 3
    assert np.array_equal(checkpoint.read("rows/w", Slice.parse("2,4:-")), whole[2:6])


def test_both_versions_answer_alike(checkpoints):
    """A model saved in V1 and V2 is the same to a reader."""
    old, new = open_checkpoint(checkpoints("v1")), open_checkpoint(checkpoints("saver"))

    assert (old.version, new.version) == ("V1", "V2")
    assert old.names == new.names
    for name in new.names:
        assert np.array_equal(old.read(name), new.read(name))
        assert old.info(name).shape == new.info(name).shape
        assert set(old.info(name).parts) == set(new.info(name).parts)


def test_a_v2_index_is_no_v1_checkpoint(checkpoints):
    """The index of a V2 checkpoint opened as V1 is refused with a hint."""
    with pytest.raises(FileFormatError, match="not the mark of a table"):
        CheckpointV1(checkpoints("saver") + ".data-00000-of-00001")
    with pytest.raises(FileFormatError, match="lists no tensors"):
        CheckpointV1(checkpoints("saver") + ".index")


def test_an_unknown_name_is_missing(checkpoints):
    """A tensor that is not there is a missing one, not a damaged one."""
    with pytest.raises(FileMissingError, match="did you mean plain"):
        CheckpointV1(checkpoints("v1")).read("plan")


def test_a_tensor_without_a_part_is_refused(tmp_path):
    """A list with a tensor that is nowhere is damaged."""
    listed = protos.SavedTensorSlices()
    listed.meta.tensor.add(name="a", type=1)
    with (tmp_path / "m").open("wb") as file:
        write_table(file, [(b"", listed.encode())])
    with pytest.raises(FileFormatError, match="tensor a has no part"):
        CheckpointV1(str(tmp_path / "m"))


def test_a_damaged_block_is_refused(checkpoints, tmp_path):
    """One changed bit anywhere in the data gives one error, never wrong values."""
    original = CheckpointV1(checkpoints("v1"))
    raw = bytearray(Path(checkpoints("v1")).read_bytes())
    path = tmp_path / "v1"
    shutil.copy(checkpoints("v1"), path)
    wrong = 0
    for at in range(0, len(raw) - 48, 13):
        raw[at] ^= 4
        path.write_bytes(raw)
        raw[at] ^= 4
        try:
            damaged = CheckpointV1(str(path))
            same = all(
                np.array_equal(damaged.read(name), original.read(name))
                for name in original.names
            )
        except FileFormatError:
            wrong += 1
        else:
            assert same
    assert wrong > 100
