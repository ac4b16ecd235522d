"""What is typed becomes a verdict: ready? run, compared, explained, in this order."""

from __future__ import annotations

import pytest

from scopetutor.course.bench import Bench
from scopetutor.course.judge import Standing, judge
from scopetutor.course.load import read_lesson
from scopetutor.course.shelf import own_course
from scopetutor.course.verdict import Verdict

MADE = 'with tf.variable_scope("s"):\n    v1 = tf.get_variable("w", [3])\n'
FOUND = 'with tf.variable_scope("s", reuse=True):\n    v2 = tf.get_variable("w", [3])\n'


@pytest.fixture
def verdict_on(tiny, workspace):
    """Judges an answer in a step of the sample lesson, from the step's beginning."""

    def verdict(step_id: str, *texts: str, lesson: str = "sample") -> Verdict:
        bench = Bench(workspace)
        found = tiny.lesson(lesson)
        bench.begin(found, found.step(step_id))
        standing = Standing(bench.beginning)
        for text in texts:
            judgement = judge(bench, text, standing)
            standing = judgement.standing
        return judgement.verdict

    return verdict


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [
        ("", "unready", "There is nothing to run yet."),
        ("# later", "unready", "There is nothing to run yet."),
        ("v1 = ____", "unready", "Line 1 has a blank that is not filled in."),
        ("x = 1\nv1 = ...", "unready", "Line 2 has a blank that is not filled in."),
        (
            "v1 = tf.get_variable(“w”, [3])",
            "unready",
            (
                "Line 1 has the character “ (left double quotation mark). "
                'Python wants: `v1 = tf.get_variable("w", [3])`'
            ),
        ),
        ("v1 = (", "unready", "Python cannot read line 1: '(' was never closed."),
        ("print(1)", "looked", "Nothing has changed."),
        (MADE, "under way", "So far, so good. The name `v2` is not defined yet."),
        (MADE + FOUND, "passed", "Right."),
        (
            MADE + FOUND.replace("[3]", "[4]"),
            "wrong",
            (
                "The program ends with ValueError: Trying to share variable s/w, but "
                "specified shape (4,) and found shape (3,)."
            ),
        ),
        (
            MADE.replace("[3]", "[4]") + FOUND.replace("[3]", "[4]"),
            "wrong",
            "`s/w:0` has shape (4,); (3,) was asked for.",
        ),
        (
            MADE + FOUND + 'tf.Variable(1.0, name="x")',
            "wrong",
            "`x:0` is one variable too many.",
        ),
        (
            (MADE + FOUND).replace('"w"', '"u"'),
            "wrong",
            "You made `s/u:0`; `s/w:0` was asked for.",
        ),
        ("1 / 0", "wrong", "The program ends with ZeroDivisionError: division by zero"),
        ("import os; os._exit(3)", "wrong", "The process that ran it died."),
        ("raise SystemExit", "wrong", "It asked to leave; in a lesson that does no"),
    ],
)
def test_program(verdict_on, text: str, status: str, sentence: str):
    """One sentence says first what is different."""
    verdict = verdict_on("share-w", text)

    assert (verdict.status, verdict.sentence[: len(sentence)]) == (status, sentence)


def test_any_way_to_the_goal_passes(verdict_on):
    """Ways the author has not written down are as good as the author's."""
    by_object = (
        'with tf.variable_scope("s") as s:\n    v1 = tf.get_variable("w", (3,))\n'
        "with tf.variable_scope(s, reuse=True):\n    v2 = tf.get_variable('w')"
    )
    at_once = 'with tf.variable_scope("s"):\n    v1 = v2 = tf.get_variable("w", [3])'

    assert verdict_on("share-w", by_object).passed
    assert verdict_on("share-w", at_once).passed


def test_in_several_entries(verdict_on):
    """A goal may be reached bit by bit; a wrong entry between is taken back."""
    assert verdict_on("share-w", MADE, "1 / 0", FOUND).passed


def test_begun_afresh(verdict_on):
    """Typing all of it again after a part is no mistake."""
    assert verdict_on("share-w", MADE, MADE + FOUND).passed


def test_pasted_from_a_prompt(verdict_on):
    """Prompts in front of the lines do not matter."""
    rows = (MADE + FOUND).splitlines()
    pasted = "\n".join(
        (">>> " if not row.startswith(" ") else "... ") + row for row in rows
    )

    assert verdict_on("share-w", pasted).passed


def test_a_wrong_answer_of_the_lesson_gets_its_message(verdict_on):
    """By its text, and by what it comes to if the text is another one."""
    same = verdict_on("share-w", MADE + MADE.replace("v1", "v2"))
    alike = verdict_on("share-w", "a = 1\n" + MADE + MADE.replace("v1", "v2"))

    for verdict in (same, alike):
        assert verdict.misconception == "same-name-twice-shares"
        assert "reuse" in verdict.message
        assert verdict.evidence


