"""Completion, inspection, assertions and closer looks: questions to a program."""

from __future__ import annotations

import pytest

from scopetutor.evaluator import closer
from scopetutor.evaluator.completion import complete
from scopetutor.evaluator.inspection import inspect_name

MADE = """\
import tensorflow as tf, numpy as np, math
with tf.variable_scope('enc'):
  weight = tf.get_variable('w', [2, 3])
  with tf.variable_scope('inner'): tf.get_variable('b', [])
table = {'first': 1, 'second': {'deep': 2}}
rows = [[1, 2], 'text']
def double(number, times=2):
  '''Doubles a number.'''
  return number * times
class Kept:
  '''Keeps.'''
  limit = 3
  @property
  def slow(self): raise RuntimeError
  def method(self): pass
kept = Kept()
array = np.ones([2, 2])"""


@pytest.fixture
def made(typed):
    """A program with something of everything."""
    typed(MADE)
    return typed


def offered(made, text: str) -> list[str]:
    """What could be typed at the end of a text."""
    return [item.text for item in complete(text, len(text), made.program.evaluator.names).items]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("wei", "weight"),
        ("x = wei", "weight"),
        ("whi", "while"),
        ("pri", "print"),
        ("tf.get_var", "get_variable"),
        ("tf.nn.rel", "relu"),
        ("weight.sha", "shape"),
        ("kept.me", "method"),
        ("kept.sl", "slow"),
        ("Kept.li", "limit"),
        ("table['fi", "first"),
        ('table["second"]["de', "deep"),
        ("rows[1].up", "upper"),
        ("double(ti", "times="),
        ("double(1, ti", "times="),
        ("with tf.variable_scope('en", "enc"),
        ("tf.get_variable('enc/inn", "enc/inner/b"),
        ("tf.get_default_graph().x; tf.get_collection('train", "trainable_variables"),
        ("import ma", "math"),
        ("import tensorfl", "tensorflow"),
        ("import tensorflow.n", "nn"),
        ("from tensorflow import get_var", "get_variable"),
        ("from math import sq", "sqrt"),
        ("wight", "weight"),
        ("tf.AUTO", "AUTO_REUSE"),
    ],
)
def test_completion(made, text, wanted):
    """Names, attributes, arguments, keys, scopes and modules."""
    assert wanted in offered(made, text)


@pytest.mark.parametrize(
    "text",
    ["# wei", "'wei", "nothing.at", "f().x", "1.re", "table[0]['x", "12wei",
     "from nowhere import x", "import nowhere.x", "rows['", "'''a\nwei"],
)  # fmt: skip
def test_where_nothing_fits(made, text):
    """In comments, strings and after what cannot be looked up, nothing is offered."""
    assert offered(made, text) == []


def test_the_call_one_is_in(made):
    """The signature and the argument that is being typed come with the items."""
    text = "double(1, "
    found = complete(text, len(text), made.program.evaluator.names)

    assert (found.signature, found.argument) == ("(number, times=2)", 1)
    text = "tf.get_variable("
    found = complete(text, len(text), made.program.evaluator.names)
    assert found.signature.startswith("(name, shape=None, dtype=None")


def test_names_of_operations(made):
    """Functions that take names of operations and tensors offer them."""
    made("get_tensor_by_name = tf.get_default_graph().get_tensor_by_name")
    made("get_operation_by_name = tf.get_default_graph().get_operation_by_name")

    assert "enc/w:0" in offered(made, "get_tensor_by_name('enc")
    assert "enc/w/read" in offered(made, "get_operation_by_name('enc/w")


def test_modules_of_the_learner(made, tmp_path, monkeypatch):
    """Files beside the learner's work can be imported, so they are offered."""
    (tmp_path / "mymodel.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("sys.path", [str(tmp_path)])

    assert "mymodel" in offered(made, "import mym")


ANSWERING = """\
from functools import partial
def answer(*_): raise SystemExit
class Meta(type): __getattr__ = __instancecheck__ = answer
class Any_(metaclass=Meta): pass
class Some:
  __getattr__ = __call__ = answer
  __doc__ = property(answer)
class Signed:
  __call__ = answer
  __signature__ = property(answer)
class Lying:
  __class__ = property(answer)
some, signed, lying, part = Some(), Signed(), Lying(), partial(partial(Some()))"""


@pytest.mark.parametrize("name", ["Any_", "some", "signed", "lying", "part"])
def test_questions_run_no_code_of_the_learners(typed, name):
    """Not even that of things which compute what they are asked for."""
    typed(ANSWERING)
    evaluator = typed.program.evaluator

    for text in (name, f"{name}.", f"{name}(", f"{name}['"):
        complete(text, len(text), evaluator.names)
    assert inspect_name(name, evaluator.names, evaluator.sources).found
    inspect_name(f"{name}.x", evaluator.names, evaluator.sources)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("weight", "RefVariable"), ("tf.get_variable", "function"), ("rows[1]", "str"),
     ("kept.limit", "int"), ("table['second']['deep']", "int"), ("5", "int"),
     ("print", "builtin_function_or_method"), ("weight.op", "Operation")],
)  # fmt: skip
def test_inspection(made, text, kind):
    """Names, attributes and constant subscripts are looked up."""
    evaluator = made.program.evaluator
    found = inspect_name(text, evaluator.names, evaluator.sources)

    assert (found.found, found.type) == (True, kind)


