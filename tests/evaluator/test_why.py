"""`:why` tells how names came about, in the learner's own lines."""

from __future__ import annotations

import pytest

from scopetutor.evaluator.outcome import Explanation

NET = """\
import tensorflow as tf
with tf.variable_scope('enc', initializer=tf.ones_initializer()):
  with tf.variable_scope('l1'):
    w = tf.get_variable('w', [2])
    c = w * 2."""


def said(found: Explanation) -> str:
    """All sentences of an explanation."""
    return " ".join(reason.says for reason in found.reasons)


def test_each_part_of_a_key(typed):
    """Every part of a variable's key has the `with` that gave it."""
    typed(NET)
    found = typed.program.why("enc/l1/w")

    assert found.subject == "variable enc/l1/w"
    assert [(part, reason.site.line) for part, reason in found.parts] == [
        ("enc", 2), ("l1", 3), ("w", 4),
    ]  # fmt: skip
    assert "the variable scope" in found.parts[0][1].says


def test_where_the_initializer_comes_from(typed):
    """An inherited initializer is traced to the scope that hands it on."""
    typed(NET)
    typed("v = tf.get_variable('v', [1], initializer=tf.zeros_initializer())")
    typed("u = tf.get_variable('u', [1])\nn = tf.get_variable('n', [1], tf.int32)")
    handed = next(
        reason for reason in typed.program.why("enc/l1/w").reasons
        if "handed on" in reason.says
    )  # fmt: skip

    assert handed.says == 'Its initializer ones is handed on by scope "enc".'
    assert handed.site.line == 2
    assert "Its first value is zeros" in said(typed.program.why("v"))
    assert "glorot_uniform is the default" in said(typed.program.why("u"))
    assert "zeros is the default" in said(typed.program.why("n"))


def test_what_a_scope_hands_on(typed):
    """A scope's settings for its variables are told."""
    typed(NET)

    assert "It hands on the initializer ones." in said(typed.program.why("enc"))


def test_the_root_scope_hands_on_as_well(typed):
    """An initializer that was set on the root is traced to it."""
    typed("import tensorflow as tf")
    typed("tf.get_variable_scope().set_initializer(tf.ones_initializer())")
    typed("w = tf.get_variable('w', [2])")

    assert "handed on by the root scope" in said(typed.program.why("w"))


def test_reuse_and_where_the_flag_is_from(typed):
    """Each finding again says the flag, and whether it is inherited."""
    typed(NET)
    typed("with tf.variable_scope('enc', reuse=True):\n"
          "  with tf.variable_scope('l1'):\n    tf.get_variable('w')")  # fmt: skip
    found = typed.program.why("w")
    again = next(reason for reason in found.reasons if "again" in reason.says)

    assert 'scope "enc/l1" having reuse=True, inherited from "enc"' in again.says
    assert (again.site.entry, again.site.line) == (2, 3)


def test_only_the_last_reuses_are_told(typed):
    """Of many lines that found it, the last few are named and the rest counted."""
    typed("import tensorflow as tf\nw = tf.get_variable('w', [1])")
    typed("with tf.variable_scope('', reuse=True):\n"
          "  for i in range(9): tf.get_variable('w')")  # fmt: skip

    assert "It was found again 6 more times before that." in said(
        typed.program.why("w")
    )


def test_which_sessions_hold_a_value(typed):
    """Values are told by session, with the line that gave them."""
    typed(NET)
    assert "no open session" in said(typed.program.why("w"))
    typed("one = tf.Session()\ntwo = tf.Session()")
    assert "its initializer has run in none" in said(typed.program.why("w"))
    typed("one.run(w.initializer)")
    typed("two.run(w.initializer)\ntwo.run(w.assign_add([1., 2.]))")
    reasons = [r for r in typed.program.why("w").reasons if "holds" in r.says]

    assert [reason.says for reason in reasons] == [
        "Session `one` holds [1. 1.], by its initializer.",
        "Session `two` holds [2. 3.], by its initializer.",
    ]


