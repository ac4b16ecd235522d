"""Checkpoints written from others, and files of other libraries."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from scopetutor.checkpoints import exchange
from scopetutor.checkpoints.contents import read_contents
from scopetutor.checkpoints.rewrite import new_prefix, rewrite, target
from scopetutor.checkpoints.verify import verify
from scopetutor.errors import FileFormatError, FileMissingError, UsageError
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint
from scopetutor.formats.open_checkpoint import open_checkpoint


def equal(one, other):
    """Whether two arrays are the same in every bit."""
    if one.dtype == object:
        return one.tolist() == other.tolist()
    return one.dtype == other.dtype and one.tobytes() == other.tobytes()


def test_every_value_and_part_is_kept(trained):
    """A renamed checkpoint has the old values, in the parts they were saved in."""
    source = read_contents(trained)
    names = {entry.name: f"x/{entry.name}" for entry in source.tensors}

    done = rewrite(source, "new", names)

    old, new = open_checkpoint(trained), open_checkpoint("new")
    assert all(equal(old.read(a), new.read(b)) for a, b in names.items())
    assert new.info("x/emb/table").parts == old.info("emb/table").parts
    assert (done.tensors, done.left_out, len(done.renamed)) == (17, (), 17)
    assert done.bytes == read_contents("new").files


def test_the_same_names_give_the_same_bytes(trained):
    """Rewriting without a change gives the very same files."""
    source = read_contents(trained)

    rewrite(source, "again", {entry.name: entry.name for entry in source.tensors})

    for ending in (".index", ".data-00000-of-00001"):
        assert (
            Path(f"again{ending}").read_bytes()
            == Path(f"{trained}{ending}").read_bytes()
        )


def test_in_place_means_the_same_prefix(trained):
    """The checkpoint is replaced, and nothing else is left beside it."""
    source = read_contents(trained)
    before = set(Path().iterdir())

    rewrite(source, target(None, source, in_place=True), {"net/w": "w"})

    assert read_contents(trained).by_name.keys() == {"w"}
    assert set(Path().iterdir()) == before


def test_in_place_makes_one_shard_of_several(save, tmp_path):
    """Data files that the new index does not need are deleted."""
    save("other", {"w": 1.0})
    write_checkpoint(
        "sharded", [TensorToSave("a", np.ones(2))], [TensorToSave("b", np.zeros(2))]
    )
    source = read_contents("sharded")

    rewrite(source, "sharded", {"a": "a", "b": "c"})

    assert sorted(path.name for path in tmp_path.glob("sharded*")) == [
        "sharded.data-00000-of-00001",
        "sharded.index",
    ]
    assert open_checkpoint("sharded").read("c").tolist() == [0, 0]


@pytest.mark.parametrize(
    ("out", "in_place", "problem"),
    [
        (None, False, "no word of where"),
        ("new", True, "both"),
        ("model.ckpt-7", False, "replace the checkpoint itself"),
        ("model.ckpt-7.index", False, "replace the checkpoint itself"),
        ("there", False, "there is a checkpoint of that name"),
    ],
)
def test_nothing_is_overwritten_by_chance(trained, save, out, in_place, problem):
    """Where to write has to be clear, and free."""
    save("there", {"w": 1.0})

    with pytest.raises(UsageError, match=problem):
        target(out and Path(out), read_contents(trained), in_place=in_place)


def test_a_folder_takes_the_old_name(trained):
    """Given a folder, the new checkpoint is called as the old one."""
    Path("out").mkdir()

    assert new_prefix(Path("out"), trained) == str(Path("out") / trained)


def test_a_folder_that_is_not_there(trained):
    """What the system says ends in one sentence."""
    with pytest.raises(FileFormatError, match="cannot be written"):
        rewrite(read_contents(trained), "no/new", {"net/w": "w"})


# -- verify ----------------------------------------------------------------------------


def test_a_sound_checkpoint_is_sound(trained):
    """Everything is read; that there is no graph is noted."""
    found = verify(read_contents(trained))

    assert found.sound
    assert (found.tensors, found.bytes) == (17, 24 * 4 + 12 * 8 + 8 + 8 + 40 + 3)
    assert found.notes == ("there is no .meta file: the graph is not saved with it",)


def test_one_wrong_byte_is_found(trained):
    """The tensor with it is named, the others are read."""
    path = Path(f"{trained}.data-00000-of-00001")
    raw = bytearray(path.read_bytes())
    raw[len(raw) - 1] ^= 1
    path.write_bytes(raw)

    found = verify(read_contents(trained))

    assert [(fault.name, "checksum" in fault.problem) for fault in found.faults] == [
        ("words", True)
    ]


def test_leftovers_are_noted(trained):
    """Files of an interrupted save do no harm, and are named."""
    Path(f"{trained}.data-00000-of-00001.saving-00000000").write_bytes(b"")

    assert "interrupted" in " ".join(verify(read_contents(trained)).notes)


# -- other formats ---------------------------------------------------------------------


def test_npz_there_and_back(trained):
    """Every value survives the way to NumPy and back; parts become one."""
    contents = read_contents(trained)

    out = exchange.to_npz(contents, Path("a"))
    back = exchange.from_npz(Path("a.npz"), "back", lambda _: None)

    old, new = open_checkpoint(trained), open_checkpoint("back")
    assert (out.path, out.tensors, back.tensors) == ("a.npz", 17, 17)
    assert out.bytes == Path("a.npz").stat().st_size
    assert all(equal(old.read(name), new.read(name)) for name in old.names)
    with np.load("a.npz", allow_pickle=False) as arrays:
        assert sorted(arrays.files) == sorted(old.names)


def test_what_npz_cannot_hold_is_said(save):
    """bfloat16 becomes float32; text that ends in a zero is left out."""
    bits = np.array([(0x3F80,), (0xC000,)], [("bfloat16", "<u2")])
    prefix = save("m", {"half": bits, "text": np.array([b"a\0"], object)})

    done = exchange.to_npz(read_contents(prefix), Path("a.npz"))

    assert done.converted == {"half": "bfloat16 became float32"}
    assert list(done.left_out) == ["text"]
    with np.load("a.npz") as arrays:
        assert arrays["half"].tolist() == [1.0, -2.0]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read"),
        (b"nothing", "no .npz file"),
        (b"PK\x03\x04broken", "no .npz file"),
    ],
)
def test_what_is_no_npz(save, content, problem):
    """One sentence for each way a file is none."""
    save("m", {"w": 1.0})
    if content is not None:
        Path("a.npz").write_bytes(content)
    kind = FileMissingError if content is None else FileFormatError

    with pytest.raises(kind, match=problem):
        exchange.from_npz(Path("a.npz"), "back", lambda _: None)


def test_an_array_without_a_name(save):
    """A .npy file has one array and no key."""
    save("m", {"w": 1.0})
    np.save("a.npy", np.ones(2))

    with pytest.raises(FileFormatError, match="no names"):
        exchange.from_npz(Path("a.npy"), "back", lambda _: None)


def test_python_objects_are_not_unpickled(save):
    """An array of objects is refused, and nothing is written."""
    save("m", {"w": 1.0})
    np.savez("a.npz", w=np.array([{}, []], object), allow_pickle=True)

    with pytest.raises(FileFormatError, match="without pickle"):
        exchange.from_npz(Path("a.npz"), "back", lambda _: None)
    assert not list(Path().glob("back*"))


def test_types_without_a_place_are_left_out(save):
    """Dates have no type in TensorFlow; the rest is written."""
    save("m", {"w": 1.0})
    np.savez("a.npz", day=np.array(["2020-01-01"], "M8[D]"), w=np.ones(2))

    done = exchange.from_npz(Path("a.npz"), "back", lambda _: None)

    assert (done.tensors, list(done.left_out)) == (1, ["day"])


def test_safetensors_is_as_its_format_says(trained):
    """A length, a JSON object with types, shapes and offsets, then plain memory."""
    contents = read_contents(trained)

    done = exchange.to_safetensors(contents, Path("m"))

    raw = Path("m.safetensors").read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + size])
    data, checkpoint = raw[8 + size :], open_checkpoint(trained)
    del header["__metadata__"]
    ends = 0
    assert size % 8 == 0
    for name, told in header.items():
        begin, end = told["data_offsets"]
        assert begin == ends  # no gaps
        assert data[begin:end] == checkpoint.read(name).tobytes()
        assert tuple(told["shape"]) == contents.by_name[name].shape
        ends = end
    assert ends == len(data)
    assert {told["dtype"] for told in header.values()} == {"F32", "I64"}
    assert list(done.left_out) == ["words"]


def test_files_are_not_overwritten(trained):
    """An existing file stays."""
    contents = read_contents(trained)
    Path("a.npz").write_bytes(b"mine")

    with pytest.raises(UsageError, match="there is a file"):
        exchange.to_npz(contents, Path("a.npz"))
    with pytest.raises(FileFormatError, match="cannot be written"):
        exchange.to_npz(contents, Path("no/b.npz"))


def test_a_damaged_tensor_leaves_no_file(trained):
    """What could not be written in full is not there."""
    path = Path(f"{trained}.data-00000-of-00001")
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(FileFormatError):
        exchange.to_npz(read_contents(trained), Path("a.npz"))
    assert not list(Path().glob("a.npz*"))
