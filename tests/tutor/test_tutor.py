"""The tutor leads through a course: it judges, writes down, and never goes on alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopetutor.course.shelf import open_course
from scopetutor.errors import LessonError, ProgressError, UsageError
from scopetutor.progress import Place, Progress
from scopetutor.tutor import Tutor, course_map
from scopetutor.workspace.client import Workspace

TINY = Path(__file__).parents[1] / "course" / "tiny"
SHARED = (
    'with tf.variable_scope("s", reuse=tf.AUTO_REUSE):\n'
    '    v1 = tf.get_variable("w", [3])\n    v2 = tf.get_variable("w", [3])'
)


@pytest.fixture(scope="module")
def workspace():
    """One for all tests of this file; each begins at its beginning."""
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def progress():
    """A record in memory."""
    with Progress(None) as progress:
        yield progress


@pytest.fixture
def tutor(workspace, progress):
    """A tutor at the first step of the tiny course."""
    workspace.go_to(0)
    tutor = Tutor(open_course(TINY), progress, workspace)
    tutor.resume()
    return tutor


def test_a_new_learner_begins_at_the_first_step(tutor):
    """With what there is to know of the place."""
    here = tutor.here

    assert here.label == "sample/read-this"
    assert (here.number, here.steps, here.lesson_number, here.lessons) == (1, 7, 1, 2)
    assert here.mark == "new"


def test_one_comes_back_to_where_one_was(tutor, workspace, progress):
    """Also after another start of the program."""
    tutor.goto("share-w")
    again = Tutor(open_course(TINY), progress, workspace)

    assert again.resume().label == "sample/share-w"


def test_a_place_that_is_gone(tutor, workspace, progress):
    """A step that an update has removed leads to its lesson, a lesson to the first."""
    progress.put_place("tiny", Place("second", "gone"))
    assert Tutor(tutor.course, progress, workspace).resume().label == "second/two"
    progress.put_place("tiny", Place("gone", "x"))
    assert Tutor(tutor.course, progress, workspace).resume().lesson.id == "sample"


def test_passing_does_not_go_on(tutor):
    """The learner goes on, nobody else."""
    tutor.goto("predict-this")
    verdict = tutor.submit("a/w:0")

    assert verdict.passed
    assert verdict.first_try
    assert tutor.here.label == "sample/predict-this"
    assert tutor.here.mark == "passed"
    assert tutor.next().label == "sample/share-w"


def test_through_the_whole_course(tutor):
    """Right answers to everything: the marks say so, and the summary knows the end."""
    answers = {
        "predict-this": "a/w:0",
        "share-w": SHARED,
        "mend-it": 'b = tf.get_variable("b", [2])',
        "choose": "b",
        "which-line": "3",
        "in-order": "2 1",
        "two": "2",
        "double": "y = x * 2",
    }
    while True:
        if tutor.step.active:
            assert tutor.submit(answers[tutor.step.id]).passed, tutor.step.id
        if tutor.next() is None:
            summary = tutor.summary()
            assert {mark.mark for mark in summary.steps} == {"passed"}
            if tutor.next_lesson() is None:
                break
            assert (summary.next_lesson, summary.course_done) == ("second", False)
            assert (summary.next_title, summary.at_first_try) == (
                "A second lesson",
                True,
            )
            assert (summary.finished, summary.lessons) == (1, 2)
            assert summary.part == ""  # the second lesson is of the same part
    assert summary.course_done
    assert summary.part == "All of it"
    assert all(mark.finished for mark in tutor.lessons())


def test_going_about(tutor):
    """By id, by number, by lesson, back over the border of lessons."""
    assert tutor.goto("3").label == "sample/share-w"
    assert tutor.goto("second/").label == "second/two"
    assert tutor.goto("2/double").label == "second/double"
    assert tutor.goto("two").label == "second/two"
    assert tutor.back().label == "sample/in-order"
    assert tutor.goto("1/2").label == "sample/predict-this"
    assert tutor.goto("sample").label == "sample/read-this"
    assert tutor.back().label == "sample/read-this"


@pytest.mark.parametrize("target", ["nope", "9/", "second/nope", "99", "/x", ""])
def test_places_that_do_not_exist(tutor, target: str):
    """Are refused, and the learner stays."""
    with pytest.raises(UsageError):
        tutor.goto(target)
    assert tutor.here.label == "sample/read-this"


def test_skip_always_works(tutor):
    """And marks the step, unless it has been passed."""
    tutor.goto("share-w")
    tutor.skip()
    assert tutor.steps()[2].mark == "skipped"
    tutor.goto("share-w")
    tutor.submit(SHARED)
    tutor.skip()
    assert tutor.steps()[2].mark == "passed"


def test_hints_one_by_one(tutor):
    """The last one stays; a step with hints taken is not passed at first try."""
    tutor.goto("share-w")
    texts = [tutor.hint().text for _ in range(3)]

    assert texts == [
        "First made, then found.",
        "The second scope needs a flag.",
        "The second scope needs a flag.",
    ]
    assert tutor.here.mark == "tried"
    assert not tutor.submit(SHARED).first_try
    tutor.goto("read-this")
    assert tutor.hint() is None


def test_the_solution(tutor):
    """Is shown with its note and put in place; the step then counts as helped."""
    tutor.goto("share-w")
    view = tutor.solution()

    assert [code.name for code in view.programs] == ["", "auto"]
    assert view.note == "Made once, found once."
    assert "v2" in tutor.own.names
    tutor.submit(SHARED)
    assert tutor.here.mark == "helped"
    tutor.goto("predict-this")
    assert tutor.solution().answer == "a/w:0"
    tutor.goto("read-this")
    assert tutor.solution().programs == ()


def test_what_a_prediction_prints_is_not_shown_before(tutor):
    """It is shown once the step is passed."""
    tutor.goto("predict-this")
    assert [one.printed for one in tutor.shown()] == [""]
    tutor.submit("a/w:0")
    assert [one.printed for one in tutor.shown()] == ["a/w:0\n"]
    tutor.goto("read-this")
    assert [one.printed for one in tutor.shown()] == ["v:0\n"]


def test_wrong_attempts_leave_nothing_behind(tutor):
    """The state is as before; parts of the goal stay, and reset takes them back."""
    tutor.goto("share-w")
    tutor.submit('tf.get_variable("other", [1])')
    assert not tutor.own.variables
    tutor.submit(SHARED.rsplit("\n", 1)[0])
    assert "v1" in tutor.own.names
    tutor.reset()
    assert "v1" not in tutor.own.names
    assert tutor.here.attempts == 1


def test_a_sandbox_does_not_count(tutor):
    """What is done in it is not done here."""
    tutor.goto("second/double")
    with tutor.sandbox() as sandbox:
        sandbox.run("x = 99")
        assert sandbox.run("x").shown == "99"
    assert tutor.submit("y = 42").passed


def test_the_goal_to_look_at(tutor):
    """Steps with a solution have one; looking moves nobody."""
    tutor.goto("share-w")
    moment = tutor.workspace.moment

    assert [v.tensor_name for v in tutor.goal().variables.values()] == ["s/w:0"]
    assert tutor.workspace.moment == moment
    tutor.goto("predict-this")
    assert tutor.goal() is None


def test_nothing_to_answer(tutor):
    """An answer to a step that asks nothing is refused with what to do."""
    with pytest.raises(UsageError, match="nothing to answer"):
        tutor.submit("x")


def test_beliefs_are_counted(tutor, progress):
    """By their ids, over all lessons; the summary tells those of the lesson."""
    tutor.goto("share-w")
    tutor.submit(SHARED.replace("tf.AUTO_REUSE", "True"))
    tutor.submit(SHARED.replace("tf.AUTO_REUSE", "True"))

    assert progress.misconceptions() == {"reuse-true-makes": 2}
    assert tutor.summary().beliefs == (("reuse-true-makes", 2),)


@pytest.mark.parametrize("trouble", ["none", "hint", "wrong"])
def test_a_lesson_at_the_first_try(tutor, trouble):
    """Every step passed, with no wrong answer and no help on the way."""
    tutor.goto("second/two")
    tutor.submit("2")
    tutor.goto("double")
    assert not tutor.summary().at_first_try
    if trouble == "hint":
        tutor.hint()
    elif trouble == "wrong":
        tutor.submit("y = x")
    tutor.submit("y = 2 * x")

    assert tutor.summary().at_first_try is (trouble == "none")


def test_a_program_is_no_prediction(tutor):
    """Who types the program is told what is asked; it does not count as wrong."""
    tutor.goto("predict-this")
    verdict = tutor.submit('print(tf.get_variable("w", [2]).name)')

    assert (verdict.status, tutor.here.attempts) == ("unready", 0)
    assert "sandbox" in verdict.sentence


def test_a_course_update_flags_only_what_changed(tutor, workspace, progress, tmp_path):
    """By the digest of what is asked: hints may change, the question may not."""
    tutor.goto("predict-this")
    tutor.submit("a/w:0")
    tutor.goto("choose")
    tutor.submit("b")
    for file in TINY.glob("*.*"):
        text = file.read_text().replace("Where is the call?", "Look outside.")
        text = text.replace("Which one looks names up?", "Which looks names up?")
        (tmp_path / file.name).write_text(text)
    later = Tutor(open_course(tmp_path), progress, workspace)
    later.resume()
    marks = {mark.id: mark.mark for mark in later.steps()}

    assert (marks["predict-this"], marks["choose"]) == ("passed", "changed")


def test_learning_goes_on_when_nothing_can_be_written(tutor, progress, monkeypatch):
    """The trouble is told, and what happened is written as soon as that works."""
    real = progress.add

    def refuse(*_anything):
        raise ProgressError("the disk is full")

    tutor.goto("predict-this")
    monkeypatch.setattr(progress, "add", refuse)
    assert tutor.submit("a/w:0").passed
    assert "disk is full" in tutor.trouble
    monkeypatch.setattr(progress, "add", real)
    tutor.next()
    tutor.submit("1 / 0")
    assert tutor.trouble == ""
    assert [e.what for e in progress.events()][:1] == ["passed"]


def test_the_map_of_a_course_with_a_broken_lesson(progress, tmp_path):
    """The lesson says what is wrong with it; the others are as they were."""
    for file in TINY.glob("*.*"):
        (tmp_path / file.name).write_text(file.read_text())
    (tmp_path / "second.md").write_text("no lesson")
    marks = course_map(open_course(tmp_path), progress)

    assert [mark.problem.partition(":")[0] for mark in marks] == ["", "second.md"]
    with pytest.raises(LessonError, match="no front matter"):
        open_course(tmp_path).lesson("second")


def test_prerequisites(tutor):
    """A lesson says which lessons it builds on are not done yet."""
    first, second = tutor.lessons()

    assert (first.needs, second.needs) == ((), ("sample",))
