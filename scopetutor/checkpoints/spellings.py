"""Names that mean the same: how releases and libraries of TensorFlow spelt them.

``spelling`` brings a name into one form, and says which rules it took, so that
``renames.py`` can compare names and give its reasons.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Rule(NamedTuple):
    """One way names differ.

    Attributes:
        pattern: what is looked for in a name.
        instead: what stands there in the common form.
        reason: what a user is told.
        trust: how sure a guess stays that needs this rule, between 0 and 1.
    """

    pattern: re.Pattern[str]
    instead: str
    reason: str
    trust: float


def _rule(pattern: str, instead: str, reason: str, trust: float) -> Rule:
    return Rule(re.compile(pattern), instead, reason, trust)


_BEFORE_1_0 = "cells were spelt so before TensorFlow 1.0"
_KERNEL = "TensorFlow 1.2 renamed weights and biases to kernel and bias"
_SHORT = "a short name for the same thing"

# Applied in this order, each to the result of the one before. The names of cells are
# those that TF 1.15's contrib/rnn checkpoint_convert knows.
RULES: tuple[Rule, ...] = (
    _rule(r":0$", "", "the name of a tensor, not of its variable", 0.99),
    _rule(
        r"/\.ATTRIBUTES/VARIABLE_VALUE$",
        "",
        "TensorFlow 2 saves by object, not by name",
        0.9,
    ),
    _rule(
        r"/ExponentialMovingAverage$",
        "",
        "one is the moving average of the other",
        0.85,
    ),
    _rule(
        r"(^|/)BasicLSTMCell/Linear/Matrix",
        r"\1basic_lstm_cell/kernel",
        _BEFORE_1_0,
        0.97,
    ),
    _rule(
        r"(^|/)BasicLSTMCell/Linear/Bias", r"\1basic_lstm_cell/bias", _BEFORE_1_0, 0.97
    ),
    _rule(
        r"(^|/)BasicRNNCell/Linear/Matrix",
        r"\1basic_rnn_cell/kernel",
        _BEFORE_1_0,
        0.97,
    ),
    _rule(
        r"(^|/)BasicRNNCell/Linear/Bias", r"\1basic_rnn_cell/bias", _BEFORE_1_0, 0.97
    ),
    _rule(
        r"(^|/)GRUCell/Gates/Linear/Matrix",
        r"\1gru_cell/gates/kernel",
        _BEFORE_1_0,
        0.97,
    ),
    _rule(
        r"(^|/)GRUCell/Gates/Linear/Bias", r"\1gru_cell/gates/bias", _BEFORE_1_0, 0.97
    ),
    _rule(
        r"(^|/)GRUCell/Candidate/Linear/Matrix",
        r"\1gru_cell/candidate/kernel",
        _BEFORE_1_0,
        0.97,
    ),
    _rule(
        r"(^|/)GRUCell/Candidate/Linear/Bias",
        r"\1gru_cell/candidate/bias",
        _BEFORE_1_0,
        0.97,
    ),
    _rule(r"(^|/)LSTMCell/W_0", r"\1lstm_cell/kernel", _BEFORE_1_0, 0.97),
    _rule(r"(^|/)LSTMCell/B$", r"\1lstm_cell/bias", _BEFORE_1_0, 0.97),
    _rule(
        r"(^|/)MultiRNNCell/Cell(\d+)", r"\1multi_rnn_cell/cell_\2", _BEFORE_1_0, 0.97
    ),
    _rule(r"(^|/)BiRNN/(FW|BW)(?=/)", r"\1bidirectional_rnn/\2", _BEFORE_1_0, 0.97),
    _rule(r"(^|/)Linear/Matrix$", r"\1kernel", _BEFORE_1_0, 0.95),
    _rule(r"(^|/)Linear/Bias$", r"\1bias", _BEFORE_1_0, 0.95),
    _rule(r"(?<=/)weights(?=/|$)", "kernel", _KERNEL, 0.97),
    _rule(r"(?<=/)biases(?=/|$)", "bias", _KERNEL, 0.97),
    _rule(r"(?<=/)recurrent_weights(?=/|$)", "recurrent_kernel", _KERNEL, 0.97),
    _rule(r"(?<=/)(w|W|weight|filter|filters|matrix)(?=/|$)", "kernel", _SHORT, 0.9),
    _rule(r"(?<=/)(b|B)(?=/|$)", "bias", _SHORT, 0.9),
    _rule(r"(?<=/)scale(?=/|$)", "gamma", _SHORT, 0.85),
    _rule(r"(?<=/)offset(?=/|$)", "beta", _SHORT, 0.85),
    _rule(r"(?<=/)(moving_var|running_var)$", "moving_variance", _SHORT, 0.9),
    _rule(r"(?<=/)running_mean$", "moving_mean", _SHORT, 0.9),
)

CASE = Rule(
    re.compile(r"(?<=[a-z0-9])(?=[A-Z])"), "_", "spelt with other capitals", 0.93
)


class Spelling(NamedTuple):
    """A name in its common form.

    Attributes:
        parts: between the slashes.
        rules: what was done to it.
    """

    parts: tuple[str, ...]
    rules: frozenset[Rule]


@lru_cache(maxsize=100_000)
def spelling(name: str) -> Spelling:
    """The common form of a name."""
    rules = set()
    for rule in RULES:
        changed = rule.pattern.sub(rule.instead, name)
        if changed != name:
            rules.add(rule)
            name = changed
    plain = CASE.pattern.sub("_", name).lower()
    if plain != name:
        rules.add(CASE)
    return Spelling(tuple(plain.split("/")), frozenset(rules))


_NUMBER = re.compile(r"_(\d+)$")


@lru_cache(maxsize=100_000)
def unnumbered(part: str) -> tuple[str, int]:
    """What a part is without the number that made it unique, and that number."""
    found = _NUMBER.search(part)
    return (part[: found.start()], int(found[1])) if found else (part, 0)
