"""A file's tensors beside those that are wanted."""

import ast

import numpy as np
import pytest

from scopetutor.checkpoints.compare import compare
from scopetutor.checkpoints.contents import described, read_contents
from scopetutor.checkpoints.name_maps import (
    Substitution,
    as_map,
    plan,
    read_map,
    saver_code,
    write_map,
)
from scopetutor.checkpoints.statistics import value_changes
from scopetutor.errors import FileFormatError, UsageError


def beside(save, held, wanted):
    """A file with float32 tensors of these shapes, compared with wanted ones."""
    prefix = save("held", {name: np.zeros(shape, "f4") for name, shape in held.items()})
    entries = described(
        {name: (dtype, shape) for name, (dtype, shape) in wanted.items()}
    )
    return compare(read_contents(prefix), entries, path="train.py", kind="script")


def test_all_that_is_wrong_is_said_at_once(save):
    """Missing, extra, shapes and types are each listed in full."""
    found = beside(
        save,
        {"a": (2,), "shape": (2,), "type": (3,), "extra": (9, 9)},
        {
            "a": ("float32", (2,)),
            "shape": ("float32", (4,)),
            "type": ("float64", (3,)),
            "gone": ("int32", (7,)),
            "away": ("int32", (8,)),
        },
    )

    assert found.same == ("a",)
    assert [entry.name for entry in found.missing] == ["away", "gone"]
    assert [entry.name for entry in found.extra] == ["extra"]
    assert [(p.held.shape, p.wanted.shape) for p in found.shapes] == [((2,), (4,))]
    assert [(p.held.dtype, p.wanted.dtype) for p in found.dtypes] == [
        ("float32", "float64")
    ]
    assert not found.restores
    assert not found.mends


def test_extra_tensors_do_not_matter_to_a_saver(save):
    """A file may hold more than a script wants."""
    found = beside(save, {"a": (2,), "more": (2,)}, {"a": ("float32", (2,))})

    assert found.restores
    assert not found.equal


def saver_of(code, wanted, held):
    """What the code gives to tf.train.Saver, with stand-ins for TensorFlow."""

    class Op:
        def __init__(self, name):
            self.name = name

    class Variable:
        def __init__(self, name):
            self.op = Op(name)

    class Stand:
        class train:
            Saver = staticmethod(lambda keyed: keyed)
            list_variables = staticmethod(lambda path: [(name, [2]) for name in held])

        global_variables = staticmethod(lambda: [Variable(name) for name in wanted])

    ast.parse(code)
    space = {"tf": Stand}
    exec(code, space)
    return {key: variable.op.name for key, variable in space["saver"].items()}


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    [
        (["w", "b"], ["m/w", "m/b"], {"w": "m/w", "b": "m/b"}),
        (["m/w", "m/b"], ["w", "b"], {"m/w": "w", "m/b": "b"}),
        (["o/w", "o/b"], ["n/w", "n/b"], {"o/w": "n/w", "o/b": "n/b"}),
        (["w", "s"], ["m/w", "s"], {"w": "m/w", "s": "s"}),
        (["a", "w"], ["a", "w", "w/Adam"], {"a": "a", "w": "w"}),
    ],
)
def test_the_saver_maps_the_files_names_to_the_variables(save, held, wanted, expected):
    """The code that is proposed does what the comparison says, when it is run."""
    shapes = {name.rpartition("/")[2]: (i + 2,) for i, name in enumerate(wanted)}
    found = beside(
        save,
        {name: shapes[name.rpartition("/")[2]] for name in held},
        {name: ("float32", shapes[name.rpartition("/")[2]]) for name in wanted},
    )

    assert saver_of(saver_code(found), wanted, held) == expected


def test_what_does_not_fit_is_left_out_of_the_saver(save):
    """A layer with another number of classes is initialized, not restored."""
    found = beside(
        save,
        {"fc/w": (2,), "logits/w": (5,)},
        {"fc/w": ("float32", (2,)), "logits/w": ("float32", (9,))},
    )

    names = ["fc/w", "logits/w"]
    assert saver_of(saver_code(found), names, names) == {"fc/w": "fc/w"}
    assert "global_variables_initializer" in saver_code(found)