def test_operations_and_tensors(typed):
    """Name scopes, takings and counted names of operations are explained."""
    typed(NET)
    typed("with tf.variable_scope('enc'):\n  d = tf.constant(1., name='c')\n"
          "  e = tf.constant(1., name='c')")  # fmt: skip
    found = typed.program.why("e")

    assert found.subject == "tensor enc_1/c_1:0"
    assert 'tf.variable_scope asked for "enc", which was taken in entry 1' in (
        found.parts[0][1].says
    )
    assert '"c" was taken by "enc_1/c"' in found.parts[1][1].says
    assert "It takes enc/l1/w/read:0" in said(typed.program.why("enc/l1/mul"))
    assert "belongs to the variable enc/l1/w" in said(
        typed.program.why("enc/l1/w/Assign")
    )


@pytest.mark.parametrize(
    ("name", "subject", "says"),
    [
        ("enc", 'variable scope "enc"', "It holds enc/l1/w."),
        ("enc/l1", 'variable scope "enc/l1"', "It holds enc/l1/w."),
        ("enc/", 'variable scope "enc"', "It was opened 2 times"),
        ("", "the last error", "No entry has raised an error"),
        ("n", 'name scope "n"', "not of keys"),
        ("n_1", 'name scope "n_1"', "name scopes are unique"),
        ("count", "count", "a Python value"),
        ("nothing", "nothing", "Nothing is called that"),
        ("scope", 'variable scope "enc/l1"', "Your name `scope` stands for"),
    ],
)
def test_other_names(typed, name, subject, says):
    """Scopes, Python names, and what is not there."""
    typed(NET)
    typed("count = 3\nwith tf.name_scope('n'): pass\nwith tf.name_scope('n'): pass")
    typed(
        "with tf.variable_scope('enc'):\n  with tf.variable_scope('l1') as scope: pass"
    )
    found = typed.program.why(name)

    assert found.subject == subject
    assert says in said(found)


def test_what_is_near(typed):
    """A misspelt name leads to the right one."""
    typed(NET)

    assert ":why enc/l1/w" in typed.program.why("enc/l1/v").tries


def test_another_graph(typed):
    """A thing of a graph that is not the default one is found, and that is said."""
    typed("import tensorflow as tf\ng = tf.Graph()")
    typed("with g.as_default(): x = tf.get_variable('x', [1]); y = x + 1.")
    found = typed.program.why("x")

    assert found.card == "other-graph"
    assert "not the default graph" in said(found)
    assert typed.program.why("y").card == "other-graph"


def test_eager_mode(typed):
    """Without a graph, variables are known as well."""
    typed("import tensorflow as tf\ntf.enable_eager_execution()")
    typed("v = tf.Variable([1.], name='v')")

    assert typed.program.why("v").subject == "variable v"


def test_root_scope_and_flags(typed):
    """A flag that was set on the root says where."""
    typed("import tensorflow as tf\nroot = tf.get_variable_scope()")
    typed("root.reuse_variables()\nwith tf.variable_scope('a'): pass")

    found = typed.program.why("a")
    assert found.card == "reuse-inherited"
    assert "inherited from the root scope" in said(found)
    assert typed.program.why("root").card == "root-reuse"


def test_an_error_without_a_card(typed):
    """The line and the scopes are told all the same."""
    typed(NET)
    outcome = typed("def f():\n  return 1 / 0\nwith tf.variable_scope('a'): f()")
    found = typed.program.why("")

    assert outcome.error.card == ""
    assert found.subject == "ZeroDivisionError: division by zero"
    assert "in f():" in said(found)
    assert 'Scope "a" was open, with reuse=False.' in said(found)
    assert "No concept card" in said(found)


def test_an_error_in_converted_code(typed):
    """Of an error in a layer's `call`, the headline is what was raised there."""
    typed("import tensorflow as tf")
    typed("tf.layers.max_pooling2d(tf.zeros([1, 2, 2, 1]), 3, 3)")
    found = typed.program.why("")

    assert found.subject.startswith("ValueError: Negative dimension size caused by")
    assert "Shapes are checked when an operation is made" in said(found)


def test_the_last_error_stays_the_last(typed):
    """Entries that go well do not take it away."""
    typed("1/0")
    typed("x = 1")

    assert typed.program.why("").subject.startswith("ZeroDivisionError")
