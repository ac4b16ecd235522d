"""`scopetutor explain` finds the rule behind an error's text."""

from __future__ import annotations

import json

import pytest

from scopetutor.evaluator import cards

# Lines as TensorFlow 1.15.5 writes them into logs and tracebacks.
LOG = """\
Traceback (most recent call last):
  File "train.py", line 9, in <module>
    sess.run(train)
tensorflow.python.framework.errors_impl.FailedPreconditionError: 2 root error(s) found.
  (0) Failed precondition: Attempting to use uninitialized value beta1_power
\t [[{{node beta1_power/read}}]]
"""
# As TF 1.4 and earlier have it.
OLD = (
    "ValueError: Variable a/b does not exist, or was not created with "
    "tf.get_variable(). Did you mean to set reuse=None in VarScope?"
)
OP_REQUIRES = (
    "2019-05-01 10:20:30.123456: W tensorflow/core/framework/op_kernel.cc:1651] "
    "OP_REQUIRES failed at save_restore_v2_ops.cc:184 : Not found: "
    "Key model/net/w not found in checkpoint"
)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("already-exists", "already-exists"),
        ("Variable w already exists, disallowed. Did you mean", "already-exists"),
        (OLD, "does-not-exist"),
        (LOG, "not-initialized"),
        (OP_REQUIRES, "key-not-found"),
        ("AttributeError: module 'tensorflow' has no attribute 'get_variable'",
         "tf2-names"),
        ("`dense` is not available with Keras 3.", "tf2-names"),
    ],
)  # fmt: skip
def test_texts(say, text, card):
    """Messages, tracebacks and lines of logs lead to their card."""
    said = say("explain", "--json", typed=text)

    assert said.code == 0
    assert json.loads(said.out)["card"] == card


def test_words_of_the_command_line(say):
    """The text may stand on the command line, quoted or not."""
    said = say("explain", "No", "variables", "to", "save")

    assert said.code == 0
    assert cards.all_cards()["nothing-to-save"].tries[0] in said.out


def test_a_hyphen_reads(say):
    """As in other programs, `-` stands for what comes through the pipe."""
    said = say("explain", "-", typed="Variable w already exists, disallowed.")

    assert (said.code, "keeps one dictionary per graph" in said.out) == (0, True)


def test_what_fits_no_card(say):
    """The exit code is 1, and it is said what could be tried."""
    said = say("explain", "what is this")

    assert said.code == 1
    assert "fits none of the cards" in said.out
    assert "scopetutor explain lists all cards" in " ".join(said.out.split())


def test_all_cards(say):
    """Alone it lists all cards."""
    said = say("explain")
    listed = json.loads(say("explain", "--json").out)

    assert said.code == 0
    assert [row["card"] for row in listed] == list(cards.all_cards())
    assert all(name in said.out for name in cards.all_cards())


def test_every_card_is_whole():
    """Each has a title, a rule, a cause and something to try."""
    for card in cards.all_cards().values():
        assert card.title, card
        assert card.rule, card
        assert card.why, card
        assert card.tries, card