def test_a_belief_the_lesson_does_not_name(verdict_on):
    """Detectors find it in the state, with the evidence in the learner's own lines."""
    verdict = verdict_on(
        "share-w",
        'with tf.variable_scope("s", reuse=tf.AUTO_REUSE):\n'
        '    v1 = tf.Variable(tf.zeros([3]), name="w")\n'
        '    v2 = tf.Variable(tf.zeros([3]), name="w")',
    )

    assert verdict.misconception == "reuse-shares-tf-variable"
    assert verdict.evidence.startswith("Scope `s` reuses, and yet `s/w:0` was made")


def test_works_but_not_as_asked(workspace):
    """A forbidden or missing name makes the answer "aside", not wrong."""
    lesson = own_course().lesson("reuse")
    bench = Bench(workspace)
    bench.begin(lesson, lesson.step("by-name"))
    text = (
        'with tf.variable_scope("shared_scope"):\n'
        '    shared_var = tf.get_variable("shared_var", [1],\n'
        "        initializer=tf.constant_initializer(1.0))\n"
        'with tf.variable_scope("shared_scope", reuse=True):\n'
        '    shared_var_reuse = tf.get_variable("shared_var")'
    )
    verdict = judge(bench, text, Standing(bench.beginning)).verdict

    assert verdict.status == "aside"
    assert verdict.sentence.startswith("It works.")


@pytest.mark.parametrize(
    ("text", "message"),
    [("counter = 3", ""), ('counter = tf.constant(3, name="c")', "That is a constant")],
)
def test_what_is_there_instead(workspace, text, message):
    """Where something is missing, a plain number is not taken for a constant."""
    lesson = own_course().lesson("first-variable")
    bench = Bench(workspace)
    bench.begin(lesson, lesson.step("make-one"))
    verdict = judge(bench, text, Standing(bench.beginning)).verdict

    assert verdict.status == "under way"
    assert verdict.message.startswith(message)
    assert bool(verdict.message) is bool(message)


@pytest.mark.parametrize(
    ("step", "text", "status", "begins"),
    [
        ("predict-this", "", "unready", "There is nothing"),
        ("predict-this", "a/w:0", "passed", "Right."),
        ("predict-this", "'a/w:0'", "passed", "Right."),
        ("predict-this", "w:0", "wrong", "No."),
        ("predict-this", "a/w", "wrong", "No, it is not `a/w`."),
        ("predict-this", "ValueError", "wrong", "It does not fail."),
        ("predict-this", "a/W:0", "wrong", "No, it is not"),
        ("choose", "b", "passed", "Right."),
        ("choose", "B)", "passed", "Right."),
        ("choose", "a", "wrong", "No."),
        ("choose", "z", "unready", "Type one of the letters a, b."),
        ("which-line", "3", "passed", "Right."),
        ("which-line", "line 3", "passed", "Right."),
        ("which-line", "2", "wrong", "No."),
        ("which-line", "1", "wrong", "No, line 1 is not where it fails."),
        ("which-line", "none", "wrong", "No."),
        ("which-line", "the last", "unready", "Type the number of a line, or `none`."),
        ("in-order", "2 1", "passed", "Right."),
        ("in-order", "2, 1", "passed", "Right."),
        ("in-order", "1 2", "wrong", "The program ends with ValueError"),
        ("in-order", "1 1", "unready", "Type the numbers of all 2 pieces"),
        ("mend-it", 'b = tf.get_variable("b", 2)', "passed", "Right."),
        ("mend-it", 'b = tf.get_variable("b", 4)', "wrong", "`b:0` has shape"),
    ],
)
def test_answers(verdict_on, step: str, text: str, status: str, begins: str):
    """Typed answers are judged by the truth the engine computes."""
    verdict = verdict_on(step, text)

    assert verdict.status == status, verdict
    assert verdict.sentence.startswith(begins)


def test_a_prediction_by_rule(verdict_on):
    """A belief behind a typed answer is told even if the lesson does not list it."""
    verdict = verdict_on("predict-this", "a/w")

    assert verdict.misconception == "variable-name-lacks-index"


def test_eager(verdict_on):
    """Steps in eager mode run at once."""
    assert verdict_on("two", "2", lesson="second").passed
    assert verdict_on("double", "y = x + x", lesson="second").passed
    assert not verdict_on("double", "y = x * x", lesson="second").passed


def test_the_truth_is_told_once_it_is_known(verdict_on):
    """Passing shows what is printed and the note to it; a wrong answer does not."""
    passed, wrong = verdict_on("predict-this", "a/w:0"), verdict_on("predict-this", "x")

    assert (passed.truth, passed.printed) == ("a/w:0", "a/w:0\n")
    assert passed.message == "The scope comes first."
    assert (wrong.truth, wrong.printed) == ("", "")


def test_assertions_show_both_sides(workspace):
    """An assertion of the lesson that fails shows the values it compares."""
    text = (
        "+++\nformat = 1\nid = 'x'\ntitle = 'x'\n+++\n## A {#a kind=code}\n`n`\n"
        "```python solution\nn = 3\n```\n```python check\nassert n + 1 == 4\n```\n"
    )
    lesson = read_lesson(text, "x.md").lesson
    bench = Bench(workspace)
    bench.begin(lesson, lesson.step("a"))
    verdict = judge(bench, "n = 5", Standing(bench.beginning)).verdict

    assert verdict.sentence == "`assert n + 1 == 4` does not hold: n + 1 is 6"