def test_what_inspection_tells(made):
    """Shape, source, signature and documentation."""
    evaluator = made.program.evaluator

    def look(text: str):
        return inspect_name(text, evaluator.names, evaluator.sources)

    assert look("weight").shape == (2, 3)
    assert look("array").shape == (2, 2)
    assert look("double").source.startswith("def double(number, times=2):")
    assert look("double").doc == "Doubles a number."
    assert look("kept").doc == ""
    assert look("Kept").signature == "()"
    assert look("math").doc
    assert look("rows").text == "[[1, 2], 'text']"
    assert look("tf.placeholder").source == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nothing", "there is no name 'nothing'"),
        ("kept.slow", "computed by code of yours"),
        ("kept.none", "none"),
        ("f(", "not a name"),
        ("1 + 1", "only names"),
        ("table['none']", "there is nothing at ['none']"),
        ("array[0]", "only lists"),
        ("tf.nothing_like_this", "nothing_like_this"),
    ],
)
def test_what_cannot_be_looked_up(made, text, problem):
    """It says why; nothing of the learner's is run."""
    evaluator = made.program.evaluator
    found = inspect_name(text, evaluator.names, evaluator.sources)

    assert not found.found
    assert problem in found.doc


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("assert rows[0] == [1, 3]", (("rows[0]", "[1, 2]"), ("[1, 3]", "[1, 3]"))),
        ("assert not rows", (("rows", "[[1, 2], 'text']"),)),
        ("assert 1 < 2 and 3 < 2", (("3", "3"), ("2", "2"))),
        ("assert 1 > 2 or 3 < 2", (("1", "1"), ("2", "2"), ("3", "3"), ("2", "2"))),
        ("assert isinstance(1, str)", (("1", "1"), ("str", "<class 'str'>"))),
        ("assert all(x for x in [0])", (("all((x for x in [0]))", "False"),)),
    ],
)
def test_assertions_tell_their_sides(made, text, sides):
    """An assertion that does not hold says what it compared."""
    [checked], changed = made.program.check((text,))

    assert (checked.passed, checked.sides, changed) == (False, sides, False)


def test_assertions_that_hold_fail_and_raise(made):
    """Statements run one after the other; each ends in its own way."""
    checks, changed = made.program.check(
        (
            "assert weight.shape.as_list() == [2, 3]",
            "local = 5\nassert local == 5",
            "assert False, 'a message'",
            "for x in [0]: assert x, 'in a loop'",
            "1/0",
            "assert (",
            "class R:\n  def __repr__(s): 1/0\nassert R() == 5",
        )
    )

    assert [check.passed for check in checks] == [True, True] + [False] * 5
    assert checks[2].message == "a message"
    assert checks[3].message == "in a loop"
    assert checks[4].error.type == "ZeroDivisionError"
    assert checks[5].error.type == "SyntaxError"
    assert "cannot be shown" in checks[6].sides[0][1]
    assert not changed
    assert "local" not in made.program.evaluator.names


@pytest.mark.parametrize(
    "text",
    ["tf.constant(1.)", "rows.append(1)", "s.run(weight.initializer)", "s.run(noise)",
     "weight.load([[1., 2., 3.]] * 2, s)"],
)  # fmt: skip
def test_assertions_that_change_something(made, text):
    """What they did to the program is noticed, also to values and random numbers."""
    made("s = tf.Session(); noise = tf.random_normal([2])\ns.run(weight.initializer)")
    _, changed = made.program.check(("assert weight is not None",))
    assert not changed

    _, changed = made.program.check((text,))
    assert changed


def test_a_closer_look(made, monkeypatch):
    """The graph's text comes page by page."""
    (whole, more) = closer.graph_text(0)
    assert not more
    monkeypatch.setattr(closer, "PAGE", len(whole) - 1)

    assert closer.graph_text(0) == (whole[:-1], True)
    assert closer.graph_text(len(whole) - 1) == (whole[-1:], False)


@pytest.mark.parametrize("what", ["graph", "shaped graph", "meta graph"])
def test_a_graph_as_text(made, what):
    """TensorFlow's text form of the graph, with shapes and collections if wanted."""
    rows, more = closer.PAGES[what](0)
    text = "\n".join(row[0] for row in rows)

    assert 'name: "enc/w"' in text
    assert ("_output_shapes" in text) == (what != "graph")
    assert not more


def test_no_graph_yet(typed):
    """Looking makes no graph."""
    typed("x = 1")

    assert closer.graph_text(0) == ((), False)
    assert typed.program.why("x").subject == "x"
