"""Flags beyond those that the recorded programs use."""

from __future__ import annotations

import sys

import pytest

from scopetutor.tf import flags


@pytest.fixture
def values() -> flags.FlagValues:
    """Flags of their own."""
    return flags.FlagValues()


def test_every_kind_of_flag_reads_its_text(values: flags.FlagValues) -> None:
    """Lists with spaces, numbers again and again, words, other spellings."""
    flags.DEFINE_spaceseplist("words", "a b", "", flag_values=values)
    flags.DEFINE_multi_float("rates", None, "", flag_values=values)
    flags.DEFINE_multi_enum("kinds", ["x"], ["x", "y"], "", flag_values=values)
    flags.DEFINE_integer("hex", "0x10", "", flag_values=values)
    flags.DEFINE("".join and flags.IntegerParser(), "own", 1, "", flag_values=values)
    flags.DEFINE_alias("other", "own", flag_values=values)
    flags.DEFINE_boolean("quiet", None, "", flag_values=values, short_name="q")

    left = values(["prog", "--rates=1", "--rates", "2", "--kinds=y", "--other=5", "-q"])

    assert left == ["prog"]
    assert values.flag_values_dict() == {
        "words": ["a", "b"], "rates": [1.0, 2.0], "kinds": ["y"], "hex": 16, "own": 5,
        "other": 5, "quiet": True, "q": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, None, "a positive integer"),
        (None, -1, "a negative integer"),
        (0, None, "a non-negative integer"),
        (2, 5, "an integer in the range [2, 5]"),
        (3, None, "integer >= 3"),
        (None, 3, "integer <= 3"),
    ],
)
def test_bounds_are_told_as_absl_tells_them(
    low: int | None, high: int | None, said: str
) -> None:
    """What a number may be is said in the words that --help has."""
    assert flags.IntegerParser(low, high).syntactic_help == said


@pytest.mark.parametrize(
    ("word", "kind", "said"),
    [
        ("--own=x", flags.IllegalFlagValueError, "flag --own=x"),
        ("--noown=1", flags.IllegalFlagValueError, "does not take an argument"),
        ("--nowhere", flags.UnrecognizedFlagError, "Unknown command line flag"),
        ("--own_", flags.UnrecognizedFlagError, "Did you mean: own ?"),
    ],
)
def test_wrong_words_are_refused(
    values: flags.FlagValues, word: str, kind: type[Exception], said: str
) -> None:
    """Each with absl's class and text."""
    flags.DEFINE_bool("own", False, "", flag_values=values)

    with pytest.raises(kind) as caught:
        values(["prog", word])

    assert said.replace("?", "?") in str(caught.value)
    assert kind.__module__ == "absl.flags._exceptions"


def test_validators_are_asked_when_a_value_is_set(values: flags.FlagValues) -> None:
    """Also for values that the program itself sets."""
    flags.DEFINE_integer("n", 2, "", flag_values=values)
    flags.DEFINE_string("must", None, "", flag_values=values)

    @flags.validator("n", "has to be even", flag_values=values)
    def _even(n: int) -> bool:
        if n > 100:
            raise flags.ValidationError("is too much")
        return n % 2 == 0

    flags.mark_flags_as_required(["must"], flag_values=values)

    with pytest.raises(flags.IllegalFlagValueError, match="other than None"):
        values(["prog"])
    values(["prog", "--must=x"])
    with pytest.raises(flags.IllegalFlagValueError, match="has to be even"):
        values.n = 3
    with pytest.raises(flags.IllegalFlagValueError, match="is too much"):
        values.n = 102


def test_flags_are_attributes_and_items(
    values: flags.FlagValues, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line is read when a value is first asked for."""
    monkeypatch.setattr(sys, "argv", ["prog", "--n=3"])
    flags.DEFINE_integer("n", 2, "How many.", flag_values=values)
    values["m"] = flags.BooleanFlag("m", True, "Whether.")

    assert not values.is_parsed()
    assert (values.n, values["m"].value, "n" in values, len(values)) == (
        3,
        True,
        True,
        2,
    )
    assert (list(values), dir(values)) == (["m", "n"], ["m", "n"])
    assert values.flags_into_string() == "--n=3\n--m\n"
    values.set_default("n", 9)
    values.unparse_flags()
    values.mark_as_parsed()
    assert values.n == 9
    del values.n
    for wrong in (lambda: values.n, lambda: setattr(values, "n", 1)):
        with pytest.raises(AttributeError):
            wrong()
    with pytest.raises(AttributeError):
        del values.n
    with pytest.raises(AttributeError):
        values.set_default("n", 1)
    with pytest.raises(KeyError):
        flags.DEFINE_alias("x", "nothing", flag_values=values)
    assert values.get_help().startswith(f"{__name__}:\n  --[no]m: Whether.")


def test_a_flag_has_one_owner(values: flags.FlagValues) -> None:
    """Two modules cannot define one flag."""
    flags.DEFINE_string("s", "", "First.", flag_values=values)
    flag = flags.EnumFlag("s", "a", "Second.", ["a"])

    with pytest.raises(flags.DuplicateFlagError, match="'s' is defined twice"):
        flags.DEFINE_flag(flag, values, module_name="elsewhere")
    with pytest.raises(ValueError, match="cannot be empty"):
        flags.EnumParser([])
    with pytest.raises(flags.IllegalFlagValueError, match="must be a string"):
        flags.DEFINE_string("t", 3, "", flag_values=values)
