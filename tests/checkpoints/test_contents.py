"""What a checkpoint holds, read from its index."""

import msgspec
import pytest

from scopetutor.checkpoints.contents import (
    Contents,
    described,
    matching,
    read_contents,
)
from scopetutor.errors import FileMissingError, UsageError


def test_everything_is_told_without_values(trained):
    """Names, types, shapes, sizes, parts and roles come from the index."""
    contents = read_contents(trained)

    table = contents.by_name["emb/table"]
    assert (table.shape, table.parts, table.bytes) == ((5, 2), 2, 40)
    assert contents.by_name["words"].bytes is None
    assert contents.by_name["net/w/Adam_1"].of == "net/w"
    assert (contents.step, contents.version) == (7, "V2")
    assert contents.totals == [
        ("weight", 6, 6 + 3 + 3 + 3 + 10 + 2, 24 + 12 * 3 + 40),
        ("statistics", 2, 6, 24),
        ("average", 2, 9, 36),
        ("slot", 4, 18, 72),
        ("optimizer", 2, 2, 8),
        ("step", 1, 1, 8),
    ]


def test_files_of_other_checkpoints_do_not_count(trained, save):
    """The size is that of this checkpoint's own files."""
    before = read_contents(trained).files

    save("model.ckpt-70", {"w": 1.0})

    assert read_contents(trained).files == before > 500


def test_a_filter_says_what_it_hides(trained):
    """Only some tensors remain, and how many do not is known."""
    contents = read_contents(trained).only(matching("^net/.*Adam"))

    assert [entry.name for entry in contents.tensors] == [
        "net/b/Adam",
        "net/b/Adam_1",
        "net/w/Adam",
        "net/w/Adam_1",
    ]
    assert contents.hidden == 13


def test_json_has_everything(trained):
    """What is printed as JSON can be read back as the same value."""
    contents = read_contents(trained)

    assert msgspec.json.decode(msgspec.json.encode(contents), type=Contents) == contents


def test_a_wrong_pattern_is_refused():
    """A pattern that is none ends in a sentence."""
    with pytest.raises(UsageError, match="no regular expression"):
        matching("(")


def test_no_checkpoint_says_what_is_near(trained):
    """A forgotten step is found."""
    with pytest.raises(FileMissingError) as caught:
        read_contents("model.ckpt")

    assert "model.ckpt-7" in caught.value.hint


def test_variables_of_a_graph_get_roles():
    """What is only wanted is described as what is held."""
    w, slot = described({"w": ("float32", (2,)), "w/Adam": ("float32", (2,))}, {"w": 2})

    assert (w.bytes, w.parts, w.role) == (8, 2, "weight")
    assert (slot.role, slot.of) == ("slot", "w")
