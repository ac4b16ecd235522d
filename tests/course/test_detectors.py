"""A false belief is told from the state it leads to, however the program is written."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from scopetutor.course.bench import Bench
from scopetutor.course.judge import Standing, judge
from scopetutor.course.load import read_lesson

ALL = "variables", "keys", "starts", "reuse", "output", "values"


class Case(NamedTuple):
    """A task, an attempt at it, and the belief that the attempt shows."""

    belief: str
    solution: str
    attempt: str
    setup: str = ""


SHARED = """
with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
    v1 = tf.get_variable("w", [3])
    v2 = tf.get_variable("w", [3])
"""
TWICE = "with tf.variable_scope('a'): pass\nwith tf.variable_scope('a'):\n"
CASES = (
    Case(
        "get-variable-finds-tf-variable",
        'v = tf.get_variable("w", [])',
        'a = tf.Variable(0.0, name="w")\nv = tf.get_variable("w", [])',
    ),
    Case(
        "get-variable-finds-tf-variable",
        'v = tf.get_variable("w", [])',
        "tf.get_variable_scope().reuse_variables()\nv = tf.get_variable('w', [])",
        'a = tf.Variable(0.0, name="w")',
    ),
    Case(
        "get-variable-finds-tf-variable",
        'v = tf.get_variable("w", [], initializer=tf.zeros_initializer())',
        'v = tf.Variable(0.0, name="w")',
    ),
    Case("same-name-twice-shares", SHARED, SHARED.replace(", reuse=tf.AUTO_REUSE", "")),
    Case("reuse-true-makes", SHARED, SHARED.replace("tf.AUTO_REUSE", "True")),
    Case(
        "reuse-true-makes",
        'with tf.variable_scope("s", reuse=True):\n    v = tf.get_variable("kernel")',
        'with tf.variable_scope("s", reuse=True):\n    v = tf.get_variable("kernal")',
        'with tf.variable_scope("s"):\n    tf.get_variable("kernel", [1])',
    ),
    Case(
        "root-reuse-ends",
        'a = tf.get_variable("a", [1])\nb = tf.get_variable("b", [1])',
        'a = tf.get_variable("a", [1])\n'
        "tf.get_variable_scope().reuse_variables()\n"
        'b = tf.get_variable("b", [1])',
    ),
    Case(
        "root-reuse-ends",
        'a = tf.get_variable("a", [1])',
        'a = tf.get_variable("a", [1])\ntf.get_variable_scope().reuse_variables()\n'
        'b = tf.Variable(1.0, name="b")',
    ),
    Case(
        "reuse-false-switches-off",
        'with tf.variable_scope("a"):\n    v = tf.get_variable("v", [1])',
        'with tf.variable_scope("a", reuse=True):\n'
        '    with tf.variable_scope("b", reuse=False):\n'
        '        v = tf.get_variable("v", [1])',
    ),
    Case(
        "reuse-is-not-inherited",
        'with tf.variable_scope("a/b"):\n    v = tf.get_variable("v", [1])',
        'with tf.variable_scope("a", reuse=True):\n'
        '    with tf.variable_scope("b"):\n'
        '        v = tf.get_variable("v", [1])',
        'with tf.variable_scope("a"):\n    w = tf.get_variable("w", [1])',
    ),
    Case(
        "reuse-ignores-shape",
        'with tf.variable_scope("", reuse=True):\n    v = tf.get_variable("w", [3])',
        'with tf.variable_scope("", reuse=True):\n    v = tf.get_variable("w", [4])',
        'w = tf.get_variable("w", [3])',
    ),
    Case(
        "reuse-recalls-the-type",
        'with tf.variable_scope("", reuse=True):\n'
        '    v = tf.get_variable("n", [], tf.int32)',
        'with tf.variable_scope("", reuse=True):\n    v = tf.get_variable("n", [])',
        'n = tf.get_variable("n", [], tf.int32)',
    ),
    Case(
        "constant-takes-a-shape",
        'v = tf.get_variable("v", initializer=[1.0, 2.0])',
        'v = tf.get_variable("v", [2], initializer=[1.0, 2.0])',
    ),
    Case(
        "reuse-shares-tf-variable",
        SHARED,
        SHARED.replace('get_variable("w", [3])', 'Variable(tf.zeros([3]), name="w")'),
    ),
    Case(
        "calling-a-function-again-shares",
        'x = tf.Variable(1.0, name="w")\na = x + 1\nb = x + 1',
        'def f():\n    x = tf.Variable(1.0, name="w")\n    return x + 1\n'
        "a = f()\nb = f()",
    ),
    Case(
        "taken-name-stays",
        'a = tf.Variable(1.0, name="w")',
        'a = tf.Variable(1.0, name="w")\nb = tf.Variable(1.0, name="w")',
    ),
    Case(
        "python-name-names-the-variable",
        'counter = tf.Variable(3, name="counter")',
        "counter = tf.Variable(3)",
    ),
    Case(
        "auto-reuse-catches-typos",
        SHARED,
        SHARED.replace('"w", [3])\n    v2', '"kernel", [3])\n    v2').replace(
            '"w"', '"kernle"'
        ),
    ),
    Case(
        "name-scope-prefixes-get-variable",
        'with tf.variable_scope("net"):\n    w = tf.get_variable("w", [1])',
        'with tf.name_scope("net"):\n    w = tf.get_variable("w", [1])',
    ),
    Case(
        "string-scope-is-absolute",
        'with tf.variable_scope("a/b"):\n    w = tf.get_variable("w", [1])',
        'with tf.variable_scope("c"):\n    with tf.variable_scope("a/b"):\n'
        '        w = tf.get_variable("w", [1])',
    ),
    Case(
        "default-initializer-is-zeros",
        'b = tf.get_variable("b", [2], initializer=tf.zeros_initializer())',
        'b = tf.get_variable("b", [2])',
    ),
    Case(
        "number-makes-float",
        'b = tf.get_variable("b", initializer=1.0)',
        'b = tf.get_variable("b", initializer=1)',
    ),
    Case(
        "shape-one-is-scalar",
        'b = tf.get_variable("b", [])',
        'b = tf.get_variable("b", [1])',
    ),
    Case(
        "scope-equals-its-flag",
        "print(tf.get_variable_scope().reuse)\na = tf.Variable(1.0)",
        "print(tf.get_variable_scope() == True)\na = tf.Variable(2.0)",
    ),
    Case(
        "building-runs",
        "v.assign(5.0).eval(session=sess)\nprint(sess.run(v))",
        "v.assign(5.0)\nprint(sess.run(v))",
        "v = tf.Variable(1.0)\nsess = tf.Session()\nsess.run(v.initializer)",
    ),
    Case(
        "variable-starts-with-its-value",
        "sess.run(v.initializer)\nx = sess.run(v)",
        "x = sess.run(v)",
        'v = tf.Variable(1.0, name="v")\nsess = tf.Session()',
    ),
    Case(
        "init-covers-later-variables",
        'v = tf.Variable(1.0, name="v")\ninit = tf.global_variables_initializer()\n'
        "sess = tf.Session()\nsess.run(init)\nx = sess.run(v)",
        "init = tf.global_variables_initializer()\n"
        'v = tf.Variable(1.0, name="v")\nsess = tf.Session()\nsess.run(init)\n'
        "x = sess.run(v)",
    ),
    Case(
        "value-belongs-to-the-graph",
        'v = tf.Variable(1.0, name="v")\nwith tf.Session() as s:\n'
        "    s.run(tf.global_variables_initializer())\n    x = s.run(v)",
        'v = tf.Variable(1.0, name="v")\nwith tf.Session() as s:\n'
        "    s.run(tf.global_variables_initializer())\n"
        "with tf.Session() as s:\n    x = s.run(v)",
    ),
    Case(
        "global-init-covers-local",
        "sess.run(tf.local_variables_initializer())\nx = sess.run(v)",
        "sess.run(tf.global_variables_initializer())\nx = sess.run(v)",
        "v = tf.get_local_variable('v', [], initializer=tf.zeros_initializer())\n"
        "sess = tf.Session()",
    ),
    Case("graph-variable-has-numpy", "x = 1", "x = tf.Variable(1.0).numpy()"),
    Case(
        "plus-updates-the-variable",
        "v = tf.Variable(1.0)\nw = v.assign(2.0)",
        "v = tf.Variable(1.0)\nv = v + 1\nw = v.assign(2.0)",
    ),
    Case(
        "session-follows-the-default-graph",
        "x = sess.run(a)",
        "with tf.Graph().as_default():\n    b = tf.constant(1.0)\nx = sess.run(b)",
        "a = tf.constant(1.0)\nsess = tf.Session()",
    ),
    Case(
        "old-tensors-survive-a-reset",
        "tf.reset_default_graph()\nx = tf.Session().run(tf.constant(1.0))",
        "tf.reset_default_graph()\nx = tf.Session().run(a)",
        "a = tf.constant(1.0)",
    ),
    Case("tf2-names-are-here", "x = 1", "o = tf.optimizers.Adam()"),
)


def lesson_of(case: Case):
    """A lesson with the case's task and nothing that names its belief."""
    setup = f"```python setup\n{case.setup}\n```\n" if case.setup else ""
    axes = ", ".join(f'"{axis}"' for axis in ALL)
    text = (
        "+++\nformat = 1\nid = 'x'\ntitle = 'x'\n+++\n## A {#a kind=code}\nDo it.\n"
        f"{setup}```python solution\n{case.solution}\n```\n"
        f"```toml check\ncompare = [{axes}]\n```\n"
    )
    reading = read_lesson(text, "x.md")
    assert reading.lesson is not None, reading.faults
    return reading.lesson


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{n}-{case.belief}" for n, case in enumerate(CASES)]
)
def test_a_belief_is_told(case: Case, workspace):
    """With the evidence in the learner's own state; the solution shows none."""
    lesson = lesson_of(case)
    bench = Bench(workspace)
    bench.begin(lesson, lesson.steps[0])
    standing = Standing(bench.beginning)
    verdict = judge(bench, case.attempt, standing).verdict

    assert verdict.misconception == case.belief, (verdict.sentence, verdict.message)
    assert verdict.message
    assert verdict.evidence
    right = judge(bench, case.solution, standing).verdict
    assert right.passed
    assert right.misconception == ""


