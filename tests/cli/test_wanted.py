"""What a script wants of a checkpoint, from the report of its variables."""

from __future__ import annotations

import pytest

from scopetutor.checkpoints.contents import Contents, described
from scopetutor.cli.wanted import is_graph, wanted
from scopetutor.errors import ScriptError
from scopetutor.legacy import launch
from scopetutor.legacy.report import Report, Stop, Variable


def held(**shapes):
    """A checkpoint with these tensors."""
    entries = described({name: ("float32", shape) for name, shape in shapes.items()})
    return Contents("m.ckpt", "V2", "", None, "", 0, entries)


@pytest.fixture
def script(monkeypatch):
    """A function: variables of a script -> what it wants, name -> (shape, parts)."""

    def wants(*variables, file=None):
        stop = Stop("end", says="It ended.")
        report = Report("train.py", stop, variables=variables)
        monkeypatch.setattr(launch, "tree", lambda order: report)
        side = wanted("train.py", file or held())
        assert (side.path, side.kind) == ("train.py", "script")
        return {entry.name: (entry.shape, entry.parts) for entry in side.entries}

    return wants


def variable(name, shape, **more):
    """A saved variable of the report."""
    collections = more.pop("collections", ("variables",))
    return Variable(
        name, shape, "float32", None, True, "ref", collections=collections, **more
    )


def test_only_what_a_saver_saves_is_wanted(script):
    """Local variables are not."""
    found = script(
        variable("w", (2,)), variable("l", (3,), collections=("local_variables",))
    )

    assert found == {"w": ((2,), 0)}


def test_the_largest_graph_is_meant(script):
    """A script may build another one on the way."""
    found = script(
        variable("a", (2,), graph=1),
        variable("b", (2,), graph=0),
        variable("c", (3,), graph=1),
    )

    assert sorted(found) == ["a", "c"]


@pytest.mark.parametrize(
    ("parts", "file", "whole"),
    [
        ([(3, 2), (2, 2)], {}, (5, 2)),
        ([(4, 3), (4, 1)], {}, (4, 4)),
        ([(2, 2), (2, 2)], {}, (4, 2)),
        ([(2, 2), (2, 2)], {"t": (2, 4)}, (2, 4)),  # the file tells the axis
        ([(2, 2), None], {"old": (4, 2)}, ()),
    ],
)
def test_parts_make_a_whole(script, parts, file, whole):
    """The shapes of parts add up along the axis they were cut."""
    variables = [variable(f"t/part_{n}", shape) for n, shape in enumerate(parts)]

    assert script(*variables, file=held(**file)) == {"t": (whole, len(parts))}


def test_a_shape_that_is_not_known_is_the_files(script):
    """Nothing is claimed about what nobody knows."""
    found = script(
        variable("a", (None, 3)),
        variable("b", (7,), doubtful=True),
        variable("c", None),
        variable("d", (None, 3)),
        file=held(a=(2, 3), b=(9, 9), c=(1,), d=(5,)),
    )

    assert found == {
        "a": ((2, 3), 0),
        "b": ((9, 9), 0),
        "c": ((1,), 0),
        "d": ((0, 3), 0),
    }


def test_a_script_without_variables_says_how_far_it_came(script):
    """The last line of what stopped it."""
    with pytest.raises(ScriptError, match="no variable that is saved: It ended"):
        script()


def test_paths_that_mean_no_checkpoint(tmp_path):
    """Scripts and graphs go by their endings; folders are never graphs."""
    (tmp_path / "x.pb").mkdir()

    assert [is_graph(p) for p in ("a.py", "b.meta", "c.pbtxt", "m.ckpt-1")] == [
        True,
        True,
        True,
        False,
    ]
    assert not is_graph(str(tmp_path / "x.pb"))
