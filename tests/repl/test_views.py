"""The views people use most, as recorded screens: wide, narrow, plain."""

from __future__ import annotations

import pytest

IMPORT = "import tensorflow as tf"
MAKE = """\
with tf.variable_scope("enc"):
    w = tf.get_variable("w", [2, 3], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [3], initializer=tf.zeros_initializer())"""
AGAIN = """\
with tf.variable_scope("enc"):
    v = tf.get_variable("w", [2, 3])"""
REUSE = """\
with tf.variable_scope("enc", reuse=True):
    v = tf.get_variable("w", [2, 3])"""
NET = """\
x = tf.placeholder(tf.float32, [None, 2], name="x")
y = tf.nn.relu(tf.matmul(x, w) + b, name="y")"""
RUN = "sess = tf.Session()\nsess.run(tf.global_variables_initializer())"

SEVERAL = """\
g = tf.Graph()
with g.as_default():
    a = tf.get_variable("a", [1], initializer=tf.zeros_initializer())
    init = tf.global_variables_initializer()
first = tf.Session(graph=g)
second = tf.Session(graph=g)
second.run(init)"""
MANY = """\
for n in range(300):
    with tf.variable_scope("block%d" % (n // 10)):
        tf.get_variable("w%d" % n, [2])"""
DEEP = "\n".join(
    ["def f0():", "    1/0"]
    + [f"def f{n}():\n    f{n - 1}()" for n in range(1, 9)]
    + ["f8()"]
)
FROM = """\
try:
    1/0
except ZeroDivisionError as error:
    raise ValueError("late") from error"""
WHILE = """\
try:
    1/0
except ZeroDivisionError:
    {}["key"]"""

VIEWS = {
    "made": (IMPORT, MAKE),
    "reuse-error": (AGAIN,),
    "reused": (REUSE,),
    "operations": (NET,),
    "initialized": (RUN, "sess.run(b.assign([1.0, 2.0, 3.0]))"),
    "tree": (":tree",),
    "vars": (":vars",),
    "values": (":values",),
    "why": (":why v", ":why"),
    "graph": (":graph",),
    "log": (":undo 2", "tf.get_variable('late', [1])", ":log"),
    "diff": (":diff 2 5", ":diff 8 8"),
    "help": (":help", ":help tree", ":help keys"),
    "complaints": (":tre", ":nosuch", ":at", ":at 99", ":diff x", ":tree nowhere",
                   ":graph nothing", ":config nothing", ":undo 99", ":quit x"),
    "questions": ("w?", "tf.Session?", "nothing?"),
    "folded": (":tree enc", ":tree /w", ":tree all", ":vars w", ":values b"),
    "failures": ("x = )", "prnt(1)", DEEP, FROM, WHILE, "raise KeyError",
                 "e = ValueError('x')\ne.add_note('noted')\nraise e",
                 "raise ValueError('\\n'.join('line %d' % n for n in range(60)))"),
    "graphs and sessions": (SEVERAL, "first.close()", "tf.reset_default_graph()",
                            ":tree", ":values"),
    "many": (MANY, ":tree", ":tree block3", ":tree /w29", ":vars w29", ":vars"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("screen", "how"),
    [
        ("wide", {"width": 80}),
        ("narrow", {"width": 40}),
        ("plain", {"width": 80, "plain": True}),
    ],
)
def test_views(typed, golden, screen, how):
    """A whole session looks as it was judged to look, view by view."""
    shown = [
        f"== {name} ==\n{typed(*entries, **how)}" for name, entries in VIEWS.items()
    ]

    golden(f"session-{screen}", "\n".join(shown))


def test_plain_says_the_same(typed):
    """Every name and number that the tree draws is also in its plain lines."""
    typed(IMPORT, MAKE, REUSE)
    drawn = typed(":tree")
    plain = typed(":tree", plain=True)

    words = {word.strip(",/") for word in drawn.split() if word[0].isalnum()}
    assert words <= {word.strip(",/") for word in plain.split()}
