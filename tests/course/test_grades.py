"""A class hands in, and every file is judged again, whatever it holds.

SCOPETUTOR_SUBMISSIONS sets how many files are graded; two in a hundred are hostile.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import msgspec
import pytest

from scopetutor import grades
from scopetutor.course.shelf import open_course
from scopetutor.errors import LessonError
from scopetutor.grades import HandedIn, checksum, grade, handed_in
from scopetutor.progress import Event, Progress

from .conftest import TINY

COUNT = int(os.environ.get("SCOPETUTOR_SUBMISSIONS", "20"))
RIGHT = {
    "sample/predict-this": "a/w:0",
    "sample/share-w": (
        'with tf.variable_scope("s", reuse=tf.AUTO_REUSE):\n'
        '    v1 = tf.get_variable("w", [3])\n    v2 = tf.get_variable("w", [3])'
    ),
    "sample/mend-it": 'b = tf.get_variable("b", [2])',
    "sample/choose": "b",
    "sample/which-line": "3",
    "sample/in-order": "2 1",
    "second/two": "2",
    "second/double": "y = x * 2",
}
WRONG = {
    "sample/predict-this": "w:0",
    "sample/share-w": "v1 = v2 = 3",
    "sample/mend-it": 'b = tf.get_variable("b", [4])',
    "sample/choose": "a",
    "sample/which-line": "none",
    "sample/in-order": "1 2",
    "second/two": "Tensor",
    "second/double": "y = x",
}
# What ends in a file of answers, each under "sample/mend-it".
HOSTILE_ANSWERS = (
    "import os; os._exit(0)",
    "while True: pass",
    "x = ' ' * (1 << 40)",
    "import os\nwhile True: os.fork()",
    "import shutil; shutil.rmtree('/', ignore_errors=True)",
    "open({victim!r}, 'w').write('graded by me')",
    "print(open({victim!r}).read())",
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import subprocess; subprocess.run(['touch', {victim!r}])",
    "print('\\x1b[2J' * 10_000_000)",
    "raise SystemExit(0)",
    "import ctypes; ctypes.string_at(0)",
    "def f(): f()\nf()",
    "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
    "(" * 10_000,
)
HOSTILE_FILES = (
    b"",
    b"\x00" * 1000,
    b"[" * 100_000,
    b'{"course": "tiny", "name": 3, "answers": {}}',
    b'{"course": "tiny", "name": "x", "answers": {"sample/choose": ["b"]}}',
)


def written(folder: Path, name: str, answers: dict[str, str], **more: object) -> Path:
    """A file as `submit` writes it."""
    told = HandedIn(
        course="tiny", name=name, answers=answers, checksum=checksum(answers)
    )
    told = msgspec.structs.replace(told, **more)
    file = folder / f"{name}.answers.json"
    file.write_bytes(msgspec.json.encode(told))
    return file


def test_a_class(tmp_path):
    """Every file gets the points its answers earn; hostile ones hurt nobody."""
    dice = random.Random(1)
    course = open_course(TINY)
    outside = tmp_path / "outside"
    outside.mkdir()
    victim = outside / "victim"
    victim.write_text("precious")
    folder = tmp_path / "handed-in"
    folder.mkdir()
    hostile = max(COUNT // 50, 2)
    wanted: dict[str, int | None] = {}
    for number in range(COUNT):
        name = f"{number:04}"
        if number < hostile:
            kind = dice.randrange(len(HOSTILE_ANSWERS) + len(HOSTILE_FILES))
            if COUNT >= 1000:
                kind = number
            if kind < len(HOSTILE_ANSWERS):
                code = HOSTILE_ANSWERS[kind].replace("{victim!r}", repr(str(victim)))
                written(folder, name, {**RIGHT, "sample/mend-it": code})
                wanted[f"{name}.answers.json"] = len(RIGHT) - 1
            else:
                file = folder / f"{name}.answers.json"
                file.write_bytes(HOSTILE_FILES[kind - len(HOSTILE_ANSWERS)])
                wanted[file.name] = None
            continue
        right = {label for label in RIGHT if dice.random() < 0.7}
        answers = {
            label: (RIGHT if label in right else WRONG)[label]
            + (
                ""
                if label.endswith(("choose", "line", "order", "two", "this"))
                else f"  # {number}"
            )
            for label in RIGHT
        }
        written(folder, name, answers)
        wanted[f"{name}.answers.json"] = len(right)
    files = sorted(folder.iterdir())
    began = time.monotonic()
    found = grade(course, files)
    took = time.monotonic() - began

    assert [one.file for one in found] == [file.name for file in files]
    for one in found:
        expected = wanted[one.file]
        assert bool(one.problem) == (expected is None), one
        assert len(one.passed) == (expected or 0), one
        assert one.steps == len(RIGHT)
    assert victim.read_text() == "precious"
    assert sorted(outside.iterdir()) == [victim]
    print(f"{COUNT} files, {hostile} hostile: {took:.1f} s")  # noqa: T201 -- with -s


def test_what_is_handed_in_is_what_was_answered(tmp_path):
    """Answers and a transcript; graded, it gives what the learner reached."""
    course = open_course(TINY)
    with Progress(None) as progress:
        for label, answer in RIGHT.items():
            lesson, step = label.split("/")
            event = Event(
                course="tiny",
                lesson=lesson,
                step=step,
                digest="d",
                what="passed",
                answer=answer,
            )
            progress.add(event)
        told = handed_in(course, progress, "Ada")
    file = tmp_path / "ada.answers.json"
    file.write_bytes(msgspec.json.encode(told))
    [one] = grade(course, [file])

    assert told.answers == RIGHT
    assert [happened.step for happened in told.transcript] == list(RIGHT)
    assert (one.name, one.percent, one.problem) == ("Ada", 100.0, "")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"course": "other"}, "of another course: other"),
        ({"checksum": "x"}, "the checksum is wrong"),
        ({"answers": {"sample/nope": "x"}}, "1 answers to steps that are not"),
        ({"format": 99}, "written by a newer scopetutor"),
        ({"verdict": "100 %"}, ""),
    ],
)
def test_what_a_file_says_of_itself(tmp_path, change, problem: str):
    """Is noted, and never believed."""
    told = {
        "course": "tiny",
        "name": "x",
        "answers": {"sample/choose": "a"},
        **change,
    }
    told.setdefault("checksum", checksum(told["answers"]))
    file = tmp_path / "x.json"
    file.write_text(json.dumps(told))
    [one] = grade(open_course(TINY), [file])

    assert one.problem.startswith(problem)
    assert one.passed == ()


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    """Folders, missing files and huge ones have their reason."""
    monkeypatch.setattr(grades, "MOST_BYTES", 100)
    (tmp_path / "large").write_bytes(b"x" * 200)
    for name, reason in (
        ("large", "larger than"),
        ("missing", "cannot be read"),
        (".", "cannot be read"),
    ):
        with pytest.raises(LessonError, match=reason):
            grades.read(tmp_path / name)


def test_time_of_a_file_is_bounded(tmp_path, monkeypatch):
    """A file full of slow answers is stopped, and says where."""
    monkeypatch.setattr(grades, "FILE_TIME", -1.0)
    file = written(tmp_path, "slow", RIGHT)
    [one] = grade(open_course(TINY), [file])

    assert "stopped after" in one.problem
    assert one.passed == ()


def test_a_huge_answer_is_no_answer(tmp_path):
    """It is not even run."""
    file = written(tmp_path, "x", {"sample/mend-it": "x = 1\n" * 50_000})
    [one] = grade(open_course(TINY), [file])

    assert one.failed == ("sample/mend-it",)