@pytest.mark.parametrize(
    ("program", "answer", "belief"),
    [
        ("print(tf.Variable(0.0, name='v').name)", "v", "variable-name-lacks-index"),
        ("print(tf.Variable(0.0, name='v').op.name)", "v:0", "op-name-has-index"),
        (
            "with tf.variable_scope('a'):\n    print(tf.get_variable('v', []).name)",
            "v:0",
            "only-the-inner-scope-counts",
        ),
        (
            "a = tf.Variable(0.0, name='v')\nprint(tf.Variable(0.0, name='v').name)",
            "v:0",
            "taken-name-stays",
        ),
        (
            TWICE + "    print(tf.get_variable('v', []).name)",
            "a_1/v:0",
            "later-entry-renames-variables",
        ),
        ("print(tf.get_variable('v', [1]).shape)", "()", "shape-one-is-scalar"),
        (
            "v = tf.get_variable('v', [1])\nprint(tf.get_variable('v', [1]).name)",
            "v:0",
            "same-name-twice-shares",
        ),
    ],
)
def test_a_belief_behind_a_prediction(program, answer, belief: str, workspace):
    """Told from the answer and the truth."""
    text = (
        "+++\nformat = 1\nid = 'x'\ntitle = 'x'\n+++\n## A {#a kind=predict}\n"
        f"```python show\n{program}\n```\n"
    )
    lesson = read_lesson(text, "x.md").lesson
    bench = Bench(workspace)
    bench.begin(lesson, lesson.steps[0])
    verdict = judge(bench, answer, Standing(bench.beginning)).verdict

    assert (verdict.status, verdict.misconception) == ("wrong", belief), verdict
