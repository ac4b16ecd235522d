"""Checkpoints of TensorFlow 1.15.5 are read, lazily, with every value right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats import arrays, protos
from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.checksum import crc32c, mask
from scopetutor.formats.slices import Slice, slice_key
from scopetutor.formats.sstable import write_table

READABLE = ["dtypes", "saver", "sharded"]


def as_recorded(array: np.ndarray) -> dict:
    """An array in the words of the recording script."""
    shape = list(array.shape)
    if array.dtype == object:
        return {"shape": shape, "strings": [each.hex() for each in array.ravel()]}
    return {"shape": shape, "hex": array.tobytes().hex()}


@pytest.mark.parametrize("name", READABLE)
def test_values_are_those_of_the_session(golden, checkpoints, name):
    """Every tensor has the type, shape, parts and values its session had."""
    expected = golden.json(f"checkpoints/{name}.json")
    checkpoint = CheckpointV2(checkpoints(name))

    assert sorted(expected, key=str.encode) == list(checkpoint.names)
    for key, facts in expected.items():
        info = checkpoint.info(key)
        found = {"dtype": info.datatype.name, **as_recorded(checkpoint.read(key))}
        assert list(info.shape) == facts["shape"]
        if "parts" in facts and len(facts["parts"]) > 1:
            shape = " ".join(map(str, info.shape))
            spelled = sorted(
                f"{shape} {part.within(info.shape)}" for part in info.parts
            )
            assert spelled == facts["parts"]
        facts.pop("parts", None)
        assert found == facts


def test_every_type_tensorflow_can_save_is_among_the_golden_ones(golden):
    """No type is left out: only handles cannot be saved."""
    kinds = {
        facts["dtype"] for facts in golden.json("checkpoints/dtypes.json").values()
    }

    assert kinds == set(arrays.BY_NAME) - {"resource", "variant"}


def test_many_index_blocks_are_read(checkpoints):
    """An index of 4,000 long names, four blocks, gives every value by its name."""
    checkpoint = CheckpointV2(checkpoints("many"))

    values = [int(checkpoint.read(name)) for name in checkpoint.names]

    assert list(range(4000)) == values


def test_a_part_is_read_however_it_was_saved(checkpoints):
    """A region across saved parts, or of a whole tensor, is what slicing gives."""
    checkpoint = CheckpointV2(checkpoints("saver"))
    parted, whole = checkpoint.read("rows/w"), checkpoint.read("plain")

    assert np.array_equal(
        checkpoint.read("rows/w", Slice.parse("2,3:1,2")), parted[2:5, 1:3]
    )
    assert np.array_equal(checkpoint.read("plain", Slice.parse("-:1,2")), whole[:, 1:3])
    with pytest.raises(FileFormatError, match="out of bounds"):
        checkpoint.read("plain", Slice.parse("-:1,3"))


def test_far_parts_are_found_by_their_keys(golden, checkpoints):
    """Parts that start at 0, 63, 64, 8192 ..., and names with a zero byte, are read."""
    checkpoint = CheckpointV2(checkpoints("slices"))
    names, _ = golden.json("checkpoints/slices.json")

    assert set(names) == set(checkpoint.names)
    for name in ("far", "zero\0byte", "café"):
        assert checkpoint.read(name).tolist() == [0] * 20000
    assert checkpoint.read("box").tolist() == np.ones([2, 3, 4]).tolist()
    assert checkpoint.info("whole").parts == ()


def test_listing_does_not_load_numpy(checkpoints):
    """Names, types, shapes and parts come without NumPy in the process."""
    code = (
        "import sys\n"
        "from scopetutor.formats.open_checkpoint import open_checkpoint\n"
        "for prefix in sys.argv[1:]:\n"
        "    checkpoint = open_checkpoint(prefix)\n"
        "    print(len([info.size for info in checkpoint.tensors.values()]))\n"
        "sys.exit('numpy' in sys.modules)\n"
    )
    prefixes = [checkpoints(name) for name in ("saver", "v1")]
    run = [sys.executable, "-c", code, *prefixes]
    done = subprocess.run(run, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout.split()[0]) > 5


@pytest.fixture
def copied(checkpoints, tmp_path):
    """A copy of a golden checkpoint that a test may spoil."""

    def copy(name: str) -> Path:
        for path in Path(checkpoints(name)).parent.glob(f"{name}.*"):
            shutil.copy(path, tmp_path)
        return tmp_path / name

    return copy


def test_reading_a_tensor_reads_its_own_bytes_only(copied):
    """With every other byte of the data overwritten a tensor still reads."""
    prefix = copied("saver")
    before = CheckpointV2(str(prefix)).read("plain")
    data = prefix.with_name("saver.data-00000-of-00001")
    raw = data.read_bytes()
    at = raw.index(before.tobytes())
    end = at + before.nbytes
    data.write_bytes(b"\xee" * at + raw[at:end] + b"\xee" * (len(raw) - end))
    after = CheckpointV2(str(prefix))

    assert np.array_equal(after.read("plain"), before)
    with pytest.raises(FileFormatError, match="checksum does not match"):
        after.read("resource")


def test_listing_needs_no_data_file(copied):
    """Without its data file a checkpoint lists; reading names the missing file."""
    prefix = copied("saver")
    os.unlink(f"{prefix}.data-00000-of-00001")
    checkpoint = CheckpointV2(str(prefix))

    assert checkpoint.info("plain").size == 24
    with pytest.raises(FileMissingError, match=r"data-00000-of-00001: there is no"):
        checkpoint.read("plain")


def test_a_cut_data_file_is_refused_before_memory_is_taken(copied):
    """A data file that lost its end names the bytes that are announced."""
    prefix = copied("saver")
    data = prefix.with_name("saver.data-00000-of-00001")
    data.write_bytes(data.read_bytes()[:-1])

    with pytest.raises(FileFormatError, match=r"the file has \d+ \(it may be cut"):
        CheckpointV2(str(prefix)).read("words")


def test_an_unknown_name_gets_near_ones(checkpoints):
    """A misspelled tensor is answered with the names that are there."""
    checkpoint = CheckpointV2(checkpoints("saver"))

    with pytest.raises(FileMissingError, match="did you mean plain"):
        checkpoint.read("plian")
    with pytest.raises(FileMissingError, match="has no tensor"):
        checkpoint.info("\0rows/w")
    assert "plain" in checkpoint
    assert "plian" not in checkpoint


def entry_of(**fields) -> bytes:
    """The bytes of an index entry."""
    return protos.BundleEntryProto(**fields).encode()


HEADER = (b"", protos.BundleHeaderProto(num_shards=1).encode())
SHAPE = {"dim": [{"size": 2}]}


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([(b"a", entry_of(dtype=1))], "it has no header"),
        ([HEADER, (b"\xff", entry_of(dtype=1))], "can't decode byte 0xff"),
        ([HEADER, (b"a", entry_of(dtype=99))], "there is no data type 99"),
        ([HEADER, (b"a", entry_of(dtype=20, size=0))], "a resource tensor is a handle"),
        (
            [HEADER, (b"a", entry_of(dtype=1, shape={"dim": [{"size": -1}]}))],
            r"cannot have the shape \[-1\]",
        ),
        ([HEADER, (b"a", entry_of(dtype=1, shard_id=1))], "none is 1"),
        ([HEADER, (b"a", entry_of(dtype=1, shard_id=-1))], "none is -1"),
        ([HEADER, (b"a", entry_of(dtype=1, size=8))], "needs 4 bytes, it has 8"),
        ([HEADER, (b"a", entry_of(dtype=1, size=4, offset=-9))], "are announced"),
        ([HEADER, (b"a", entry_of(dtype=1, size=4, offset=97))], "the file has 100"),
        (
            [HEADER, (b"a", entry_of(dtype=7, shape={"dim": [{"size": 99}]}, size=50))],
            "50 bytes cannot hold 99 strings",
        ),
        (
            [HEADER, (b"a", entry_of(dtype=7, shape=SHAPE, size=3))],
            "have the length they should",
        ),
        ([HEADER, (b"a", entry_of(dtype=7, size=50))], "have the length they should"),
        ([HEADER, (b"a", entry_of(dtype=7, size=5))], "lengths do not have the checks"),
        (
            [HEADER, (b"a", entry_of(dtype=1, shape=SHAPE, slices=[{}]))],
            "Mismatching ranks",
        ),
        (
            [
                HEADER,
                (b"a", entry_of(dtype=1, slices=[{"extent": [{"length": -7}]}])),
            ],
            "negative start or length",
        ),
        (
            [HEADER, (b"a", entry_of(dtype=1, shape=SHAPE, slices=[{"extent": [{}]}]))],
            "its part - is not in the index",
        ),
        (
            [
                HEADER,
                (
                    b"a",
                    entry_of(
                        dtype=2,
                        shape={"dim": [{"size": 99}]},
                        slices=[{"extent": [{}]}],
                    ),
                ),
            ],
            "its parts are larger than their files",
        ),
        (
            [
                HEADER,
                (
                    b"a",
                    entry_of(
                        dtype=2,
                        shape={"dim": [{"size": 99}]},
                        slices=[{"extent": [{"length": 98}]}],
                    ),
                ),
            ],
            "its parts do not fill it",
        ),
    ],
)
def test_a_wrong_index_is_told_what_is_wrong(tmp_path, entries, problem):
    """Every way an entry can contradict itself or its file has its sentence."""
    with (tmp_path / "m.index").open("wb") as file:
        write_table(file, entries)
    (tmp_path / "m.data-00000-of-00001").write_bytes(bytes(100))

    def use() -> None:
        checkpoint = CheckpointV2(str(tmp_path / "m"))
        assert checkpoint.names
        checkpoint.read("a")

    with pytest.raises(FileFormatError, match=problem) as caught:
        use()

    assert caught.value.path.startswith(str(tmp_path / "m"))
    assert caught.value.hint


def test_strings_that_end_within_a_length_are_refused(tmp_path):
    """A length whose last byte is not there is not read from the next tensor."""
    with (tmp_path / "m.index").open("wb") as file:
        write_table(file, [HEADER, (b"a", entry_of(dtype=7, size=1))])
    (tmp_path / "m.data-00000-of-00001").write_bytes(b"\x80\x80")
    with pytest.raises(FileFormatError, match="the data ends too early"):
        CheckpointV2(str(tmp_path / "m")).read("a")


def test_all_tensors_are_described(checkpoints):
    """``tensors`` has what ``info`` says of every name; sizes are in bytes."""
    checkpoint = CheckpointV2(checkpoints("dtypes"))

    assert list(checkpoint.tensors) == list(checkpoint.names)
    assert checkpoint.tensors["shapes/cube"] == checkpoint.info("shapes/cube")
    assert checkpoint.info("shapes/cube").size == 24 * 8
    assert checkpoint.info("strings/row").size is None


def test_parts_that_overlap_or_leave_holes_are_refused(tmp_path):
    """A partitioned variable must be covered exactly once."""
    for starts, problem in (([0, 1], "overlap"), ([0, 3], "do not fill")):
        parts = [Slice((start,), (2,)) for start in starts]
        shape = {"dim": [{"size": 5}]}
        slices = [part.to_proto() for part in parts]
        entries = {b"": HEADER[1], b"a": entry_of(dtype=4, shape=shape, slices=slices)}
        for part in parts:
            entries[slice_key("a", part)] = entry_of(
                dtype=4, shape=SHAPE, size=2, crc32c=mask(crc32c(bytes(2)))
            )
        with (tmp_path / "m.index").open("wb") as file:
            write_table(file, sorted(entries.items()))
        (tmp_path / "m.data-00000-of-00001").write_bytes(bytes(100))
        with pytest.raises(FileFormatError, match=problem):
            CheckpointV2(str(tmp_path / "m")).read("a")


def test_types_numpy_lacks_keep_their_name(checkpoints):
    """bfloat16 and quantized arrays say what they are and save as that again."""
    checkpoint = CheckpointV2(checkpoints("dtypes"))
    for name in ("bfloat16", "qint8", "quint8", "qint16", "quint16", "qint32"):
        values = checkpoint.read(f"numbers/{name}")
        assert arrays.datatype_of(values).name == name
        assert arrays.datatype_of(values[1:].reshape(-1).copy()).name == name


def test_bfloat16_is_ml_dtypes_if_it_is_there(monkeypatch):
    """With the package its dtype is used, without it the bits under their name."""
    datatype = arrays.BY_NAME["bfloat16"]
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    without = arrays.numpy_dtype.__wrapped__(datatype)

    class Fake:
        bfloat16 = np.dtype("<i2")

    monkeypatch.setitem(sys.modules, "ml_dtypes", Fake)
    assert without == np.dtype([("bfloat16", "<u2")])
    assert arrays.numpy_dtype.__wrapped__(datatype) == np.dtype("<i2")
