"""What came with TensorFlow 1: old names of NumPy, `six` and `absl`."""

from __future__ import annotations

import importlib
import operator
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from scopetutor.legacy import old_numpy
from scopetutor.legacy.companions import ABSL, MOVES, Companions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def companions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`six` and `absl` are not installed, and ours are found."""
    ours = Companions()
    monkeypatch.setattr(sys, "meta_path", [ours, *sys.meta_path])
    before = dict(sys.modules)
    for name in before:
        if name.partition(".")[0] in ("six", "absl", "google"):
            del sys.modules[name]
    yield
    for name in list(sys.modules):
        if name.partition(".")[0] in ("six", "absl", "google"):
            del sys.modules[name]


@pytest.mark.usefixtures("companions")
def test_six_has_what_scripts_use() -> None:
    """Loops over dictionaries, types, metaclasses and raising again."""
    six: Any = importlib.import_module("six")

    class Meta(type):
        pass

    @six.add_metaclass(Meta)
    class Decorated:
        pass

    assert type(Decorated) is Meta
    assert type(six.with_metaclass(Meta, dict)) is Meta
    assert list(six.iteritems({1: 2})) == [(1, 2)]
    assert list(six.viewkeys({1: 2})) == [1]
    assert six.PY3
    assert six.ensure_str(b"a") == "a"
    assert six.b("é") == b"\xe9"
    with pytest.raises(KeyError, match="again"):
        six.reraise(KeyError, KeyError("again"))
    with pytest.raises(ValueError, match="new") as caught:
        six.raise_from(ValueError("new"), KeyError("old"))
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(AttributeError):
        six.no_such_name  # noqa: B018


@pytest.mark.usefixtures("companions")
@pytest.mark.parametrize("name", sorted(MOVES))
def test_six_moves_lead_to_python_3(name: str) -> None:
    """Every name of the table can be had, as Python 3 has it."""
    if name == "tkinter":
        pytest.importorskip("tkinter")
    if "." in name:
        assert importlib.import_module(f"six.moves.{name}").__name__ == name
    else:
        moves = importlib.import_module("six.moves")
        assert getattr(moves, name) is not None


@pytest.mark.usefixtures("companions")
@pytest.mark.parametrize(("name", "ours"), sorted(ABSL.items()))
def test_absl_is_what_tf_has_of_it(name: str, ours: str) -> None:
    """`from absl import flags` gives `tf.flags`."""
    assert importlib.import_module(name) is importlib.import_module(ours)
    first, _, rest = name.partition(".")
    package = importlib.import_module(first)
    assert operator.attrgetter(rest)(package) is importlib.import_module(ours)
    with pytest.raises(ImportError):
        importlib.import_module("absl.testing.flagsaver")


def test_numpy_has_its_old_names_in_a_script(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """np.float and its like are back, for the script only."""
    text = """import numpy as np
print(np.float is float, np.int(3), np.product([2, 3]), np.asscalar(np.array([7])))
print(np.NaN != np.NaN, np.Inf == -np.NINF, np.array([1.0], dtype=np.float).dtype)
"""
    done = scopetutor("run", script(text))

    assert done.out == "True 3 6 7\nTrue True float64\n"


def test_arrays_have_their_old_methods_in_a_script(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """Code that makes TFRecords of images, and reads them again, works."""
    text = """import numpy as np
image = np.arange(4, dtype=np.int16).reshape(2, 2)
print(np.fromstring(image.tostring(), np.int16), np.float32(1).tostring())
print(np.fromstring("abc", "u1"), np.fromstring("1 2", sep=" "))
image.itemset(3, 7)
image.itemset((0, 0), 5)
image.itemset(1, 0, 9)
print(image.ptp(), image.ptp(axis=0), image.tolist())
"""
    done = scopetutor("run", script(text))

    assert done.err == ""
    assert done.out.splitlines() == [
        "[0 1 2 3] b'\\x00\\x00\\x80?'",
        "[97 98 99] [1. 2.]",
        "8 [4 6] [[5, 1], [9, 7]]",
    ]


def test_names_that_numpy_has_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is missing is added."""
    monkeypatch.setattr(np, "product", "mine", raising=False)
    monkeypatch.setattr(np, "fromstring", np.fromstring)  # it is set back afterwards
    monkeypatch.setattr(old_numpy, "_METHODS", {})  # what classes have stays there
    before = set(dir(np))

    old_numpy.restore()

    try:
        assert np.product == "mine"  # type: ignore[attr-defined]
        assert np.float is float  # type: ignore[attr-defined]
    finally:
        for name in set(dir(np)) - before:
            delattr(np, name)