def test_values_are_compared_one_by_one(save):
    """Only tensors with other values are named, with the largest difference."""
    nan = np.float32("nan")
    one = save("one", {"a": 1.0, "b": np.array([1.0, nan]), "s": np.array(["x"])})
    save("two", {"a": 1.0, "b": np.array([1.5, nan]), "s": np.array(["y"])})

    found = list(value_changes(one, "two", ("a", "b", "s")))

    assert [(c.name, c.differing, c.elements, c.largest) for c in found] == [
        ("b", 1, 2, 0.5),
        ("s", 1, 1, None),
    ]


# -- maps of names ---------------------------------------------------------------------


def test_a_map_is_read_as_it_is_written(tmp_path):
    """What diff writes rename reads; comments and empty lines are nothing."""
    path = tmp_path / "names.txt"
    write_map(path, {"a b": "c", "d": "e/f"})

    assert read_map(path) == {"a b": "c", "d": "e/f"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": "b"}', {"a": "b"}),
        ("a\tb\n\n# no\n c ->  d \n", {"a": "b", "c": "d"}),
        ('{"renames": [{"old": "a", "new": "b", "confidence": 1}]}', {"a": "b"}),
    ],
)
def test_maps_have_three_spellings(tmp_path, text, found):
    """JSON, lines, and what `ckpt diff --json` printed."""
    (tmp_path / "map").write_text(text)

    assert read_map(tmp_path / "map") == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("{", "is no JSON"),
        ('{"a": 1}', "is no text"),
        ("a b", 'has no "->"'),
        ("a -> b\na -> c", "twice"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(tmp_path, text, problem):
    """One sentence with the line."""
    (tmp_path / "map").write_text(text)

    with pytest.raises(FileFormatError, match=problem):
        read_map(tmp_path / "map")


def test_a_map_that_is_not_there(tmp_path):
    """And one that cannot be written."""
    with pytest.raises(FileFormatError, match="cannot be read"):
        read_map(tmp_path / "none")
    with pytest.raises(FileFormatError, match="cannot be written"):
        write_map(tmp_path / "no" / "map", {})


@pytest.mark.parametrize(
    ("text", "name", "new"),
    [
        ("s/^model/net/", "model/w", "net/w"),
        ("s|^model/||", "model/w", "w"),
        (r"s/a\/b/c\/d/", "a/b/w", "c/d/w"),
        (r"s/cell_(\d)/c\1/", "cell_2/w", "c2/w"),
        ("s/$/:0/", "w", "w:0"),
    ],
)
def test_a_substitution_is_seds(text, name, new):
    """Any character stands for the slash; groups can be used."""
    assert Substitution.parse(text)(name) == new


@pytest.mark.parametrize(
    "text", ["", "s", "s/a/b", "a/b/c/", "s/(/b/", r"s/a/\1/", "s/a/b/g", "saba"]
)
def test_a_wrong_substitution_is_refused(text):
    """Whatever is wrong with it, one sentence says so."""
    with pytest.raises(UsageError):
        Substitution.parse(text)


def test_a_plan_names_every_tensor():
    """First the map, then the patterns."""
    planned = plan(["a", "c"], {"a": "x"}, [Substitution.parse("s/x/y/")])

    assert planned.names == {"a": "y", "c": "c"}
    assert planned.changed == {"a": "y"}


@pytest.mark.parametrize(
    ("mapped", "pattern", "problem"),
    [
        ({"zz": "x"}, None, "no tensor zz"),
        ({"a": "b"}, None, "a and b would both be called b"),
        ({"a": "a"}, None, "no tensor would get another name"),
        ({}, "s/^a$//", "a would have no name"),
    ],
)
def test_a_plan_that_cannot_be_carried_out(mapped, pattern, problem):
    """Unknown, double and empty names are refused before anything is written."""
    patterns = [Substitution.parse(pattern)] if pattern else []

    with pytest.raises(UsageError, match=problem):
        plan(["a", "b"], mapped, patterns)


def test_only_sure_guesses_become_a_map(save):
    """A threshold leaves out what is only likely."""
    found = beside(
        save, {"w": (2,), "b": (3,)}, {"m/w": ("float32", (2,)), "b": ("float32", (3,))}
    )

    assert as_map(found.renames) == {"w": "m/w"}
    assert as_map(found.renames, least=1.0) == {}
