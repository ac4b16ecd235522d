"""A course is proved as a whole: outline, lessons, translations, released ids."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from scopetutor.course.mutants import mistakes, mutants_of
from scopetutor.course.proof import (
    for_each,
    prove,
    prove_lesson,
    prove_outline,
    workspaces,
)
from scopetutor.course.released import lost, release
from scopetutor.course.shelf import check_outline, open_course
from scopetutor.course.trials import trials_of
from scopetutor.errors import UsageError
from scopetutor.workspace.client import Options, Workspace

from .conftest import TINY


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny course, to be spoilt."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def said(folder: Path, lesson: str, workspace: Workspace) -> list[str]:
    """What is said of one of its lessons."""
    proof = prove_lesson(open_course(folder), lesson, workspace)
    return [f"{one.kind} {one.error}" for one in proof.findings]


def test_a_right_course():
    """Has nothing against it, and a proof for the whole and each lesson."""
    done = []
    proofs = prove(open_course(TINY), on_done=done.append)

    assert [proof.lesson for proof in proofs] == ["", "sample", "second"]
    assert {proof.lesson for proof in done} == {"sample", "second"}
    assert not [one for proof in proofs for one in proof.findings]
    assert [proof.steps for proof in proofs] == [0, 7, 2]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"second"]', '"second", "third"]', "course.toml: lesson 'third' has no file"),
        (', "second"', "", "course.toml: second.md is in no part of the course"),
        ('"second"]', '"second", "sample"]', "lesson 'sample' twice"),
        ('["sample", "second"]', '["second", "sample"]', "second.md:2: needs 'sample'"),
        ("format = 1", "format = 9", "course.toml:1: format 9 is not known here"),
        ('id = "tiny"', 'id = "Tiny!"', "course.toml:2: bad id 'Tiny!'"),
        ('"sample", "second"', "", "course.toml:1: a course without lessons"),
        ("title", "titel", "unknown key 'titel'"),
    ],
)
def test_mistakes_of_an_outline(folder, old: str, new: str, complaint: str):
    """Each is told with its place."""
    outline = folder / "course.toml"
    text = outline.read_text()
    assert old in text
    outline.write_text(text.replace(old, new, 1))
    told = [str(one) for one in check_outline(folder)]

    assert any(complaint in line for line in told), told


def test_a_lesson_that_is_not_text(folder, workspace):
    """The line where it stops being text is told; the others are not held up."""
    (folder / "second.md").write_bytes(b"+++\n\xff\xfe\n+++\n")

    assert said(folder, "second", workspace) == [
        "fault second.md:2: not UTF-8 (save the file as UTF-8)"
    ]
    assert check_outline(folder) == ()


def test_released_ids(folder):
    """A step that goes is a fault; one that is added is none."""
    assert release(open_course(folder)) == 9
    file = folder / "second.md"
    file.write_text(file.read_text().replace("{#double ", "{#twice "))
    [fault] = lost(open_course(folder))

    assert str(fault).startswith("released.txt:9: 'second/double' was released and is")
    release(open_course(folder))
    assert "second/twice" in (folder / "released.txt").read_text()
    assert "second/double" in (folder / "released.txt").read_text()


def test_a_zip_cannot_be_released(tmp_path):
    """There is no place to write to."""
    name = shutil.make_archive(str(tmp_path / "tiny"), "zip", TINY)
    with pytest.raises(UsageError, match="not in a folder"):
        release(open_course(name))


def test_translations_are_checked(folder, workspace):
    """What does not fit is a fault; what is left out is a note."""
    zh = folder / "zh"
    zh.mkdir(exist_ok=True)
    (zh / "second.md").write_text(
        "+++\nformat = 1\nid = 'second'\ntitle = '二'\n+++\n"
        "## 二是什么 {#two}\n```show\n```\n```hint\n数一数\n```\n"
    )
    told = said(folder, "second", workspace)

    assert "fault zh/second.md:6: 1 hint blocks, the original 2" in told
    assert "note zh/second.md: not translated: double" in told
    assert said(folder, "sample", workspace) == []
    whole = prove_outline(open_course(folder))
    assert [str(one.error) for one in whole.findings] == [
        "zh: 1 lessons not translated: sample"
    ]


def test_each_thread_has_its_workspace():
    """And all are closed in the end."""
    with workspaces(Options()) as mine:
        found = {mine(), mine()}
        thread = threading.Thread(target=lambda: found.add(mine()))
        thread.start()
        thread.join()
    assert len(found) == 2
    assert all(one._closed for one in found)


def test_every_answer_has_a_line(tiny, workspace):
    """Accepted and refused as they must be; a spoilt lesson says which are not."""
    found = for_each(tiny, ["sample"], lambda one, box: list(trials_of(one, box)))
    trials = found["sample"]

    assert not [one for one in trials if one.problem]
    assert {"truth", "solution", "solution auto", "starter", "nothing", "wrong 1"} <= {
        one.what for one in trials
    }
    assert all(one.passed == one.accepted for one in trials)


def test_mutants_of_a_strict_check_are_caught(tiny, workspace):
    """`reuse` left out, names misspelt, other shapes: the sample lets none through."""
    mutants = mutants_of(tiny.lesson("sample"), workspace)

    survivors = [one.what for one in mutants if one.fate == "survives"]
    assert set(survivors) <= {"tf.Variable for tf.get_variable"}
    assert len(mutants) > 15
    assert {"reuse= left out", "'w' misspelt", "another shape"} <= {
        one.what for one in mutants
    }


def test_mutants_of_a_loose_check_survive(folder, workspace):
    """A check that does not look at shapes lets another shape through."""
    file = folder / "sample.md"
    text = file.read_text().replace('["names", "shapes"]', '["names"]')
    file.write_text(text.replace("assert b.shape == [2]", "assert b.name == 'b:0'"))
    lesson = open_course(folder).lesson("sample")
    mutants = mutants_of(lesson, workspace)
    survivors = [(one.step, one.what) for one in mutants if one.fate == "survives"]

    assert ("mend-it", "another shape") in survivors


@pytest.mark.parametrize(
    ("program", "what"),
    [
        ('tf.get_variable("w", [1], initializer=x)', "initializer= left out"),
        ('tf.get_variable("w", [1], trainable=False)', "trainable= turned round"),
        ('tf.get_variable("w", [1])', "tf.Variable for tf.get_variable"),
        ('with tf.variable_scope("a"):\n    x', "tf.name_scope for tf.variable_scope"),
        ("tf.constant_initializer(3.0)", "another value"),
        ("a = 1\nsess.run(a)", "left out: sess.run(a)"),
        ("a = 1\nb = 2", "left out: b = 2"),
    ],
)
def test_mistakes_that_people_make(program: str, what: str):
    """Each is made once, and the rest of the program stays."""
    made = list(mistakes(program))

    assert what in [one[1] for one in made]
    assert len({text for _, _, text in made}) == len(made)
    assert list(mistakes("(")) == []
