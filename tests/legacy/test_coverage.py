"""The ledger of names: derived from what is there, honest about what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scopetutor import tf
from scopetutor.render.ledger import ledger_lines, ledger_sums, part_of
from scopetutor.render.look import Look
from scopetutor.tf import ledger, missing

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = Look(plain=True)


def test_every_public_name_has_a_line() -> None:
    """All names of TensorFlow 1.15.5 are in the ledger, each once."""
    names = [line.name for line in ledger.lines()]

    assert names == list(missing.symbols())
    assert len(names) == len(set(names)) > 3_500


def test_a_name_is_here_if_asking_for_it_gives_something() -> None:
    """The state comes from the language itself, not from a list."""
    assert ledger.line("tf.get_variable").state == "faithful"
    assert ledger.line("tf.newaxis").state == "faithful"
    assert ledger.line("tf.contrib.timeseries").state == "absent"
    assert ledger.line("tf.get_variable").signature.startswith("(name, shape=None")
    with pytest.raises(KeyError):
        ledger.line("tf.no_such_name")


def test_the_language_has_no_name_of_ours() -> None:
    """Who looks through `tf` finds TensorFlow's names only."""
    known = {name.split(".")[1] for name in missing.symbols()}
    known |= {"compat", "examples", "raw_ops"}  # packages, none of them in the list
    known |= {"ledger"}  # which this file imports
    known |= {"core", "python"}  # packages, once programs of other tests import them

    assert {name for name in dir(tf) if not name.startswith("_")} <= known
    assert not hasattr(tf.nn, "later")


def test_known_differences_make_a_name_partial(monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference that is written down is told of the name, or of all below it."""
    told = [("tf.nn.relu", "One."), ("tf.layers.*", "Two."), ("*", "General.")]
    monkeypatch.setattr(ledger, "differences", lambda: told)

    assert ledger.line("tf.nn.relu")[3:] == ("partial", ("One.",))
    assert ledger.line("tf.layers.dense").differences == ("Two.",)
    assert ledger.line("tf.layers").state == "faithful"
    assert ledger.general_differences() == ["General."]
    drawn = ledger_lines([ledger.line("tf.nn.relu")], PLAIN).plain
    assert drawn == "  partial  tf.nn.relu(features, name=None)\n    One."


def test_the_differences_that_are_written_down_are_of_names_there_are() -> None:
    """Every entry of the file names a public name, or none in particular."""
    assert ledger.differences()
    for where, text in ledger.differences():
        assert where == "*" or where.removesuffix(".*") in missing.symbols(), where
        assert text.endswith("."), where


def test_sums_are_by_part_of_the_language() -> None:
    """Packages of contrib count by themselves; the last row counts all."""
    assert [part_of(name) for name in ("tf.add", "tf.nn.relu", "tf.nn")] == [
        "tf", "tf.nn", "tf",
    ]  # fmt: skip
    assert part_of("tf.contrib.layers.conv2d") == "tf.contrib.layers"

    lines = ledger.lines("tf.layers")
    drawn = ledger_sums(lines, ["A thing."], PLAIN).plain.splitlines()

    assert drawn[0].split("\t") == ["part", "faithful", "absent", "of", "here"] or (
        drawn[0].split("\t") == ["part", "faithful", "partial", "absent", "of", "here"]
    )
    assert drawn[-2].split("\t")[0] == "all"
    assert f"{len(lines):,}" in drawn[-2].split("\t")
    assert "A thing." in drawn[-1]


def test_the_command_line(scopetutor: Callable[..., Any]) -> None:
    """A name, a part, what is missing, JSON; an unknown name is refused."""
    one = scopetutor("coverage", "tensorflow.layers.dense")
    gaps = scopetutor("coverage", "tf.contrib.timeseries", "--missing")
    whole = json.loads(scopetutor("coverage", "nn", "--json").out)
    wrong = scopetutor("coverage", "tf.layers.dens")

    assert one.out.startswith("  faithful  tf.layers.dense(inputs, units")
    assert all(line.startswith("  absent") for line in gaps.out.splitlines())
    assert {line["state"] for line in whole} <= {"faithful", "partial", "absent"}
    assert "tf.nn.relu" in {line["name"] for line in whole}
    assert (wrong.code, "Did you mean tf.layers.dense?" in wrong.err) == (1, True)
    assert "all\t" in scopetutor("coverage").out
